"""Transfers into a sink that loses what it had not yet made durable."""

import gc
import hashlib

from portable_cases.impaired_line import Dice
from tocsin import wire_dialogue as wire
from tocsin.link.transfer import TransferReceiver
from tocsin.refusal import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KIND = 1
BLOCK_BYTES = 32
FLAT_BYTES = 2048


def finish(work: "Any") -> "Any":
    """The result of a coroutine that never has to wait."""
    try:
        while True:
            work.send(None)
    except StopIteration as stop:
        return stop.value


class BlockSink:
    """Keeps whole blocks through a power cut, and the transfer's name."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.is_finished = False
        self._name: "tuple[int, int, bytes] | None" = None

    async def begin(self, kind: int, size: int, sha256: bytes) -> int:
        if self._name != (kind, size, sha256):
            self._name = (kind, size, sha256)
            self.data = bytearray()
        return len(self.data)

    async def write(self, data: "bytes | memoryview") -> None:
        self.data.extend(data)

    def read_into(self, offset: int, buf: bytearray) -> int:
        n = min(len(buf), len(self.data) - offset)
        buf[:n] = self.data[offset : offset + n]
        return n

    async def store(self) -> None:
        """Everything is stored as it comes."""

    async def finish(self) -> None:
        self.is_finished = True

    async def discard(self) -> None:
        self._name = None

    def power_cut(self) -> None:
        self.data = self.data[: len(self.data) // BLOCK_BYTES * BLOCK_BYTES]


class Pauses:
    """Counts how often the work let others run."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> None:
        self.count += 1


def receiver_of(sink: BlockSink) -> TransferReceiver:
    return TransferReceiver(sink, Pauses())


def send_rest(receiver: TransferReceiver, data: bytes, chunk_bytes: int, stop: int) -> bool:
    """Open, then chunks up to octet `stop`; the result of the end, False before it."""
    offset = finish(receiver.open(KIND, len(data), hashlib.sha256(data).digest()))
    while offset < min(stop, len(data)):
        piece = data[offset : min(offset + chunk_bytes, stop)]
        finish(receiver.chunk(offset, piece))
        offset += len(piece)
    return stop >= len(data) and finish(receiver.end())


def cut_anywhere_resumes(data: bytes) -> None:
    for cut in range(len(data) + 1):
        for power in (False, True):
            sink = BlockSink()
            receiver = receiver_of(sink)
            send_rest(receiver, data, 23, cut)
            if power:
                sink.power_cut()
                receiver = receiver_of(sink)
            assert send_rest(receiver, data, 23, len(data))
            assert bytes(sink.data) == data
            assert sink.is_finished


def another_transfer_begins_at_nothing(data: bytes) -> None:
    sink = BlockSink()
    receiver = receiver_of(sink)
    send_rest(receiver, data, 23, len(data) // 2)
    other = data[1:] + data[:1]
    assert send_rest(receiver, other, 23, len(other))
    assert bytes(sink.data) == other


def what_follows_a_gap_is_passed_over_and_asked_for_at_the_end(data: bytes) -> None:
    sink = BlockSink()
    receiver = receiver_of(sink)
    finish(receiver.open(KIND, len(data), hashlib.sha256(data).digest()))
    for start, offset in ((0, 20), (40, 20), (20, 40), (0, 40), (60, 40)):
        finish(receiver.chunk(start, data[start : start + 20]))
        assert receiver.offset == offset
        assert not finish(receiver.end())
    finish(receiver.chunk(40, data[40:]))
    assert finish(receiver.end())
    assert bytes(sink.data) == data


def refused(work: "Any") -> "tuple[int, str]":
    try:
        finish(work)
    except Refusal as error:
        return error.code, error.detail
    raise AssertionError("was not refused")


def what_cannot_be_is_refused(data: bytes) -> None:
    sink = BlockSink()
    receiver = receiver_of(sink)
    not_open = (wire.FAILURE_NOT_OPEN, "no transfer is open")
    assert refused(receiver.chunk(0, data)) == not_open
    assert refused(receiver.end()) == not_open
    finish(receiver.open(KIND, len(data), bytes(32)))
    past = (wire.FAILURE_OUT_OF_RANGE, "chunk past the end, %d" % len(data))
    assert refused(receiver.chunk(1, data)) == past
    finish(receiver.chunk(0, data))
    assert refused(receiver.end()) == (wire.FAILURE_WRONG_HASH, "the whole has another hash")
    assert not sink.is_finished
    assert finish(receiver.open(KIND, len(data), bytes(32))) == 0
    unreadable = receiver_of(UnreadableSink())
    finish(unreadable.open(KIND, 10, bytes(32)))
    assert refused(unreadable.end()) == (wire.FAILURE_STORAGE, "cannot read at 0")
    assert refused(unreadable.end()) == not_open


def what_flash_kept_otherwise_is_not_accepted(data: bytes) -> None:
    sink = BlockSink()
    receiver = receiver_of(sink)
    finish(receiver.open(KIND, len(data), hashlib.sha256(data).digest()))
    finish(receiver.chunk(0, data))
    sink.data[70] ^= 1
    assert refused(receiver.end()) == (wire.FAILURE_WRONG_HASH, "the whole has another hash")
    assert not sink.is_finished
    assert send_rest(receiver, data, 23, len(data))


def what_failed_goes_on_from_what_was_kept(data: bytes) -> None:
    sink = BusySink()
    receiver = receiver_of(sink)
    offset = finish(receiver.open(KIND, len(data), hashlib.sha256(data).digest()))
    finish(receiver.chunk(offset, data[:50]))
    sink.is_busy = True
    assert refused(receiver.chunk(50, data[50:60])) == (wire.FAILURE_BUSY, "busy")
    assert refused(receiver.chunk(50, data[50:60])) == (
        wire.FAILURE_NOT_OPEN,
        "no transfer is open",
    )
    sink.is_busy = False
    sink.power_cut()
    assert send_rest(receiver, data, 23, len(data))
    assert bytes(sink.data) == data


def given_up_is_gone(data: bytes) -> None:
    sink = BlockSink()
    receiver = receiver_of(sink)
    send_rest(receiver, data, 23, 100)
    finish(receiver.abort())
    assert refused(receiver.abort()) == (wire.FAILURE_NOT_OPEN, "no transfer is open")
    assert finish(receiver.open(KIND, len(data), hashlib.sha256(data).digest())) == 0


def nothing_at_all_is_a_transfer_too() -> None:
    sink = BlockSink()
    assert send_rest(receiver_of(sink), b"", 23, 0)
    assert sink.is_finished


class UnreadableSink(BlockSink):
    """Says that it holds something, and does not."""

    async def begin(self, kind: int, size: int, sha256: bytes) -> int:
        return 10


class BusySink(BlockSink):
    """Writes a part, then refuses, while busy."""

    is_busy = False

    async def write(self, data: "bytes | memoryview") -> None:
        if self.is_busy:
            self.data.extend(data[:3])
            raise Refusal(wire.FAILURE_BUSY, "busy")
        self.data.extend(data)


class EndlessSink(BlockSink):
    """Counts, and keeps nothing."""

    async def write(self, data: "bytes | memoryview") -> None:
        pass


def memory_is_flat() -> None:
    receiver = receiver_of(EndlessSink())
    piece = bytes(480)
    finish(receiver.open(KIND, len(piece) * 400, bytes(32)))
    live = []
    for count in range(400):
        finish(receiver.chunk(count * len(piece), piece))
        if count in (10, 399) and hasattr(gc, "mem_alloc"):
            gc.collect()
            live.append(gc.mem_alloc())
    assert not live or live[1] - live[0] < FLAT_BYTES, "memory grows"


def run() -> None:
    data = Dice(1).octets(150)
    cut_anywhere_resumes(data)
    another_transfer_begins_at_nothing(data)
    what_follows_a_gap_is_passed_over_and_asked_for_at_the_end(data)
    what_cannot_be_is_refused(data)
    what_flash_kept_otherwise_is_not_accepted(data)
    what_failed_goes_on_from_what_was_kept(data)
    given_up_is_gone(data)
    nothing_at_all_is_a_transfer_too()
    memory_is_flat()
