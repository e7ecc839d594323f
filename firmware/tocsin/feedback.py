"""Haptic feedback: tells the person, by pulses alone, only what is known to be true."""

import asyncio

from micropython import const

from tocsin import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.trace import Trace

_QUEUE = const(4)
_SLICE_MS = const(50)
# Pulses inside a pattern are at most 300 ms apart; a longer rest keeps two patterns apart.
_REST_MS = const(700)
# What a pulse is cut off for, with a slice more, comes after a rest that no pattern has.
_APART_MS = const(450)
_OF_THE_CALL = (wire.NOTICE_RETRYING, wire.NOTICE_CONNECTED)


class Feedback:
    """Plays the pulse patterns of wire.NOTICE_PATTERNS, one after the other."""

    def __init__(self, motor: "Callable[[int], object]", trace: "Trace") -> None:
        self._motor = motor
        self._trace = trace
        self._waiting = [0] * _QUEUE
        self._count = 0
        self._playing = wire.NOTICE_RAISED
        self._urgent = False
        self.is_busy = False  # playing, or so shortly after that a pulse would seem part of it
        self._is_cut = False
        self._changed = asyncio.Event()

    def raised(self) -> None:
        """Start the "raised" pulse this instant, or cut off what is played; allocates nothing.

        Two patterns in one would mean something else: "raised" then comes half a second later. What
        still waits is of an earlier alarm, and no longer true: it is dropped.
        """
        self._is_cut = self.is_busy
        self._motor(int(not self.is_busy))
        self.is_busy = True
        self._urgent = True
        self._count = 0
        self._trace.notice(wire.NOTICE_RAISED)
        self._changed.set()

    def tell(self, notice: int) -> None:
        """Queue a notice (wire.NOTICE_*).

        One about the call replaces an older one about it that waits; when four wait already the
        newest replaces the last.
        """
        last = self._waiting[self._count - 1] if self._count else 0
        is_news = notice != last and not (notice in _OF_THE_CALL and last in _OF_THE_CALL)
        if is_news and self._count < _QUEUE:
            self._count += 1
        self._waiting[self._count - 1] = notice
        self._changed.set()

    async def run(self) -> None:
        """Play for ever."""
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                while self._next():
                    await self._play(self._playing)
        finally:
            self._motor(0)
            self.is_busy = False

    def _next(self) -> bool:
        if self._urgent:
            self._urgent = False
            self._playing = wire.NOTICE_RAISED
            return True
        if not self._count:
            return False
        self._playing = self._waiting[0]
        self._count -= 1
        for i in range(self._count):
            self._waiting[i] = self._waiting[i + 1]
        self._trace.notice(self._playing)
        return True

    async def _play(self, notice: int) -> None:
        if self._is_cut:
            self._is_cut = False
            if not await self._last(_APART_MS):
                return
        self.is_busy = True
        level = 1
        for duration_ms in wire.NOTICE_PATTERNS[notice]:
            self._motor(level)
            if not await self._last(duration_ms):
                return
            level ^= 1
        self._motor(0)
        if await self._last(_APART_MS):
            self.is_busy = False
            await self._last(_REST_MS - _APART_MS)

    async def _last(self, duration_ms: int) -> bool:
        """Let so much time pass; False as soon as the "raised" pulse takes over."""
        while duration_ms > 0:
            if self._urgent:
                return False
            await asyncio.sleep_ms(min(duration_ms, _SLICE_MS))
            duration_ms -= _SLICE_MS
        return not self._urgent
