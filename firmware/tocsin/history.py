"""Journal entries noted without waiting: written to flash later, when no press is pending."""

import asyncio
import sys
from array import array

from micropython import const

from tocsin import wire
from tocsin.link.loading import unload

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.gate import Gate
    from tocsin.parts import Clock
    from tocsin.storage.journal import Journal
    from tocsin.utc import UtcClock

_FAULT = "tocsin.storage.fault"
_FIELDS = const(4)
_DEPTH = const(32)
# What happens together is written together.
_SETTLE_MS = const(300)


class History:
    """The last 32 unwritten entries, and the last fault, in RAM; `run` moves them to flash."""

    def __init__(self, journal: "Journal", clock: "Clock", utc: "UtcClock", gate: "Gate") -> None:
        self._journal = journal
        self._gate = gate
        self._clock = clock
        self._utc = utc
        self._ring = array("i", [0] * (_DEPTH * _FIELDS))
        self._first = 0
        self._count = 0
        self._noted = asyncio.Event()
        self._failed: tuple[str, BaseException, int] | None = None

    def fault(self, name: str, error: BaseException) -> None:
        """Note that a task of that name failed."""
        self._failed = (name, error, self._clock.ticks_ms() // 1000)
        self.note(wire.JOURNAL_FAULT, 0, 0)

    def note(self, kind: int, code: int, value: int) -> None:
        """Note an entry (wire.JOURNAL_*) with the time it happened; allocates nothing."""
        slot = (self._first + self._count) % _DEPTH * _FIELDS
        if self._count == _DEPTH:
            self._first = (self._first + 1) % _DEPTH
        else:
            self._count += 1
        ring = self._ring
        ring[slot] = kind
        ring[slot + 1] = code & 0xFF
        ring[slot + 2] = value
        ring[slot + 3] = self._clock.ticks_ms()
        self._noted.set()

    async def run(self) -> None:
        """Write what was noted; for ever."""
        while True:
            await self._noted.wait()
            self._noted.clear()
            await asyncio.sleep_ms(_SETTLE_MS)
            while self._count or self._failed:
                await self._gate.still()
                self._write()
                await asyncio.sleep_ms(0)

    def forget(self) -> None:
        """Drop what is not yet written."""
        self._count = 0
        self._failed = None

    def flush(self, to_the_end: bool = True) -> None:
        """Write every noted entry and fault now; unless to the end, until it has to give way."""
        gate = self._gate
        while (self._count or self._failed) and (
            to_the_end or (gate.is_open and not gate.feedback.is_busy)
        ):
            self._write()

    def _write(self) -> None:
        if self._failed:
            failed, self._failed = self._failed, None
            is_loaded = _FAULT in sys.modules  # by a host's question
            from tocsin.storage import fault

            with self._gate:
                fault.keep(self._journal.directory, *failed, self._utc.unix_s())
            if not is_loaded:
                unload((_FAULT,))
            return
        slot = self._first * _FIELDS
        kind, code, value, ticks_ms = self._ring[slot : slot + _FIELDS]
        self._first = (self._first + 1) % _DEPTH
        self._count -= 1
        with self._gate:
            self._journal.append(kind, code, value, ticks_ms, self._utc.unix_s())
