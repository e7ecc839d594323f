"""Trace events: what happened and when, kept without allocating until the link has time."""

from array import array

from micropython import const

from tocsin import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock

_FIELDS = const(5)
_DEPTH = const(40)


class Trace:
    """A ring of the last 40 events; `dropped` is how many older ones nobody has taken."""

    def __init__(self, clock: "Clock", on_event: "Callable[[], None]") -> None:
        self._clock = clock
        self._on_event = on_event
        self._ring = array("i", [0] * (_DEPTH * _FIELDS))
        self._first = 0
        self._count = 0
        self._sequence = 0
        self.dropped = 0

    def stage(self, stage: int, attempt: int = 0, value: int = 0) -> None:
        """Record that a stage (wire.STAGE_*) is reached now; allocates nothing."""
        self.add(wire.TRACE_STAGE, stage, attempt, value, self._clock.ticks_ms())

    def stage_at(self, stage: int, ticks_ms: int) -> None:
        """Record that a stage was reached at the given ticks; allocates nothing."""
        self.add(wire.TRACE_STAGE, stage, 0, 0, ticks_ms)

    def notice(self, notice: int) -> None:
        """Record what the person is being told (wire.NOTICE_*); allocates nothing."""
        self.add(wire.TRACE_NOTICE, notice, 0, 0, self._clock.ticks_ms())

    def add(self, kind: int, code: int, attempt: int, value: int, ticks_ms: int) -> None:
        """Append one event to the ring; allocates nothing."""
        slot = (self._first + self._count) % _DEPTH * _FIELDS
        if self._count == _DEPTH:
            self._first = (self._first + 1) % _DEPTH
            self._sequence = (self._sequence + 1) & 0xFFFF
            self.dropped += 1
        else:
            self._count += 1
        ring = self._ring
        ring[slot] = kind
        ring[slot + 1] = code
        ring[slot + 2] = attempt & 0xFF
        ring[slot + 3] = value
        ring[slot + 4] = ticks_ms
        self._on_event()

    def take(self, event: "wire.TraceEvent") -> bool:
        """Move the oldest event into `event`; False when there is none."""
        if not self._count:
            return False
        slot = self._first * _FIELDS
        ring = self._ring
        event.sequence = self._sequence
        event.kind = ring[slot]
        event.code = ring[slot + 1]
        event.attempt = ring[slot + 2]
        event.value = ring[slot + 3]
        event.t_ms = ring[slot + 4]
        self._first = (self._first + 1) % _DEPTH
        self._count -= 1
        self._sequence = (self._sequence + 1) & 0xFFFF
        return True
