"""A flash in RAM whose supply fails at any one operation, torn writes included; VM only."""

import gc
import os

import vfs  # type: ignore[import-not-found]

from tocsin.refusal import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

PLACE = "/cut"
BLOCK_BYTES = 512
BLOCKS = 48
NEVER = 1 << 29
EIO = -5
TORN_BYTES = (0, 1, 17)


class Flash:
    """A block device whose supply fails at one chosen program or erase operation, for good.

    Answers like a driver in C, by error numbers: files left open are closed by the collector,
    where nothing may be allocated.
    """

    def __init__(self, data: bytearray, operations_left: int, torn_bytes: int) -> None:
        self.data = data
        self._operations_left = operations_left
        self._torn_bytes = torn_bytes

    @property
    def is_dead(self) -> bool:
        """Whether its supply has failed."""
        return self._operations_left < 0

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> int:
        if self._operations_left < 0:
            return EIO
        start = block * BLOCK_BYTES + offset
        buf[:] = self.data[start : start + len(buf)]
        return 0

    def writeblocks(self, block: int, buf: bytearray, offset: int = 0) -> int:
        start = block * BLOCK_BYTES + offset
        if self._operates():
            self.data[start : start + len(buf)] = buf
            return 0
        if self._torn_bytes:
            self.data[start : start + self._torn_bytes] = buf[: self._torn_bytes]
            self._torn_bytes = 0
        return EIO

    def ioctl(self, operation: int, _argument: int) -> int:
        if operation == 4:
            return len(self.data) // BLOCK_BYTES
        if operation == 5:
            return BLOCK_BYTES
        return 0 if operation != 6 or self._operates() else EIO

    def _operates(self) -> bool:
        if self._operations_left >= 0:
            self._operations_left -= 1
        return self._operations_left >= 0


def mounted(data: bytearray, operations_left: int = NEVER, torn_bytes: int = 0) -> Flash:
    """Mount a flash with this content at PLACE; unmounts what was there."""
    try:  # noqa: SIM105 - no port has contextlib
        vfs.umount(PLACE)
    except OSError:
        pass
    gc.collect()  # it still holds the one before
    flash = Flash(data, operations_left, torn_bytes)
    vfs.mount(vfs.VfsLfs2(flash, mtime=False), PLACE)
    return flash


def empty(blocks: int = BLOCKS) -> bytearray:
    """The content of a freshly formatted flash."""
    data = bytearray(b"\xff" * (BLOCK_BYTES * blocks))
    vfs.VfsLfs2.mkfs(Flash(data, NEVER, 0))
    return data


def content(name: str) -> "bytes | None":
    """What a file holds; None without one."""
    try:
        with open(PLACE + "/" + name, "rb") as file:  # noqa: PTH123 - no port has pathlib
            return file.read()
    except OSError:
        return None


def names() -> "list[str]":
    """The files there are."""
    return os.listdir(PLACE)  # noqa: PTH208 - no port has pathlib


def cut_everywhere(
    make_witness: "Callable[[], Any]",
    work: "Callable[[Any], object]",
    check: "Callable[[Any], object]",
    at_least: int,
    content: "bytearray | None" = None,
) -> None:
    """Do the work with a cut at each of its flash operations in turn; `check` looks afterwards."""
    content = empty() if content is None else content
    for torn_bytes in TORN_BYTES:
        operation = 0
        while _cut_at(make_witness(), work, check, content, operation, torn_bytes):
            operation += 1
        assert operation > at_least, operation


def _cut_at(
    witness: "Any",
    work: "Callable[[Any], object]",
    check: "Callable[[Any], object]",
    content: bytearray,
    operation: int,
    torn_bytes: int,
) -> bool:
    """False when the work ended before the cut came."""
    flash = mounted(bytearray(content), operation, torn_bytes)
    is_cut = False
    try:
        work(witness)
    except (OSError, Refusal):
        is_cut = True
    mounted(bytearray(flash.data))
    check(witness)
    return is_cut


def sweep(
    course: "Callable[[], Any]", recover: "Callable[[], object]", content: bytearray
) -> "tuple[int, int, int]":
    """Cut a course's `work` at each operation, and its recovery at each of that; `check` follows.

    How many cuts there were: clean, torn, and during recovery.
    """
    cuts = [0, 0, 0]
    for torn_bytes in TORN_BYTES:
        operation = 0
        while True:
            one = course()
            left = left_by(content, operation, torn_bytes, one.work)
            if left is None:
                break
            operation += 1
            cuts[torn_bytes > 0] += 1
            mounted(bytearray(left))
            one.check()
            cuts[2] += _cut_again(left, recover, one.check)
        assert operation, "it never wrote"
    return cuts[0], cuts[1], cuts[2]


def _cut_again(
    left: bytearray, recover: "Callable[[], object]", check: "Callable[[], object]"
) -> int:
    cuts = 0
    for torn_bytes in TORN_BYTES:
        operation = 0
        while True:
            again = left_by(left, operation, torn_bytes, recover)
            if again is None:
                break
            operation += 1
            mounted(again)
            check()
        cuts += operation
    return cuts


def left_by(
    content: bytearray, operation: int, torn_bytes: int, do: "Callable[..., object]", *what: "Any"
) -> "bytearray | None":
    """The flash after a cut at this operation of what is done; None when it ended before."""
    flash = mounted(bytearray(content), operation, torn_bytes)
    try:
        do(*what)
    except (OSError, Refusal):
        if not flash.is_dead:
            raise
    return flash.data if flash.is_dead else None
