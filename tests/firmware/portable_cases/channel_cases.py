"""Two handset ends of a channel over an impaired line: what arrives is what was sent."""

import gc

from portable_cases.impaired_line import FAULTS, Clock, Dice, ImpairedLine
from tocsin.link.channel import HEADER_BYTES, NORMAL, URGENT, Channel
from tocsin.link.deframe import FrameDecoder
from tocsin.link.frame import FrameEncoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

MAX_PAYLOAD = 512
MAX_DATA = MAX_PAYLOAD - HEADER_BYTES
PERIOD = 1 << 30
RESET = b"\x20\x00\x00\x00" + b"test"
FLAT_BYTES = 2048
WORST_PERCENT = 15
STALLED_MS = 30000


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

    def __init__(
        self, ends: "Any", dice: Dice, percent: int, faults: "Sequence[str]" = FAULTS
    ) -> None:
        self.now = PERIOD - 700  # the tick counter wraps early on
        self.ends = ends
        self.lines = [ImpairedLine(dice, percent, faults=faults) for _ in ends]

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

    def __init__(self, seed: int, ends: "Any", faults: "Sequence[str]" = FAULTS) -> None:
        self.dice = Dice(seed)
        self.ends = ends
        self.bench = Bench(self.ends, self.dice, 0, faults)
        self.sent = 0
        self.delivered = 0
        self._awaited: "list[list[list[bytes]]]" = [[[], []], [[], []]]
        self._arrived_at = self.bench.now

    def run_until(self, carried_bytes: int) -> None:
        """Send and receive over lines whose every fault strikes up to 15 frames in a hundred."""
        while self.bench.carried_bytes() < carried_bytes:
            self.bench.impair(self.dice.below(WORST_PERCENT + 1))
            for _ in range(self.dice.below(6)):
                self._send()
            self.bench.run(1 + self.dice.below(40))
            self._check()

    def finish(self) -> None:
        """Let all arrive that is still on its way, now over perfect lines."""
        self.bench.impair(0)
        self.bench.run(20000)
        self._check()
        assert self._awaited == [[[], []], [[], []]], "not all has arrived"
        for end in self.ends:
            assert end.channel.is_open
            assert end.next_due(self.bench.now) == -1

    def _send(self) -> None:
        dice = self.dice
        sender, lane = dice.below(2), int(dice.falls(20))
        size = dice.below(MAX_DATA + 1)
        pattern = self.sent.to_bytes(4, "little") + dice.octets(dice.below(8))
        data = (pattern * (size // 4 + 1))[:size]
        if self.ends[sender].send(data, lane):
            self._awaited[sender][lane].append(data)
            self.sent += 1

    def _check(self) -> None:
        for sender in (0, 1):
            for lane in (NORMAL, URGENT):
                got, sent = self.ends[1 - sender].got[lane], self._awaited[sender][lane]
                assert got == sent[: len(got)], "delivered is not what was sent"
                if got or self._awaited == [[[], []], [[], []]]:
                    self._arrived_at = self.bench.now
                self.delivered += len(got)
                del sent[: len(got)]
                del got[:]
        assert self.bench.now - self._arrived_at < STALLED_MS, "nothing arrives any more"

    def figures(self) -> "dict[str, int]":
        """What was carried, what was done to it and what came of it."""
        lines = self.bench.lines
        figures = {
            "struck by " + fault: sum(line.struck[fault] for line in lines) for fault in FAULTS
        }
        figures["bytes"] = self.bench.carried_bytes()
        figures["frames"] = sum(line.frames for line in lines)
        figures["messages sent"] = self.sent
        figures["messages delivered"] = self.delivered
        figures["frames rejected"] = sum(end.decoder.rejected for end in self.ends)
        return figures


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


def everything_arrives_and_memory_is_flat(
    seed: int, carried_bytes: int, ends: "Any", live_bytes: "Callable[[], int]" = memory_bytes
) -> "dict[str, int]":
    exchange = Exchange(seed, ends)
    exchange.run_until(carried_bytes // 4)
    exchange.finish()
    first_bytes = live_bytes()
    exchange.run_until(carried_bytes)
    exchange.finish()
    last_bytes = live_bytes()
    assert last_bytes - first_bytes < FLAT_BYTES, "memory grows"
    figures = exchange.figures()
    assert figures["messages delivered"] == figures["messages sent"] > carried_bytes // 1000
    assert figures["frames rejected"] > carried_bytes // 10000
    assert min(figures.values()), "a fault never struck"
    figures["memory first"] = first_bytes
    figures["memory last"] = last_bytes
    return figures


def run(carried_bytes: str = "100000", seed: str = "1") -> "dict[str, int]":
    return everything_arrives_and_memory_is_flat(int(seed), int(carried_bytes), handset_ends())
