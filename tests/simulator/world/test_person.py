"""The finger on the button and the hand on the motor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host.wire import Notice, Stage
from tocsin_sim.world.haptics import recognise

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench


def feel(bench: Bench, *durations_ms: int) -> None:
    level = 1
    for duration_ms in durations_ms:
        bench.haptic.put(level)
        bench.run_for(duration_ms / 1000)
        level ^= 1
    bench.haptic.put(0)
    bench.run_for(0.7)


def test_a_press_begins_with_its_first_edge_and_is_held_as_long_as_asked(
    make_bench: type[Bench],
) -> None:
    for seed in range(20):
        bench = make_bench(seed, press_at_s=2, hold_ms=1500)
        bench.kernel.run_until(70_000_000)
        edges = bench.button.driven[1:]
        assert edges[0] == (62_000_000, 0)
        assert bench.time_of(Stage.PRESSED) == 62_000_000
        settled = [(t_us, level) for t_us, level in edges if t_us <= 62_006_000]
        released = edges[len(settled) :]
        assert settled[-1][1] == 0
        assert released[0] == (63_500_000, 1)
        assert released[-1][0] <= 63_506_000
        assert bench.button.level == 1


def test_buttons_bounce_in_most_runs_and_never_the_same_way(make_bench: type[Bench]) -> None:
    trains = []
    for seed in range(20):
        bench = make_bench(seed, press_at_s=0)
        bench.kernel.run_until(70_000_000)
        trains.append(tuple(bench.button.driven))
    assert len(set(trains)) > 10


def test_nobody_presses_unless_asked(make_bench: type[Bench]) -> None:
    bench = make_bench(press_at_s=None)
    bench.run_for(120)
    assert bench.button.driven == [(0, 1)]
    assert not bench.stages


@pytest.mark.parametrize("notice", list(Notice))
def test_each_notice_is_recognised_once_its_pattern_is_over(
    make_bench: type[Bench], notice: Notice
) -> None:
    bench = make_bench()
    bench.run_for(1)
    feel(bench, *notice.pattern)
    assert bench.notices == [(notice, 1_000_000)]


def test_two_notices_in_a_row_are_told_apart(make_bench: type[Bench]) -> None:
    bench = make_bench()
    feel(bench, *Notice.RAISED.pattern)
    feel(bench, *Notice.CONNECTED.pattern)
    assert [notice for notice, _ in bench.notices] == [Notice.RAISED, Notice.CONNECTED]


def test_pulses_that_mean_nothing_are_reported_as_such(make_bench: type[Bench]) -> None:
    bench = make_bench()
    feel(bench, 600, 120, 600, 120, 600)
    assert bench.notices == [(None, 0)]


def test_the_first_pulse_after_a_press_acknowledges_it(make_bench: type[Bench]) -> None:
    bench = make_bench(press_at_s=0)
    feel(bench, 120)
    bench.kernel.run_until(61_100_000)
    feel(bench, *Notice.RAISED.pattern)
    feel(bench, *Notice.CONNECTED.pattern)
    fixture = [(stage, t_us) for stage, t_us, reporter, _ in bench.stages if reporter == "fixture"]
    assert fixture == [(Stage.PRESSED, 60_000_000), (Stage.ACKNOWLEDGED, 61_100_000)]


@given(st.sampled_from(list(Notice)), st.data())
def test_a_busy_handset_that_stretches_its_pulses_is_still_understood(
    notice: Notice, data: st.DataObject
) -> None:
    off_ms = [data.draw(st.integers(-10, 150)) for _ in notice.pattern]
    felt = [meant + off for meant, off in zip(notice.pattern, off_ms, strict=True)]
    assert recognise(felt) is notice
