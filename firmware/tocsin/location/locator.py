"""Which position goes out, and when: the first good fix, else the best there is in time.

The time limit is the 20 s of the AML senders (domain.md 2.4, ETSI TS 103 625 T1).
"""

from micropython import const

from tocsin import wire
from tocsin.location.fix import Fix

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Clock
    from tocsin.storage.config import Config
    from tocsin.trace import Trace

_LIVE_MS = const(10_000)
_KEEP_MS = const(64_800_000)
_UPDATE_EVERY_MS = const(15_000)


class Locator:
    """Watches one receiver's `fix` during an activation and decides what is worth sending."""

    def __init__(self, fix: Fix, clock: "Clock", config: "Config", trace: "Trace") -> None:
        self._fix = fix
        self._clock = clock
        self._config = config
        self._trace = trace
        self._is_searching = False
        self._last = Fix()
        self._best_radius_m = 0
        self._texts = 0
        self._text_ticks = 0

    def begin(self) -> None:
        """Start over for a new activation; the last known fix of this power-up is kept."""
        self._best_radius_m = 0
        self._texts = 0
        self._is_searching = True

    def end(self) -> None:
        """Nobody waits for a fix any longer."""
        self._is_searching = False

    def on_fix(self) -> None:
        """The receiver has delivered a valid fix: remember it."""
        self._last.copy_from(self._fix)
        if self._is_searching and self.has_good_fix():
            self._is_searching = False
            self._trace.stage(wire.STAGE_FIX_ACQUIRED)

    def forget_old(self) -> None:
        """Drop a fix whose age no longer fits a report; to be called at least every six days.

        The tick counter tells nothing of what lies further back: it would pass for new.
        """
        if self._last.valid and not 0 <= self.age_ms() < _KEEP_MS:
            self._last.valid = False

    def source(self) -> int:
        """What the best position is: wire.FIX_GNSS when live, FIX_LAST_KNOWN or FIX_NONE."""
        if not self._last.valid:
            return wire.FIX_NONE
        return wire.FIX_GNSS if self.age_ms() <= _LIVE_MS else wire.FIX_LAST_KNOWN

    def position(self) -> "Fix | None":
        """The last fix of this power-up, however old; None if there never was one."""
        return self._last if self._last.valid else None

    def age_ms(self) -> int:
        """Age of the last fix in milliseconds."""
        return self._clock.ticks_diff(self._clock.ticks_ms(), self._last.ticks_ms)

    def has_good_fix(self) -> bool:
        """Whether a live fix within `good_radius_m` is at hand."""
        return self.source() == wire.FIX_GNSS and self._last.radius_m <= self._config.get(
            "good_radius_m"
        )

    def is_due(self, activation_age_ms: int) -> bool:
        """Whether a text is due: the first by quality or time, later ones when twice as good."""
        if self._texts == 0:
            return self.has_good_fix() or activation_age_ms >= self._config.get("first_text_ms")
        since_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._text_ticks)
        if self.source() != wire.FIX_GNSS:
            return False
        if self._best_radius_m == 0:
            return True
        return since_ms >= _UPDATE_EVERY_MS and self._last.radius_m * 2 <= self._best_radius_m

    def live_radius_m(self) -> int:
        """Radius of the position, 68 %; 0 unless it is live."""
        return self._last.radius_m if self.source() == wire.FIX_GNSS else 0

    @property
    def has_told_live(self) -> bool:
        """Whether the last text sent carried a live fix."""
        return self._best_radius_m != 0

    def sent(self, live_radius_m: int) -> None:
        """The network accepted a text whose position had this `live_radius_m()`."""
        self._texts += 1
        self._text_ticks = self._clock.ticks_ms()
        self._best_radius_m = live_radius_m
