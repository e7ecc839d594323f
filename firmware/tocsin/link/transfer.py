"""The receiving end of a transfer: by offset, resumable after any cut, whole only by its hash."""

import hashlib

from micropython import const

from tocsin.refusal import Refusal
from tocsin.wire_dialogue import (
    FAILURE_NOT_OPEN,
    FAILURE_OUT_OF_RANGE,
    FAILURE_STORAGE,
    FAILURE_WRONG_HASH,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause, Sink

_BLOCK_BYTES = const(1024)
_HASHED_AT_ONCE_BYTES = const(4096)  # between two pauses: the line stays filled


class TransferReceiver:
    """One transfer at a time into `sink`; `offset` is how much of it has arrived.

    Methods raise Refusal, and what the sink and `pause` raise; after that the transfer has to be
    opened again, and goes on from what the sink has kept.
    """

    def __init__(self, sink: "Sink", pause: "Pause") -> None:
        self.offset = 0
        self._sink = sink
        self._pause = pause
        self._transfer: tuple[int, int, bytes] | None = None

    async def open(self, kind: int, size: int, sha256: bytes) -> int:
        """Begin, or resume what has the same kind, size and hash; returns where to go on."""
        transfer = (kind, size, sha256)
        if transfer != self._transfer:
            self._transfer = None
            self.offset = await self._sink.begin(kind, size, sha256)
            self._transfer = transfer
        return self.offset

    async def chunk(self, offset: int, data: "bytes | memoryview") -> None:
        """Take data if it goes on where the last ended; else pass it over, to be asked for."""
        transfer = self._opened()
        if offset + len(data) > transfer[1]:
            raise Refusal(FAILURE_OUT_OF_RANGE, "chunk past the end, %d" % transfer[1])
        if offset != self.offset:
            return
        self._transfer = None  # until it is handed on
        await self._pause()
        await self._sink.write(data)
        self.offset += len(data)
        self._transfer = transfer

    async def end(self) -> bool:
        """Accept the whole; False when the sender must be told to go on at `self.offset`.

        Refuses, and forgets, what has another hash than announced.
        """
        _, size, announced = self._opened()
        if self.offset < size:
            return False
        self._transfer = None
        await self._sink.store()
        if await self._hash_kept() != announced:
            await self._sink.discard()
            raise Refusal(FAILURE_WRONG_HASH, "the whole has another hash")
        await self._sink.finish()
        return True

    async def abort(self) -> None:
        """Give the transfer up and delete what has arrived."""
        self._opened()
        self._transfer = None
        await self._sink.discard()

    async def _hash_kept(self) -> bytes:
        """Of what reads back: neither what flash has made of it nor an earlier run is trusted."""
        sha256 = hashlib.sha256()
        block = bytearray(_BLOCK_BYTES)
        done = 0
        while done < self.offset:
            n = min(self._sink.read_into(done, block), self.offset - done)
            if not n:
                raise Refusal(FAILURE_STORAGE, "cannot read at %d" % done)
            sha256.update(memoryview(block)[:n])
            done += n
            if not done % _HASHED_AT_ONCE_BYTES:
                await self._pause()
        digest: bytes = sha256.digest()
        return digest

    def _opened(self) -> "tuple[int, int, bytes]":
        if self._transfer is None:
            raise Refusal(FAILURE_NOT_OPEN, "no transfer is open")
        return self._transfer
