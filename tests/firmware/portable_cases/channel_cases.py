"""Two handset ends of a channel over an impaired line: what arrives is what was sent."""

import gc

from portable_cases.impaired_line import Clock, Dice, ImpairedLine
from tocsin.link.channel import HEADER_BYTES, NORMAL, URGENT, Channel
from tocsin.link.deframe import FrameDecoder
from tocsin.link.frame import FrameEncoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_PAYLOAD = 512
MAX_DATA = MAX_PAYLOAD - HEADER_BYTES
PERIOD = 1 << 30
RESET = b"\x20\x00\x00\x00" + b"test"
FLAT_BYTES = 2048


class HandsetEnd:
    """A handset's channel with its frame codec; what it delivers is in `got`, a list a lane."""

    def __init__(self, window: int = 16) -> None:
        self.got: "list[list[bytes]]" = [[], []]
        self.takes = True  # False: whoever reads the messages has no time
        self.resets = 0
        self._clock = Clock()
        self._now = 0
        self.channel = Channel(self._clock, MAX_PAYLOAD, self._on_reset, window)
        self._encoder = FrameEncoder(MAX_PAYLOAD)
        self.decoder = FrameDecoder(MAX_PAYLOAD, self._on_frame)
        self._message = bytearray(MAX_DATA)

    def _on_reset(self) -> None:
        self.resets += 1

    def connect(self) -> None:
        self.channel.receive(memoryview(RESET), len(RESET), 0)

    def send(self, data: bytes, lane: int) -> bool:
        return self.channel.send(bytearray(data), len(data), lane)

    def feed(self, data: bytes, now: int) -> None:
        self._now = now
        self.decoder.feed(bytearray(data), len(data))
        self.take()

    def _on_frame(self, payload: memoryview, n: int) -> None:
        self.channel.receive(payload, n, self._now % PERIOD)

    def take(self) -> None:
        lane = self.channel.ready() if self.takes else -1
        while lane >= 0:
            n = self.channel.take_into(lane, self._message)
            self.got[lane].append(bytes(self._message[:n]))
            lane = self.channel.ready()

    def next_frame(self, now: int) -> bytes:
        n = self.channel.poll(now % PERIOD, self._encoder.payload)
        return bytes(self._encoder.encode(n)) if n else b""

    def next_due(self, now: int) -> int:
        wait_ms = self.channel.wait_ms(now % PERIOD)
        return now + wait_ms if wait_ms >= 0 else -1


class Bench:
    """Two ends and the lines between them, in time of its own."""

    def __init__(self, ends: "Any", dice: Dice, percent: int) -> None:
        self.now = PERIOD - 700  # the tick counter wraps early on
        self.ends = ends
        self.lines = [ImpairedLine(dice, percent), ImpairedLine(dice, percent)]

    def impair(self, percent: int) -> None:
        for line in self.lines:
            line.percent = percent

    def run(self, duration_ms: int) -> None:
        """Let time pass, from one event to the next."""
        end = self.now + duration_ms
        while self.now < end:
            self._turn()
            due = [line.next_due() for line in self.lines]
            due += [each.next_due(self.now) for each in self.ends]
            soonest = min([each for each in due if each >= 0] or [end])
            self.now = min(max(soonest, self.now + 1), end)
        self._turn()

    def _turn(self) -> None:
        for sender in (0, 1):
            for piece in self.lines[sender].arriving(self.now):
                self.ends[1 - sender].feed(piece, self.now)
        for sender in (0, 1):
            frame = self.ends[sender].next_frame(self.now)
            while frame:
                self.lines[sender].send(frame, self.now)
                frame = self.ends[sender].next_frame(self.now)

    def carried_bytes(self) -> int:
        return self.lines[0].carried_bytes + self.lines[1].carried_bytes


class Exchange:
    """Random messages both ways; checks and forgets them as they arrive, so memory stays flat."""

    def __init__(self, seed: int, percent: int, ends: "Any") -> None:
        self.dice = Dice(seed)
        self.ends = ends
        self.bench = Bench(self.ends, self.dice, percent)
        self.messages = 0
        self._sent: "list[list[list[bytes]]]" = [[[], []], [[], []]]

    def run_until(self, carried_bytes: int) -> None:
        while self.bench.carried_bytes() < carried_bytes:
            for _ in range(self.dice.below(6)):
                self._send()
            self.bench.run(1 + self.dice.below(40))
            self._check()

    def finish(self) -> None:
        self.bench.impair(0)
        self.bench.run(20000)
        self._check()
        assert self._sent == [[[], []], [[], []]]
        for end in self.ends:
            assert end.channel.is_open
            assert end.next_due(self.bench.now) == -1

    def _send(self) -> None:
        dice = self.dice
        sender, lane = dice.below(2), int(dice.falls(20))
        data = dice.octets(dice.below(8)) * dice.below(MAX_DATA // 8)
        if self.ends[sender].send(data, lane):
            self._sent[sender][lane].append(data)
            self.messages += 1

    def _check(self) -> None:
        for sender in (0, 1):
            for lane in (NORMAL, URGENT):
                got, sent = self.ends[1 - sender].got[lane], self._sent[sender][lane]
                assert got == sent[: len(got)], "delivered is not what was sent"
                del sent[: len(got)]
                del got[:]


def memory_bytes() -> int:
    """Live heap; 0 where the collector cannot tell."""
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0


def handset_ends() -> "list[HandsetEnd]":
    """Two of them, each told by the test that a host has connected."""
    ends = [HandsetEnd(), HandsetEnd()]
    for end in ends:
        end.connect()
    return ends


def everything_arrives_and_memory_is_flat(seed: int, carried_bytes: int, ends: "Any") -> None:
    exchange = Exchange(seed, 8, ends)
    exchange.run_until(carried_bytes // 4)
    exchange.finish()
    before = memory_bytes()
    exchange.bench.impair(8)
    exchange.run_until(carried_bytes)
    exchange.finish()
    assert exchange.messages > carried_bytes // 1000
    assert exchange.ends[0].decoder.rejected > carried_bytes // 10000
    assert memory_bytes() - before < FLAT_BYTES, "memory grows"


def run(carried_bytes: str = "100000", seed: str = "1") -> None:
    everything_arrives_and_memory_is_flat(int(seed), int(carried_bytes), handset_ends())
