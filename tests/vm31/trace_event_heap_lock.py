"""On a VM: record, take and encode trace events with the heap locked, and say which allocate.

Each argument is a value of the event's widest field; answered by "VALUE STEP ok" or
"VALUE STEP allocates" for each step.
"""

import sys

import micropython

from tocsin import wire
from tocsin.trace import Trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LAST_TICKS = (1 << 30) - 1


class Clock:
    """The last tick before the count wraps."""

    def ticks_ms(self) -> int:
        return LAST_TICKS

    def ticks_add(self, ticks: int, delta: int) -> int:
        raise NotImplementedError

    def ticks_diff(self, end: int, start: int) -> int:
        raise NotImplementedError


class Path:
    """One event on its way from what happened to the octets of the wire."""

    def __init__(self, value: int) -> None:
        self._value = value
        self._trace = Trace(Clock(), self._nothing)
        self._event = wire.TraceEvent()
        self._buf = memoryview(bytearray(wire.TraceEvent.MAX_BYTES))
        # A method looked up is an object made: look it up before the lock.
        self.steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("record", self._record),
            ("take", self._take),
            ("encode", self._encode),
        )

    def _nothing(self) -> None:
        pass

    def _record(self) -> None:
        self._trace.stage(wire.STAGE_CLOSED, 255, self._value)

    def _take(self) -> None:
        self._trace.take(self._event)

    def _encode(self) -> None:
        self._event.sequence = 65535
        self._event.encode_into(self._buf, 0)


def allocates(step: "Callable[[], object]") -> bool:
    micropython.heap_lock()
    try:
        step()
        failed = False
    except MemoryError:
        failed = True
    micropython.heap_unlock()
    return failed


for argument in sys.argv[1:]:
    for name, step in Path(int(argument)).steps:
        outcome = "allocates" if allocates(step) else "ok"
        sys.stdout.write(argument + " " + name + " " + outcome + "\n")
        if outcome != "ok":
            step()  # so that the next one finds what it needs
