"""Everything a rig hears in one run, and the record it amounts to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tocsin_hil.clock import BoardClock, Dated
from tocsin_hil.errors import BlockedError
from tocsin_host import wire
from tocsin_host.measure import (
    AcknowledgementSent,
    CallReleased,
    NoticeMark,
    RunRecord,
    StageMark,
)

_TICK_US = 1000
_TICKS_PERIOD = 1 << 30  # of MicroPython's ticks_ms on a 32-bit port

BenchEvent = dict[str, Any]
"""One line of the bench: `event`, its name, `t_us` by the bench's clock, and more by the name."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in at `host_us`: from the bench, from the handset, or that the rig has failed."""

    host_us: int
    what: BenchEvent | wire.Message | BlockedError


class Observation:
    """Takes what is heard. Dating waits for `record()`: each message tells more of the clocks."""

    def __init__(self, description: BenchEvent) -> None:
        self.bench_clock = BoardClock("the bench")
        self.handset_clock = BoardClock("the handset", _TICK_US, _TICKS_PERIOD)
        self.pressed_us = 0
        self.crash_text: str = description["log"]
        self._description = description
        self._events: list[BenchEvent] = []
        self._traces: list[wire.TraceEvent] = []

    def take(self, heard: Heard) -> None:
        """Keep what was heard. Raises the BlockedError it may be."""
        match heard.what:
            case BlockedError():
                raise heard.what
            case wire.TraceEvent() if not self.crash_text:
                self.handset_clock.heard(heard.what.t_ms, heard.host_us)
                self._traces.append(heard.what)
            case dict():
                self.bench_clock.heard(heard.what["t_us"], heard.host_us)
                self._take_event(heard.what)
            case _:
                pass

    def _take_event(self, event: BenchEvent) -> None:
        self._events.append(event)
        if event["event"] == "boot":
            self.crash_text = event["log"] or f"the handset started again: {event['cause']}"

    def record(self) -> RunRecord:
        """Return what is known by now. Raises BlockedError when the clocks contradict."""
        return _Writing(self, self._description, self._events, self._traces).record


class _Writing:
    """One record being written; times count from the press."""

    def __init__(
        self,
        observation: Observation,
        description: BenchEvent,
        events: list[BenchEvent],
        traces: list[wire.TraceEvent],
    ) -> None:
        self._bench_clock = observation.bench_clock
        self._handset_clock = observation.handset_clock
        self._writers: dict[str, Callable[[BenchEvent, int], None]] = {
            "stage": self._stage,
            "notice": self._notice,
            "dialled": lambda event, _: self.record.dialled_numbers.append(event["number"]),
            "texted": lambda event, _: self.record.texted_numbers.append(event["number"]),
            "acknowledgement": self._acknowledgement,
            "released": self._released,
        }
        self.record = RunRecord(description["board"], description["seed"])
        self.record.allowed_numbers = description["allowed_numbers"]
        self.record.crash_text = observation.crash_text
        self._zero_us = observation.pressed_us
        self._zero_us = self._press_us(events)
        self._write(events, traces)

    def _press_us(self, events: list[BenchEvent]) -> int:
        presses = (each for each in events if each.get("stage") == wire.Stage.PRESSED.name)
        first = next(presses, None)
        return self._zero_us if first is None else self._bench_clock.date(first["t_us"]).t_us

    def _write(self, events: list[BenchEvent], traces: list[wire.TraceEvent]) -> None:
        for event in events:
            if event["event"] in self._writers:
                t_us = self._after_press(self._bench_clock.date(event["t_us"]))
                self._writers[event["event"]](event, t_us)
        for trace in traces if self._handset_clock.is_known else ():
            self._trace(trace, self._after_press(self._handset_clock.date(trace.t_ms)))
        self.record.marks.sort(key=lambda mark: mark.t_us)

    def _after_press(self, dated: Dated) -> int:
        self.record.clock_error_us = max(self.record.clock_error_us, dated.error_us)
        return dated.t_us - self._zero_us

    # What the bench saw

    def _stage(self, event: BenchEvent, t_us: int) -> None:
        reporter = wire.Reporter(event["reporter"])
        mark = StageMark(wire.Stage[event["stage"]], t_us, reporter, event["detail"])
        self.record.marks.append(mark)

    def _notice(self, event: BenchEvent, t_us: int) -> None:
        if event["notice"] is None:
            self.record.problems.append(f"the motor moved at {t_us / 1e6:.3f} s and meant nothing")
        else:
            self.record.notices_felt.append(NoticeMark(wire.Notice[event["notice"]], t_us))

    def _acknowledgement(self, event: BenchEvent, t_us: int) -> None:
        self.record.acknowledgements.append(AcknowledgementSent(t_us, event["number"]))

    def _released(self, event: BenchEvent, t_us: int) -> None:
        self.record.releases.append(CallReleased(t_us, event["attempt"], event["cause"]))

    # What the firmware says

    def _trace(self, trace: wire.TraceEvent, t_us: int) -> None:
        record = self.record
        if trace.kind == wire.TraceKind.NOTICE:
            record.notices_claimed.append(NoticeMark(wire.Notice(trace.code), t_us))
        elif trace.kind == wire.TraceKind.STAGE:
            stage = wire.Stage(trace.code)
            if stage is wire.Stage.CLOSED:
                record.outcome = wire.Outcome(trace.value)
            reporter = wire.Reporter.FIRMWARE
            record.marks.append(StageMark(stage, t_us, reporter, attempt=trace.attempt))
