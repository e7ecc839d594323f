"""The button: the first edge stamps the press, holding it qualifies the press."""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock, Edges, Ticks

_SAMPLE_MS = const(10)
# Contacts bounce for 1-6 ms, rarely longer; open for this much longer than closed is a release.
_RELEASE_MS = const(60)
# Closed for less than this it was no finger: things in a pocket do that all day long.
_TAP_MS = const(50)


class Button:
    """Turns edges of the button line into qualified presses.

    `on_edge` is called at the first edge, `on_press(pressed_ticks)` once the button was held for
    `hold_ms()`, `on_tap(ms)` when it was let go before. All three must return at once.
    """

    def __init__(
        self,
        edges: "Edges",
        clock: "Clock",
        hold_ms: "Callable[[], int]",
        on_edge: "Callable[[], None]",
        on_press: "Callable[[int], None]",
        on_tap: "Callable[[int], None]",
    ) -> None:
        self._edges = edges
        self._clock = clock
        self._hold_ms = hold_ms
        self._on_edge = on_edge
        self._on_press = on_press
        self._on_tap = on_tap
        self._closed_ms = 0

    async def run(self, check_in: "Callable[[], None]") -> None:
        """Watch for ever; checks in each time it is woken."""
        while True:
            await self._edges.wait()
            check_in()
            if self._edges.is_armed():
                continue
            await self._gesture(check_in)
            self._edges.arm()

    async def _gesture(self, check_in: "Callable[[], None]") -> None:
        pressed_ticks = self._edges.first_edge_ticks
        self._on_edge()
        if await self._held(pressed_ticks, self._hold_ms()):
            self._on_press(pressed_ticks)
            while not await self._released():
                check_in()
        elif self._closed_ms >= _TAP_MS:
            self._on_tap(self._clock.ticks_diff(self._clock.ticks_ms(), pressed_ticks))

    async def _held(self, pressed_ticks: "Ticks", hold_ms: int) -> bool:
        """Whether the contact was closed for so long, by and large, and is at the end of it."""
        clock = self._clock
        self._closed_ms = 0
        open_ms = 0
        is_down = True
        while True:
            left_ms = hold_ms - clock.ticks_diff(clock.ticks_ms(), pressed_ticks)
            if left_ms <= 0 and is_down:
                return True
            await asyncio.sleep_ms(min(left_ms, _SAMPLE_MS) if left_ms > 0 else _SAMPLE_MS)
            is_down = self._edges.is_down()
            if is_down:
                self._closed_ms += _SAMPLE_MS
                open_ms = max(0, open_ms - _SAMPLE_MS)
            else:
                open_ms += _SAMPLE_MS
            if open_ms > _RELEASE_MS:
                return False

    async def _released(self) -> bool:
        for _ in range(_RELEASE_MS // _SAMPLE_MS):
            await asyncio.sleep_ms(_SAMPLE_MS)
            if self._edges.is_down():
                return False
        return True
