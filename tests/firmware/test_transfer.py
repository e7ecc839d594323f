"""A transfer from host to handset through both channels: cut, damaged, with gaps, overtaken."""

import hashlib
from collections.abc import Callable
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portable_cases.channel_cases import Bench
from portable_cases.impaired_line import Dice, ImpairedLine
from portable_cases.transfer_cases import BlockSink
from transfer_ends import ReceivingEnd, SendingEnd

from tocsin_host.channel import URGENT, ChannelClosedError
from tocsin_host.errors import ProtocolError, UpdateError
from tocsin_host.transfer import TransferSender

DATA = Dice(7).octets(150)
CHUNK_BYTES = 23
NO_OFFSETS: frozenset[int] = frozenset()
FIRST_SECOND_MS = 1000
ENOUGH_MS = 60_000
OCTETS_PER_MS = 11.52  # 115,200 baud, ten bits an octet


class CutLine(ImpairedLine):
    """Carries perfectly until both directions together have carried `limit` octets."""

    def __init__(self, shared: list[int]) -> None:
        super().__init__(Dice(1), 0)
        self._shared = shared

    def arriving(self, now: int) -> list[bytes]:
        data = b"".join(super().arriving(now))[: self._shared[0]]
        self._shared[0] -= len(data)
        return [data] if data else []


def transfer_over(
    handset: ReceivingEnd, connection: int, lines: list[ImpairedLine], duration_ms: int
) -> SendingEnd:
    host = SendingEnd(connection, DATA, NO_OFFSETS)
    bench = Bench([host, handset], Dice(1), 0)
    bench.lines = lines
    try:
        bench.run(duration_ms)
    except ChannelClosedError:
        assert not host.transfer.is_done
    return host


def cut_lines(limit: int) -> list[ImpairedLine]:
    shared = [limit]
    return [CutLine(shared), CutLine(shared)]


def octets_of_a_whole_transfer() -> int:
    shared = [1 << 20]
    handset = ReceivingEnd(BlockSink(), CHUNK_BYTES)
    host = transfer_over(handset, 1, [CutLine(shared), CutLine(shared)], FIRST_SECOND_MS)
    assert host.transfer.is_done
    return (1 << 20) - shared[0]


@pytest.mark.parametrize("power_fails", [False, True])
def test_transfer_cut_at_any_octet_of_the_line_resumes_and_ends_whole(power_fails: bool) -> None:
    whole = octets_of_a_whole_transfer()
    assert whole > 2 * len(DATA)
    for limit in range(whole + 1):
        sink = BlockSink()
        handset = ReceivingEnd(sink, CHUNK_BYTES)
        first = transfer_over(handset, 1, cut_lines(limit), FIRST_SECOND_MS)
        assert first.transfer.is_done == (limit == whole) or limit > whole - 40
        kept_bytes = len(sink.data)
        if power_fails:
            sink.power_cut()
            kept_bytes = len(sink.data)
            handset = ReceivingEnd(sink, CHUNK_BYTES)
        lines = cut_lines(1 << 20)
        second = transfer_over(handset, 2, lines, FIRST_SECOND_MS)
        assert second.transfer.is_done, limit
        assert bytes(sink.data) == DATA, limit
        assert sink.is_finished
        assert lines[0].carried_bytes < whole - kept_bytes, "nothing is sent twice"


@settings(max_examples=40)
@given(
    size=st.integers(0, 3000),
    chunk_bytes=st.integers(1, 480),
    percent=st.integers(0, 10),
    seed=st.integers(0, 2**20),
    lost=st.frozensets(st.integers(0, 20), max_size=4),
)
def test_damage_on_the_line_and_lost_chunks_end_in_the_same_octets(
    size: int, chunk_bytes: int, percent: int, seed: int, lost: frozenset[int]
) -> None:
    data = Dice(seed).octets(size)
    sink = BlockSink()
    lost_offsets = frozenset(place * chunk_bytes for place in lost)
    host = SendingEnd(1, data, lost_offsets)
    bench = Bench([host, ReceivingEnd(sink, chunk_bytes)], Dice(seed), percent)
    bench.run(FIRST_SECOND_MS)
    bench.impair(0)
    bench.run(ENOUGH_MS)
    assert host.transfer.is_done
    assert bytes(sink.data) == data


class PacedBench(Bench):
    """Lines of 115,200 baud; a frame is asked for when the one before has left."""

    def __init__(self, ends: Any) -> None:
        super().__init__(ends, Dice(1), 0)
        self.lines = [ImpairedLine(Dice(1), 0, delay_ms=0) for _ in ends]
        self._free_ms = [float(self.now)] * 2

    def _turn(self) -> None:
        for sender, end in enumerate(self.ends):
            for piece in self.lines[sender].arriving(self.now):
                self.ends[1 - sender].feed(piece, self.now)
            frame = end.next_frame(self.now) if self._free_ms[sender] <= self.now else b""
            if frame:
                start_ms = max(self._free_ms[sender], self.now - 1)
                self._free_ms[sender] = start_ms + len(frame) / OCTETS_PER_MS
                self.lines[sender].send(frame, ceil(self._free_ms[sender]))

    def run(self, duration_ms: int) -> None:
        for _ in range(duration_ms):
            self._turn()
            self.now += 1


class WatchedEnd(ReceivingEnd):
    """Counts the bulk frames that arrive until an alarm does."""

    bulk_frames = 0
    is_alarmed = False

    def _on_frame(self, payload: memoryview, n: int) -> None:
        self.is_alarmed |= b"alarm" in bytes(payload[:n])
        self.bulk_frames += n > 100 and not self.is_alarmed
        super()._on_frame(payload, n)

    def _handle(self, message: bytes) -> None:
        if message != b"alarm":
            super()._handle(message)


@pytest.mark.parametrize("after_ms", range(300, 400, 3))
def test_alarm_overtakes_a_transfer_in_progress_with_at_most_one_bulk_frame_first(
    after_ms: int,
) -> None:
    host, handset = SendingEnd(1, bytes(40_000), NO_OFFSETS), WatchedEnd(BlockSink(), 480)
    bench = PacedBench([host, handset])
    bench.run(after_ms)
    assert host.send(b"alarm", URGENT)
    handset.bulk_frames = 0
    bench.run(100)
    assert handset.is_alarmed
    assert handset.bulk_frames <= 1
    assert not host.transfer.is_done


def test_transfer_fills_a_paced_line() -> None:
    sink = BlockSink()
    host = SendingEnd(1, bytes(96 * 1024), NO_OFFSETS)
    bench = PacedBench([host, ReceivingEnd(sink, 480)])
    line_ms = 96 * 1024 / OCTETS_PER_MS
    bench.run(int(line_ms / 0.95))
    assert host.transfer.is_done
    assert len(sink.data) == 96 * 1024


class Notes:
    """A line that writes down what it is given, and has room for so many chunks."""

    def __init__(self, room: int = 1000) -> None:
        self.room = room
        self.sent: list[tuple[object, ...]] = []

    def open(self, kind: int, size: int, sha256: bytes) -> None:
        self.sent.append(("open", kind, size, sha256))

    def chunk(self, offset: int, data: bytes) -> bool:
        self.room -= 1
        if self.room >= 0:
            self.sent.append((offset, data))
        return self.room >= 0

    def end(self) -> bool:
        self.room -= 1
        if self.room >= 0:
            self.sent.append(("end",))
        return self.room >= 0


def test_sender_waits_for_room_and_goes_on_where_it_stopped() -> None:
    line = Notes(room=2)
    sender = TransferSender(9, b"abcdef", line)
    sender.advance()
    sender.on_ready(1, 2)
    sender.advance()
    assert line.sent == [
        ("open", 9, 6, hashlib.sha256(b"abcdef").digest()), (1, b"bc"), (3, b"de")
    ]  # fmt: skip
    line.room = 1
    sender.advance()
    assert line.sent[3:] == [(5, b"f")]
    line.room = 9
    sender.advance()
    sender.advance()
    assert line.sent[3:] == [(5, b"f"), ("end",)]
    sender.on_wanted(4)
    sender.advance()
    assert line.sent[5:] == [(4, b"ef"), ("end",)]
    sender.on_done(hashlib.sha256(b"abcdef").digest())
    assert sender.is_done


def ending() -> TransferSender:
    sender = sending()
    sender.advance()
    return sender


def sending() -> TransferSender:
    sender = TransferSender(9, b"abcdef", Notes())
    sender.on_ready(0, 2)
    return sender


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sending().on_ready(0, 2),
        lambda: ending().on_wanted(7),
        lambda: sending().on_done(bytes(32)),
        lambda: TransferSender(9, b"abcdef", Notes()).on_ready(0, 0),
        lambda: TransferSender(9, b"abcdef", Notes()).on_ready(-1, 2),
        lambda: TransferSender(9, b"abcdef", Notes()).on_wanted(0),
        lambda: sending().on_wanted(0),
    ],
)
def test_sender_refuses_answers_out_of_turn_or_out_of_range(wrong: Callable[[], None]) -> None:
    with pytest.raises(ProtocolError, match="the handset"):
        wrong()


def test_sender_refuses_another_hash() -> None:
    sender = ending()
    with pytest.raises(UpdateError, match="another hash"):
        sender.on_done(bytes(32))
    assert not sender.is_done
