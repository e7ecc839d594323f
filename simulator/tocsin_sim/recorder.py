"""Writes down one run: stages from every reporter, notices, lines and messages."""

from collections.abc import Callable

from tocsin_host import wire
from tocsin_host.measure.record import AtLine, LinkMessage, NoticeMark, RunRecord
from tocsin_host.measure.stages import StageMark
from tocsin_host.trace.redact import redacted

_BODY = 2  # behind a message's id and its request's number
_TICKS_PERIOD_MS = 1 << 30


class Recorder:
    """Fills `record`; kernel times are turned into times after scenario zero, `origin_us`.

    The handset dates its own events by a tick counter that starts at `ticks_offset_ms` each time
    it boots. `on_mark`, `on_notice` and `on_closed` hear of each stage, of what was felt and of how
    an activation ended.
    """

    def __init__(self, record: RunRecord, origin_us: int, ticks_offset_ms: int) -> None:
        self.record = record
        self._origin_us = origin_us
        self._ticks_offset_ms = ticks_offset_ms
        self._booted_us = 0
        self.on_mark: Callable[[StageMark], object] = lambda _: None
        self.on_notice: Callable[[wire.Notice | None, int], object] = lambda *_: None
        self.on_closed: Callable[[wire.Outcome, int], object] = lambda *_: None

    def booted(self, t_us: int) -> None:
        """Take down that the handset's tick counter has started again."""
        self._booted_us = t_us

    def stage(self, stage: wire.Stage, t_us: int, reporter: str, detail: str) -> None:
        """Take down a stage somebody outside the handset saw."""
        self._mark(stage, t_us, wire.Reporter(reporter), detail, 0)

    def notice(self, notice: wire.Notice | None, t_us: int) -> None:
        """Take down what the person felt; pulses that mean nothing are a problem."""
        self.on_notice(notice, t_us - self._origin_us)
        if notice is None:
            at_s = (t_us - self._origin_us) / 1e6
            self.record.problems.append(f"the motor moved at {at_s:.3f} s and meant nothing")
        else:
            self.record.notices_felt.append(NoticeMark(notice, t_us - self._origin_us))

    def said(self, octets: bytes, t_us: int, from_handset: bool) -> None:
        """Take down a message on the host link without its secrets, and a trace event's meaning.

        `octets` are id, request and body; what is no message is passed over.
        """
        kind = wire.MESSAGES.get(octets[0]) if len(octets) >= _BODY else None
        if kind is None:
            return
        try:
            message = kind.decode(redacted(octets)[_BODY:])
        except wire.DecodeError:
            return
        name = kind.__name__
        self._link(t_us, from_handset, name, repr(message)[len(name) + 1 : -1])
        if isinstance(message, wire.TraceEvent):
            self._trace(message, t_us)

    def sealed(self, size: int, lane: str, t_us: int, from_handset: bool) -> None:
        """Take down that a message crossed the host link which only its two ends can read."""
        self._link(t_us, from_handset, "sealed", f"{size} bytes, lane {lane}")

    def _link(self, t_us: int, from_handset: bool, name: str, text: str) -> None:
        line = LinkMessage(t_us - self._origin_us, from_handset, name, text)
        self.record.link_transcript.append(line)

    def at_line(self, text: str, t_us: int, from_handset: bool) -> None:
        """Take down one line on the modem's UART."""
        self.record.at_transcript.append(AtLine(t_us - self._origin_us, from_handset, text))

    def _trace(self, event: wire.TraceEvent, arrival_us: int) -> None:
        uptime_ms = (arrival_us - self._booted_us) // 1000
        age_ms = (uptime_ms + self._ticks_offset_ms - event.t_ms) % _TICKS_PERIOD_MS
        t_us = self._booted_us + (uptime_ms - age_ms) * 1000
        if event.kind == wire.TraceKind.NOTICE:
            notice = NoticeMark(wire.Notice(event.code), t_us - self._origin_us)
            self.record.notices_claimed.append(notice)
        elif event.kind == wire.TraceKind.STAGE:
            stage = wire.Stage(event.code)
            if stage is wire.Stage.CLOSED:
                self.record.outcome = wire.Outcome(event.value)
                self.on_closed(self.record.outcome, t_us - self._origin_us)
            self._mark(stage, t_us, wire.Reporter.FIRMWARE, "", event.attempt)

    def _mark(
        self, stage: wire.Stage, t_us: int, reporter: wire.Reporter, detail: str, attempt: int
    ) -> None:
        mark = StageMark(stage, t_us - self._origin_us, reporter, detail, attempt)
        self.record.marks.append(mark)
        self.on_mark(mark)
