"""Where a transfer is kept: whole or in part, to be gone on with after a power cut at any instant.

For each kind a file `NAME.head` (by storage.atomic: kind, size and SHA-256 of what comes) and
`NAME.part`, which becomes `NAME` once the whole is there and has that hash.
"""

import os
import struct

from micropython import const

from tocsin.refusal import Refusal
from tocsin.storage import atomic
from tocsin.wire_dialogue import FAILURE_NO_SPACE, FAILURE_OUT_OF_RANGE
from tocsin.wire_dialogue.transfer import TRANSFER_AIDING, TRANSFER_DIAGNOSTIC, TRANSFER_UPDATE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

NAMES = {TRANSFER_UPDATE: "update", TRANSFER_AIDING: "aiding", TRANSFER_DIAGNOSTIC: "diagnostic"}

# littlefs copies the last block of a file that is opened to be appended to: not for every chunk.
_WORTH_BYTES = const(4096)
# A program operation of littlefs: the next may take an erasure first, and a port's receive buffer
# holds the line's octets of one, not of two.
_STEP_BYTES = const(128)


class TransferFile:
    """Keeps one transfer at a time; `pause` is awaited between the operations on flash.

    What `pause` raises leaves what a power cut at that instant would. `reserve_bytes` of the flash
    stay free for the handset's own records. Methods raise Refusal, or OSError from flash.
    """

    def __init__(self, directory: str, pause: "Pause", reserve_bytes: int) -> None:
        self._directory = directory
        self._pause = pause
        self._reserve_bytes = reserve_bytes
        self._path = ""
        self._parts: list[bytes] = []
        self._kept_back = 0

    async def begin(self, kind: int, size: int, sha256: bytes) -> int:
        """Go on with this transfer, or forget another of its kind; how much of it is there."""
        name = NAMES.get(kind)
        if name is None:
            raise Refusal(FAILURE_OUT_OF_RANGE, "kind %d is not taken" % kind)
        self._path = self._directory + "/" + name
        self._take_parts()
        head = struct.pack("<BI", kind, size) + sha256
        is_same = atomic.load(self._path + ".head") == head
        kept = self._kept() if is_same else 0
        self._check_space(size - kept, 0 if is_same else self._kept())
        if not is_same:
            # The old name goes last: whatever is there, it is of the transfer that is named.
            await self._forget_content()
            atomic.replace(self._path + ".head", head, len(head))
            await self._pause()
        return kept

    async def write(self, data: "bytes | memoryview") -> None:
        """Append; what is not yet worth an operation is kept in memory and lost by a power cut."""
        self._parts.append(bytes(data))
        self._kept_back += len(data)
        if self._kept_back >= _WORTH_BYTES:
            await self._store()

    def read_into(self, offset: int, buf: bytearray) -> int:
        """Fill `buf` from what is on flash; returns how much there was."""
        with open(self._present(), "rb") as file:
            file.seek(offset)
            return int(file.readinto(buf))

    async def store(self) -> None:
        """Put on flash what was kept in memory: then all that was written reads back."""
        if _size(self._path) < 0:
            await self._store()

    async def finish(self) -> None:
        """Give the whole its name; everything is stored."""
        if _size(self._path) >= 0:
            return
        os.rename(self._path + ".part", self._path)
        await self._pause()

    async def discard(self) -> None:
        """Delete what there is of this transfer."""
        self._take_parts()
        await self._forget_content()
        _remove(self._path + ".head")
        await self._pause()

    # -- on flash

    async def _store(self) -> None:
        parts = self._take_parts()
        with open(self._path + ".part", "ab") as file:
            for part in parts:
                for start in range(0, len(part), _STEP_BYTES):
                    file.write(memoryview(part)[start : start + _STEP_BYTES])
                    await self._pause()
        await self._pause()

    def _take_parts(self) -> "list[bytes]":
        parts, self._parts, self._kept_back = self._parts, [], 0
        return parts

    async def _forget_content(self) -> None:
        for path in (self._path, self._path + ".part"):
            _remove(path)
            await self._pause()

    def _present(self) -> str:
        return self._path if _size(self._path) >= 0 else self._path + ".part"

    def _kept(self) -> int:
        return max(0, _size(self._present()))

    def _check_space(self, wanted_bytes: int, released_bytes: int) -> None:
        status = os.statvfs(self._directory)
        free_bytes = status[1] * status[3] + released_bytes - self._reserve_bytes
        if wanted_bytes > max(0, free_bytes):
            raise Refusal(FAILURE_NO_SPACE, "%d octets, room for %d" % (wanted_bytes, free_bytes))


def _size(path: str) -> int:
    try:
        return int(os.stat(path)[6])
    except OSError:
        return -1


def _remove(path: str) -> None:
    if _size(path) >= 0:
        os.remove(path)
