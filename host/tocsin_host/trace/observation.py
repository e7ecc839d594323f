"""What a recorder sees in a trace: the handset's events in its own time, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin_host import wire
from tocsin_host.measure.record import NoticeMark, RunRecord
from tocsin_host.measure.stages import StageMark
from tocsin_host.trace.eavesdropper import Form
from tocsin_host.trace.header import HEADER_BYTES, Kind
from tocsin_host.trace.pcap import Way
from tocsin_host.trace.record import TraceRecord

_TICKS_PERIOD_MS = 1 << 30
_SEQUENCES = 1 << 16
_HEAD = HEADER_BYTES + 2  # before a message's body


@dataclass(frozen=True, slots=True)
class Event:
    """A trace event and when it was recorded."""

    t_us: int
    event: wire.TraceEvent


@dataclass(frozen=True, slots=True)
class Gap:
    """`missing` events were never recorded before that with `sequence`."""

    sequence: int
    missing: int


class Observation:
    """Takes the records of a trace in turn.

    The handset numbers its events from 0 at each start, and dates them by a counter of its own,
    which starts anew as well: each start is a run of events. `earlier` ones were sent to nobody
    before the trace began.

    Anybody on the line can forge a note. Firmware sends none to who has subscribed, so that those
    are only counted, as `forged_notes`.
    """

    def __init__(self) -> None:
        self.records = 0
        self.earlier = 0
        self.forged_notes = 0
        self.gaps: list[Gap] = []
        self.runs: list[list[Event]] = []
        self._is_wanted = False
        self._is_subscribed = False

    def take(self, record: TraceRecord) -> None:
        """Observe the next record."""
        self.records += 1
        if _is_reset(record):
            self._is_wanted = self._is_subscribed = False
        match _message(record):
            case wire.TraceEvent() if self._is_subscribed and record.form is Form.CLEAR:
                self.forged_notes += 1
            case wire.TraceEvent() as event:
                self._take_event(Event(record.t_us, event))
            case _ if record.form is Form.CLEAR:
                pass
            case wire.TraceSubscribe(on=on):
                self._is_wanted = bool(on)
            case wire.TraceSubscribed(dropped=dropped):
                self.earlier = dropped
                self._is_subscribed = self._is_wanted

    @property
    def events(self) -> int:
        """How many events were recorded."""
        return sum(map(len, self.runs))

    @property
    def is_complete(self) -> bool:
        """Whether nothing is known to be missing."""
        return not self.gaps

    def run_record(self) -> RunRecord:
        """Stages and notices as a rig writes them down; times count from the first event."""
        record = RunRecord(board="", seed=0)
        zero_us = min((_dated(run)[0] for run in self.runs), default=0)
        for run in self.runs:
            for t_us, each in zip(_dated(run), run, strict=True):
                _write(record, each.event, t_us - zero_us)
        return record

    def _take_event(self, event: Event) -> None:
        if not self.runs:
            self.runs.append([event])
            return
        last = self.runs[-1][-1].event
        has_restarted = _is_restart(last, event.event)
        expected = 0 if has_restarted else last.sequence + 1
        missing = (event.event.sequence - expected) % _SEQUENCES
        if missing:
            self.gaps.append(Gap(event.event.sequence, missing))
        if has_restarted:
            self.runs.append([])
        self.runs[-1].append(event)


def _is_restart(last: wire.TraceEvent, event: wire.TraceEvent) -> bool:
    """Whether the handset has started anew between two events: something went back."""
    ahead_ms = (event.t_ms - last.t_ms) % _TICKS_PERIOD_MS
    ahead = (event.sequence - last.sequence) % _SEQUENCES
    return (
        event.kind == wire.TraceKind.BOOT
        or ahead_ms >= _TICKS_PERIOD_MS // 2
        or not 0 < ahead < _SEQUENCES // 2
    )


def _is_reset(record: TraceRecord) -> bool:
    """Whether the session is over: the host resets the channel, or the handset knows of none."""
    kind, data = record.payload[:1], record.payload[HEADER_BYTES:]
    if record.way is Way.TO_HANDSET:
        return kind == bytes((Kind.RESET << 4,))
    return kind == bytes((Kind.RESET_ACK << 4,)) and not any(data)


def _message(record: TraceRecord) -> wire.Message | None:
    """A message of the session, or a note; what else is in clear is no part of the trace."""
    head = record.payload[:_HEAD]
    kind = Kind.NOTE if record.form is Form.CLEAR else Kind.DATA
    if len(head) < _HEAD or record.form is Form.SEALED or head[0] >> 4 != kind:
        return None
    made = wire.MESSAGES.get(head[HEADER_BYTES])
    if made is None:
        return None
    try:
        return made.decode(record.payload[_HEAD:])
    except wire.DecodeError:
        return None


def _dated(run: list[Event]) -> list[int]:
    """When the events of one start happened: as late as the one that was recorded soonest."""
    first_ms = run[0].event.t_ms
    since_us = [((each.event.t_ms - first_ms) % _TICKS_PERIOD_MS) * 1000 for each in run]
    started_us = min(each.t_us - since for each, since in zip(run, since_us, strict=True))
    return [started_us + since for since in since_us]


def _write(record: RunRecord, event: wire.TraceEvent, t_us: int) -> None:
    if event.kind == wire.TraceKind.STAGE and event.code in tuple(wire.Stage):
        stage = wire.Stage(event.code)
        mark = StageMark(stage, t_us, wire.Reporter.FIRMWARE, attempt=event.attempt)
        record.marks.append(mark)
        if stage is wire.Stage.CLOSED and event.value in tuple(wire.Outcome):
            record.outcome = wire.Outcome(event.value)
    elif event.kind == wire.TraceKind.NOTICE and event.code in tuple(wire.Notice):
        record.notices_claimed.append(NoticeMark(wire.Notice(event.code), t_us))


def listed(gaps: Iterable[Gap]) -> str:
    """The gaps for people."""
    return ", ".join(f"{each.missing} before event {each.sequence}" for each in gaps)
