"""Which position is told, and how old it is said to be."""

import pytest

from tocsin import wire
from tocsin.location.fix import Fix
from tocsin.location.locator import Locator
from tocsin.trace import Trace

DAY_MS = 86_400_000
PERIOD_MS = 1 << 30
GOOD_RADIUS_M = 50
FIRST_TEXT_MS = 20_000


class Clock:
    """The port's tick counter: it wraps at 2^30 ms."""

    def __init__(self) -> None:
        self.now_ms = 0

    def ticks_ms(self) -> int:
        return self.now_ms % PERIOD_MS

    def ticks_diff(self, end: int, start: int) -> int:
        return (end - start + PERIOD_MS // 2) % PERIOD_MS - PERIOD_MS // 2

    def ticks_add(self, ticks: int, delta: int) -> int:
        return (ticks + delta) % PERIOD_MS


class Place:
    """A locator, its clock and its receiver."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.fix = Fix()
        config = {"good_radius_m": GOOD_RADIUS_M, "first_text_ms": FIRST_TEXT_MS}
        trace = Trace(self.clock, lambda: None)
        self.locator = Locator(self.fix, self.clock, config, trace)  # type: ignore[arg-type]
        self.locator.begin()

    def receives(self, radius_m: int) -> None:
        self.fix.valid = True
        self.fix.radius_m = radius_m
        self.fix.ticks_ms = self.clock.ticks_ms()
        self.locator.on_fix()

    def passes(self, ms: int) -> None:
        self.clock.now_ms += ms


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_fix_is_live_for_ten_seconds_and_then_the_last_known(place: Place) -> None:
    assert place.locator.source() == wire.FIX_NONE
    place.receives(12)
    place.passes(10_000)
    assert (place.locator.source(), place.locator.live_radius_m()) == (wire.FIX_GNSS, 12)
    place.passes(1)
    assert (place.locator.source(), place.locator.live_radius_m()) == (wire.FIX_LAST_KNOWN, 0)


@pytest.mark.parametrize("days", [1, 6.3, 9, 12.42, 12.43, 13, 30])
def test_a_fix_of_days_ago_never_passes_for_new(place: Place, days: float) -> None:
    place.receives(12)
    for _ in range(round(days * 4)):
        place.passes(DAY_MS // 4)
        place.locator.forget_old()
    assert place.locator.source() == wire.FIX_NONE
    assert place.locator.position() is None


def test_a_fix_is_kept_as_long_as_its_age_fits_a_report(place: Place) -> None:
    place.receives(12)
    place.passes(64_000_000)
    place.locator.forget_old()
    assert place.locator.source() == wire.FIX_LAST_KNOWN
    assert place.locator.age_ms() // 1000 < 65_535


def test_the_first_text_is_due_at_the_first_good_fix_or_in_time(place: Place) -> None:
    place.receives(GOOD_RADIUS_M + 1)
    assert not place.locator.is_due(0)
    assert not place.locator.is_due(FIRST_TEXT_MS - 1)
    assert place.locator.is_due(FIRST_TEXT_MS)
    place.receives(GOOD_RADIUS_M)
    assert place.locator.is_due(0)


def test_a_fix_that_comes_while_a_text_without_one_is_sent_is_due_at_once(place: Place) -> None:
    said_radius_m = place.locator.live_radius_m()
    place.passes(2_000)
    place.receives(12)
    place.locator.sent(said_radius_m)
    assert place.locator.is_due(30_000)


def test_an_update_is_due_when_the_radius_has_halved_and_15_s_have_passed(place: Place) -> None:
    place.receives(40)
    place.locator.sent(place.locator.live_radius_m())
    place.passes(15_000)
    place.receives(21)
    assert not place.locator.is_due(30_000)
    place.receives(20)
    assert place.locator.is_due(30_000)
    place.locator.sent(place.locator.live_radius_m())
    place.passes(14_000)
    place.receives(5)
    assert not place.locator.is_due(60_000)
