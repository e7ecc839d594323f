"""The button: the first edge stamps the press, holding it qualifies the press."""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock, Edges

_SAMPLE_MS = const(10)
# Contacts bounce for 1-6 ms, rarely longer; an opening beyond this is a release.
_RELEASE_MS = const(60)


class Button:
    """Turns edges of the button line into qualified presses.

    `on_edge` is called at the first edge, `on_press(pressed_ticks)` once the button was held for
    `hold_ms()`, `on_tap()` when it was let go before. All three must return at once.
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
        else:
            self._on_tap(self._clock.ticks_diff(self._clock.ticks_ms(), pressed_ticks))
        while not await self._released():
            check_in()

    async def _held(self, pressed_ticks: int, hold_ms: int) -> bool:
        clock = self._clock
        up_ms = 0
        while True:
            left_ms = hold_ms - clock.ticks_diff(clock.ticks_ms(), pressed_ticks)
            if left_ms <= 0:
                return True
            await asyncio.sleep_ms(min(left_ms, _SAMPLE_MS))
            up_ms = 0 if self._edges.is_down() else up_ms + _SAMPLE_MS
            if up_ms > _RELEASE_MS:
                return False

    async def _released(self) -> bool:
        for _ in range(_RELEASE_MS // _SAMPLE_MS):
            await asyncio.sleep_ms(_SAMPLE_MS)
            if self._edges.is_down():
                return False
        return True
