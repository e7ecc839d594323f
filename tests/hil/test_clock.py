"""Dating a board's stamps by bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_hil.clock import BoardClock
from tocsin_hil.errors import BlockedError

PERIOD = 1 << 30
delays_us = st.integers(1, 40_000)
instants_us = st.integers(0, 600_000_000)


class Board:
    """A board whose counter showed `first_tick` when the host's clock showed 0, and drifts."""

    def __init__(self, first_tick: int, drift_ppm: float) -> None:
        self._first_tick = first_tick
        self._rate = 1 + drift_ppm / 1e6

    def stamp(self, host_us: int) -> int:
        return (self._first_tick + int(host_us * self._rate) // 1000) % PERIOD


@given(
    board=st.builds(Board, st.integers(0, PERIOD - 1), st.floats(-25, 25)),
    sent=st.lists(st.tuples(instants_us, delays_us), min_size=1, max_size=20),
    received=st.lists(st.tuples(instants_us, delays_us), min_size=1, max_size=20),
    event_us=instants_us,
)
def test_true_time_lies_within_the_error_whatever_the_delays(
    board: Board, sent: list[tuple[int, int]], received: list[tuple[int, int]], event_us: int
) -> None:
    clock = BoardClock("the board", step_us=1000, period=PERIOD)
    for host_us, delay_us in sent:
        clock.told(host_us, board.stamp(host_us + delay_us))
    for host_us, delay_us in received:
        clock.heard(board.stamp(host_us), host_us + delay_us)
    dated = clock.date(board.stamp(event_us))
    assert abs(dated.t_us - event_us) <= dated.error_us


def test_error_is_half_the_width_between_the_tightest_bounds() -> None:
    clock = BoardClock("the board")
    clock.told(1_000, 5_000_100)  # took 100 us
    clock.heard(5_000_100, 1_400)  # took 300 us
    clock.told(1_000, 5_000_900)  # slow: tells nothing new
    clock.heard(5_000_100, 9_000)
    assert clock.date(5_000_100).error_us == pytest.approx(200, abs=1)


def test_bounds_widen_with_distance_by_the_drift() -> None:
    clock = BoardClock("the board", drift_ppm=50)
    clock.told(0, 0)
    clock.heard(0, 0)
    assert clock.date(100_000_000).error_us == pytest.approx(5_000, abs=1)


def test_clock_that_jumped_blocks_instead_of_guessing() -> None:
    clock = BoardClock("the board")
    clock.told(1_000, 1_000)
    clock.heard(1_000, 1_000)
    clock.told(2_000, 900)
    with pytest.raises(BlockedError, match="the clock of the board jumped"):
        clock.date(1_000)


def test_clock_without_a_message_each_way_is_unknown() -> None:
    clock = BoardClock("the board")
    clock.told(0, 0)
    assert not clock.is_known
    with pytest.raises(BlockedError, match="unknown"):
        clock.date(0)
