"""Fixes that cannot be true, and those that only look so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portable_cases.still_clock import StillClock

from tocsin.lines import Lines
from tocsin.location.fix import Fix
from tocsin.location.nmea import NmeaParser
from tocsin.location.plausible import Plausibility
from tocsin.utc import UtcClock

START = datetime(2026, 3, 14, 9, 0, 0, tzinfo=UTC)
LAT, LON = 515_000_000, -1_200_000
E7_PER_M = 90


def judge(network: datetime | None = None) -> Plausibility:
    utc = UtcClock(StillClock())
    if network is not None:
        utc.learn((network.year, network.month, network.day, network.hour, 0, 0))
    return Plausibility(utc)


def fix_at(second: int, north_m: int = 0, east_m: int = 0, radius_m: int = 12) -> Fix:
    utc = START + timedelta(seconds=second)
    fix = Fix()
    fix.valid = True
    fix.lat_deg_e7, fix.lon_deg_e7 = LAT + north_m * E7_PER_M, LON + east_m * E7_PER_M
    fix.radius_m = radius_m
    fix.year, fix.month, fix.day = utc.year, utc.month, utc.day
    fix.hour, fix.minute, fix.second = utc.hour, utc.minute, utc.second
    return fix


def test_a_fix_told_again_is_no_news() -> None:
    plausibility = judge()
    assert plausibility.accepts(fix_at(0))
    assert not any(plausibility.accepts(fix_at(0)) for _ in range(20))
    assert plausibility.accepts(fix_at(1))


def test_a_better_radius_for_the_same_second_is_news() -> None:
    plausibility = judge()
    plausibility.accepts(fix_at(0))
    assert plausibility.accepts(fix_at(0, radius_m=4))


def test_one_jump_is_passed_over_and_the_next_true_fix_taken() -> None:
    plausibility = judge()
    plausibility.accepts(fix_at(0))
    assert not plausibility.accepts(fix_at(1, north_m=50_000))
    assert plausibility.accepts(fix_at(2, north_m=40))


def test_a_place_told_four_times_was_no_jump() -> None:
    plausibility = judge()
    plausibility.accepts(fix_at(0))
    told = [plausibility.accepts(fix_at(second, east_m=50_000)) for second in range(1, 6)]
    assert told == [False, False, False, True, True]


def test_after_an_hour_without_a_fix_any_place_within_reach_is_taken() -> None:
    plausibility = judge()
    plausibility.accepts(fix_at(0))
    assert plausibility.accepts(fix_at(3600, north_m=300_000))


@given(st.integers(1, 100_000), st.integers(-55, 55))
def test_nothing_that_moves_as_a_car_does_is_doubted(gap_s: int, speed_m_s: int) -> None:
    plausibility = judge()
    plausibility.accepts(fix_at(0))
    assert plausibility.accepts(fix_at(gap_s, north_m=max(-5_000_000, speed_m_s * gap_s)))


def test_across_the_date_line_a_step_is_a_step() -> None:
    plausibility = judge()
    first, second = fix_at(0), fix_at(1)
    first.lon_deg_e7, second.lon_deg_e7 = 1_799_999_900, -1_799_999_900
    assert plausibility.accepts(first)
    assert plausibility.accepts(second)


def test_a_clock_that_falls_back_is_believed_only_when_it_stays_so() -> None:
    plausibility = judge()
    plausibility.accepts(fix_at(3600))
    assert [plausibility.accepts(fix_at(second)) for second in range(4)] == [False] * 3 + [True]


def test_a_date_a_thousand_weeks_behind_becomes_the_networks() -> None:
    plausibility = judge(network=START)
    fix = fix_at(0)
    fix.year = 2006
    assert plausibility.accepts(fix)
    assert (fix.year, fix.month, fix.day, fix.hour) == (2026, 3, 14, 9)
    assert (fix.lat_deg_e7, fix.lon_deg_e7) == (LAT, LON)


@pytest.mark.parametrize("network", [None, START + timedelta(days=400)])
def test_another_date_is_left_alone(network: datetime | None) -> None:
    plausibility = judge(network)
    fix = fix_at(0)
    assert plausibility.accepts(fix)
    assert fix.year == START.year


def test_of_recorded_logs_only_what_jumps_or_is_told_again_is_passed_over(
    shared_data: Path,
) -> None:
    passed_over = {}
    for log in sorted((shared_data / "nmea").glob("*.log")):
        fix = Fix()
        parser = NmeaParser(fix, StillClock())
        plausibility = judge()
        refused: set[tuple[int, ...]] = set()
        taken: set[tuple[int, ...]] = set()

        def on_line(buf: bytearray, start: int, end: int) -> None:
            if parser.feed_line(buf, start, end):  # noqa: B023 - used within the turn
                utc = (fix.day, fix.hour, fix.minute, fix.second)  # noqa: B023
                kept = taken if plausibility.accepts(fix) else refused  # noqa: B023
                kept.add(utc)

        data = bytearray(log.read_bytes().replace(b"\r", b"\n"))
        Lines(128, on_line).feed(data, len(data))
        if refused - taken:
            passed_over[log.stem] = len(refused - taken)
    # Two drives joined: the second starts 52 minutes before the first ended.
    assert passed_over == {"gpsd_bt451": 2}
