"""A contact that follows a plan in a time of its own, and what the button takes it for."""

from tocsin.button import Button

PERIOD_MS = 1 << 30
DEFAULTS = {"gesture": 1, "hold_ms": 1000, "double_ms": 2000}
_PROD_US = 5_000_000


class ContactBench:
    """Line, clock, settings and owner of one button; `told` holds what it said, and when.

    An entry is (what, ms of its telling, value): ("press", t, ms of the stamp), ("short", t, held
    ms), ("presses", t, how many), ("stuck", t, 1 or 0), ("service", t, 0). Milliseconds count from
    the start, where the ticks stand at `first_ticks`. Each look is late by the next of `late_ms`.
    """

    def __init__(
        self,
        settings: "dict[str, int] | None" = None,
        first_ticks: int = 0,
        is_stuck: bool = False,
        is_down: bool = False,
        late_ms: "tuple[int, ...]" = (0,),
    ) -> None:
        self.now_us = 0
        self.told: "list[tuple[str, int, int]]" = []
        self.is_open = False
        self.has_window = False
        self.is_stuck = is_stuck
        self.first_edge_ticks = 0
        self.last_edge_ticks = 0
        self._settings = dict(DEFAULTS)
        self._settings.update(settings or {})
        self._first_ticks = first_ticks
        self._late_ms = late_ms
        self._looks = 0
        self._plan: "list[tuple[int, bool]]" = []
        self._planned_us = 0
        self._is_down = is_down
        self._is_armed = True
        self._is_flagged = False
        self._look_us: "int | None" = 0
        self._prod_us = _PROD_US
        self._button = Button(self, self, self, self, self._touched, self._serve)
        if is_down:
            self._stamp()

    # -- what a test does

    def down(self, ms: float) -> None:
        """Let the contact be closed for so long, after all that was planned before."""
        self._be(True, ms)

    def up(self, ms: float) -> None:
        """Let the contact be open for so long."""
        self._be(False, ms)

    def finger(self, ms: float, bounce_ms: float = 0) -> None:
        """Close it for so long; it bounces at both ends, the first time from the inside."""
        if bounce_ms:
            for _ in range(3):
                self.down(bounce_ms / 8)
                self.up(bounce_ms / 8)
        self.down(ms - bounce_ms * 3 / 2)
        if bounce_ms:
            for _ in range(3):
                self.up(bounce_ms / 8)
                self.down(bounce_ms / 8)

    def train(self, count: int, closed_ms: float, open_ms: float) -> None:
        """Close and open it so many times."""
        for _ in range(count):
            self.down(closed_ms)
            self.up(open_ms)

    def run(self) -> "list[tuple[str, int, int]]":
        """Let all that was planned happen; returns what was told of it."""
        told = len(self.told)
        while self.now_us < self._planned_us:
            self._advance()
        return self.told[told:]

    # -- time

    def _be(self, is_down: bool, ms: float) -> None:
        self._plan.append((self._planned_us, is_down))
        self._planned_us += int(ms * 1000)

    def _advance(self) -> None:
        nexts = [self._planned_us, self._prod_us]
        if self._plan:
            nexts.append(self._plan[0][0])
        if self._look_us is not None:
            nexts.append(self._look_us)
        self.now_us = max(self.now_us, min(nexts))
        if self._plan and self._plan[0][0] <= self.now_us:
            self._swing(self._plan.pop(0)[1])
        if self._prod_us <= self.now_us:
            self._prod_us += _PROD_US
            self._flag()
        if self._look_us is not None and self._look_us <= self.now_us:
            self._look()

    def _swing(self, is_down: bool) -> None:
        is_edge = is_down and not self._is_down
        self._is_down = is_down
        if is_edge:
            self._stamp()

    def _stamp(self) -> None:
        self.last_edge_ticks = self.ticks_ms()
        if self._is_armed:
            self.first_edge_ticks = self.last_edge_ticks
            self._is_armed = False
            self._flag()

    def _flag(self) -> None:
        self._is_flagged = True
        if self._look_us is None:
            self._look_us = self.now_us

    def _look(self) -> None:
        look_away_ms = self._button.step()
        if look_away_ms:
            late_ms = self._late_ms[self._looks % len(self._late_ms)]
            self._looks += 1
            self._look_us = self.now_us + (look_away_ms + late_ms) * 1000
        else:
            self._look_us = self.now_us if self._is_flagged else None
            self._is_flagged = False

    def _tell(self, what: str, value: int = 0) -> None:
        self.told.append((what, self.now_us // 1000, value))

    def _ms(self, ticks: int) -> int:
        return self.now_us // 1000 - self.ticks_diff(self.ticks_ms(), ticks)

    # -- what the button is given

    def ticks_ms(self) -> int:
        return (self._first_ticks + self.now_us // 1000) % PERIOD_MS

    def ticks_diff(self, end: int, start: int) -> int:
        return (end - start + PERIOD_MS // 2) % PERIOD_MS - PERIOD_MS // 2

    def ticks_add(self, ticks: int, delta: int) -> int:
        return (ticks + delta) % PERIOD_MS

    async def wait(self) -> None:
        pass

    def wake(self) -> None:
        pass

    def arm(self) -> None:
        self._is_armed = True
        if self._is_down:
            self._stamp()

    def stall(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def is_armed(self) -> bool:
        return self._is_armed

    def is_down(self) -> bool:
        return self._is_down

    def get(self, name: str) -> int:
        return self._settings[name]

    # -- who is told

    @property
    def is_cancellable(self) -> bool:
        return self.has_window and self.is_open

    def press(self, pressed_ticks: int) -> None:
        self.is_open = True
        self._tell("press", self._ms(pressed_ticks))

    def short(self, held_ms: int) -> None:
        self._tell("short", held_ms)

    def presses(self, count: int, _pressed_ticks: int) -> None:
        self._tell("presses", count)

    def stuck(self, is_stuck: bool) -> None:
        self.is_stuck = is_stuck
        self._tell("stuck", int(is_stuck))

    def _touched(self) -> None:
        pass

    def _serve(self) -> None:
        self._tell("service")
