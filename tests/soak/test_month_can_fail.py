"""A press that is late by little and a heap that grows by little end the month's proof."""

import pytest
from tests.soak.month import Press, judge

HELD_US = 1_000_000
HEAP_BYTES = 229_000


def month(**changes: int) -> list[Press]:
    """120 sound presses but for the 77th, changed as said."""
    sound = {"recognised_us": HELD_US, "dialled_us": HELD_US + 1_000, "heap_bytes": HEAP_BYTES}
    presses = [Press(**sound) for _ in range(120)]
    presses[76] = Press(**{**sound, **changes})
    return presses


def test_a_sound_month_holds() -> None:
    assert judge(month())[0] == 120


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"recognised_us": HELD_US - 61_000}, "before its time"),
        ({"recognised_us": HELD_US + 21_000, "dialled_us": HELD_US + 22_000}, "recognised late"),
        ({"dialled_us": HELD_US + 25_000}, "dialled late"),
        ({"heap_bytes": HEAP_BYTES + 16}, "grew by 16 bytes"),
    ],
)
def test_one_press_that_is_not_ends_it(change: dict[str, int], why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        judge(month(**change))


def test_a_few_bytes_lost_by_each_activation_are_seen() -> None:
    leaking = [Press(HELD_US, HELD_US + 1_000, HEAP_BYTES + 16 * number) for number in range(120)]
    with pytest.raises(AssertionError, match="the heap grew"):
        judge(leaking)
