"""The button: the first edge stamps a press, and how it goes on decides what it was.

A hold or a double press raises the alarm, whichever is configured. A contact counts as held while
it is closed for three quarters of the time and never open for 60 ms: bounce and an unsteady finger
are bridged, things in a pocket are not.
"""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock, Edges, Presses, Settings, Ticks

# Values of the setting `gesture`, as bits.
_HOLD = const(1)
_DOUBLE = const(2)
# Time open weighs three times as much as time closed; so much of it is a release.
_OPEN_WEIGHT = const(3)
_RELEASED = const(180)
_MIN_LOOK_MS = const(7)
# A look that comes late says little about the time before it.
_MAX_OPEN_MS = const(50)
# Never closed for so long at a stretch it was no finger: things in a pocket do that all day long.
_FIRM_MS = const(40)
_STUCK_MS = const(30_000)
# A series of short presses is over after this.
_PAUSE_MS = const(1_000)
_PAUSE_LOOK_MS = const(20)
# The gesture for service mode: slower than any double press, shorter than any hold.
_SERVICE_PRESSES = const(5)
_SHORT_MS = const(450)
_MIN_APART_MS = const(3_000)
_MAX_APART_MS = const(5_000)


class Button:
    """Tells `owner` what is done with the button; `on_edge` is called at each first edge.

    `on_service` is called after five short presses that begin more than 3 s and at most 5 s
    apart. All calls must return at once.
    """

    def __init__(
        self,
        edges: "Edges",
        clock: "Clock",
        config: "Settings",
        owner: "Presses",
        on_edge: "Callable[[], object]",
        on_service: "Callable[[], object]",
    ) -> None:
        self._edges = edges
        self._clock = clock
        self._config = config
        self._owner = owner
        self._on_edge = on_edge
        self._on_service = on_service
        # The press under way: when it began, was last looked at and last seen down.
        self._is_pressed = False
        self._has_counted = False
        self._is_second = False
        self._pressed: Ticks = 0
        self._looked: Ticks = 0
        self._down: Ticks = 0
        self._is_firm = False
        self._doubt = 0
        self._unrest = 0
        # The press before it, unless that counted or is long ago: when it began and ended.
        self._before: Ticks | None = None
        self._ended: Ticks = 0
        self._series = 0
        self._slow = 0

    async def run(self, check_in: "Callable[[], None]") -> None:
        """Watch for ever; checks in each time it is woken."""
        while True:
            look_away_ms = self.step()
            check_in()
            if look_away_ms:
                await asyncio.sleep_ms(look_away_ms)
            else:
                await self._edges.wait()

    def step(self) -> int:
        """Look at the button; returns the milliseconds until the next look, 0: until an edge."""
        now = self._clock.ticks_ms()
        if not self._is_pressed:
            if self._edges.is_armed():
                return self._rest(now)
            self._begin()
        is_down = self._edges.is_down()
        self._weigh(is_down, now)
        if self._doubt >= _RELEASED:
            self._let_go(now)
            return _PAUSE_LOOK_MS
        held_ms = self._clock.ticks_diff(now, self._pressed)
        # No rhythm of the contact keeps step with such looks.
        self._unrest = (self._unrest * 5 + 3) & 7
        look_away_ms = _MIN_LOOK_MS + self._unrest
        if self._has_counted:
            if held_ms >= _STUCK_MS and not self._owner.is_stuck:
                self._owner.stuck(True)
            return look_away_ms
        if is_down:
            self._judge(held_ms)
        left_ms = self._config.get("hold_ms") - held_ms
        return min(look_away_ms, left_ms) if left_ms > 0 else look_away_ms

    @property
    def is_judging(self) -> bool:
        """Whether a press is not yet decided, or a second may follow that raises the alarm."""
        if not self._edges.is_armed():
            return not (self._is_pressed and self._has_counted)
        if self._before is None or not self._config.get("gesture") & _DOUBLE:
            return False
        apart_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._before)
        double_ms: int = self._config.get("double_ms")
        return 0 <= apart_ms <= double_ms

    # -- a press

    def _begin(self) -> None:
        owner = self._owner
        self._pressed = self._looked = self._down = self._edges.first_edge_ticks
        self._is_pressed = True
        # Stuck since before a restart: it has raised its alarm.
        self._has_counted = owner.is_stuck
        if owner.is_stuck:
            owner.stuck(True)
        self._doubt = 0
        self._is_firm = self._is_second = False
        if self._before is not None and not (self._series or owner.is_cancellable):
            apart_ms = self._clock.ticks_diff(self._pressed, self._before)
            self._is_second = apart_ms <= self._config.get("double_ms")
        self._on_edge()

    def _weigh(self, is_down: bool, now: "Ticks") -> None:
        between = self._clock.ticks_diff
        elapsed_ms = between(now, self._looked)
        self._looked = now
        if is_down:
            self._down = now
            self._is_firm |= between(now, self._edges.last_edge_ticks) >= _FIRM_MS
            self._doubt = max(0, self._doubt - elapsed_ms)
        else:
            self._doubt += _OPEN_WEIGHT * min(elapsed_ms, _MAX_OPEN_MS)

    def _judge(self, held_ms: int) -> None:
        gesture = self._config.get("gesture")
        if gesture & _DOUBLE and self._is_second and self._is_firm:
            self._count(self._before)
        elif gesture & _HOLD and held_ms >= self._config.get("hold_ms"):
            self._count(self._pressed)
        elif held_ms >= _STUCK_MS:
            self._has_counted = True

    def _count(self, pressed: "Ticks") -> None:
        self._has_counted = True
        self._owner.press(pressed)
        self._forget()

    # -- between presses

    def _let_go(self, now: "Ticks") -> None:
        self._is_pressed = False
        self._edges.arm()
        if self._owner.is_stuck:
            self._owner.stuck(False)
        if self._is_firm and not self._has_counted:
            self._note_short(now)

    def _note_short(self, now: "Ticks") -> None:
        owner = self._owner
        held_ms = self._clock.ticks_diff(self._down, self._pressed)
        owner.short(held_ms)
        if self._series or owner.is_cancellable:
            self._series += 1
        is_slow = self._before is not None and (
            _MIN_APART_MS < self._clock.ticks_diff(self._pressed, self._before) <= _MAX_APART_MS
        )
        self._slow = self._slow + 1 if is_slow else 1
        if held_ms > _SHORT_MS:
            self._slow = 0
        self._before = self._pressed
        self._ended = now
        if self._slow == _SERVICE_PRESSES:
            self._forget()
            self._on_service()

    def _rest(self, now: "Ticks") -> int:
        owner = self._owner
        if owner.is_stuck:  # before a restart
            owner.stuck(False)
        if self._before is None:
            return 0
        if self._series:
            if self._clock.ticks_diff(now, self._ended) < _PAUSE_MS:
                return _PAUSE_LOOK_MS
            series, pressed = self._series, self._before
            self._forget()
            owner.presses(series, pressed)
        elif self._clock.ticks_diff(now, self._before) > _MAX_APART_MS:
            self._forget()
        return 0

    def _forget(self) -> None:
        self._before = None
        self._series = self._slow = 0
