"""The synthetic receiver, judged by a foreign NMEA parser."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

import pynmeagps
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_sim.world.gnss.sentences import coordinate
from tocsin_sim.world.setting import Position

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench


def listen(bench: Bench, seconds: float) -> list[bytes]:
    bench.at("+CGNSSPWR=1")
    bench.run_for(9.1)
    bench.at("+CGNSSTST=1")
    bench.at("+CGNSSPORTSWITCH=0,1")
    bench.run_for(seconds)
    return [data for _, data in bench.line.log if data.startswith(b"$")]


@pytest.mark.parametrize(
    "position", [Position(50.51234, -2.87654), Position(-33.86882, 151.2093), Position(0.0, 180.0)]
)
def test_a_foreign_parser_finds_the_position_within_the_noise(
    make_bench: type[Bench], position: Position
) -> None:
    bench = make_bench(position=position, noise_m=3, ttff_median_s=5).start_modem()
    for epoch in listen(bench, 60)[-30:]:
        messages = [pynmeagps.NMEAReader.parse(line) for line in epoch.splitlines(keepends=True)]
        assert [each.msgID for each in messages] == ["GGA", "GSA", "GSV", "RMC"]
        for each in (messages[0], messages[3]):
            assert abs(each.lat - position.lat_deg) * 111_320 < 20
            east_deg = (each.lon - position.lon_deg + 180) % 360 - 180
            assert abs(east_deg) * 111_320 * cos(radians(position.lat_deg)) < 20
        assert messages[3].status == "A"
        assert str(messages[3].date) == "2026-01-01"


def test_before_the_first_fix_the_position_is_void(make_bench: type[Bench]) -> None:
    bench = make_bench(ttff_median_s=30, ttff_sigma=0).start_modem()
    epochs = listen(bench, 50)
    status = [pynmeagps.NMEAReader.parse(each.splitlines()[3]).status for each in epochs]
    assert status.count("V") == pytest.approx(30, abs=1)
    assert status == ["V"] * status.count("V") + ["A"] * status.count("A")


def test_its_epochs_come_at_whole_seconds_of_utc_which_they_state(bench: Bench) -> None:
    listen(bench, 10)
    for t_us, data in bench.line.log:
        if data.startswith(b"$"):
            since_s, rest_us = divmod(t_us - 60_000_000, 1_000_000)
            assert rest_us == 0
            assert len(data) <= 240, "one transfer of the line"
            assert b"$GPRMC,1200%02d.00," % since_s in data


def test_switched_off_and_on_it_searches_again(make_bench: type[Bench]) -> None:
    bench = make_bench(ttff_median_s=10, ttff_sigma=0).start_modem()
    listen(bench, 30)
    bench.at("+CGNSSPWR=0")
    assert bench.at("+CGNSSINFO") == "\r\n+CGNSSINFO: ,,,,,,,,\r\n\r\nOK\r\n"
    bench.at("+CGNSSPWR=1")
    bench.run_for(12)
    assert b",V," in bench.line.log[-1][1]


@given(st.floats(-90, 90, allow_nan=False))
def test_coordinates_are_written_without_sixty_minutes(value_deg: float) -> None:
    number, letter = coordinate(value_deg, 2, "NS").split(",")
    minutes = float(number[2:])
    assert minutes < 60
    sign = -1 if letter == "S" else 1
    assert sign * (int(number[:2]) + minutes / 60) == pytest.approx(value_deg, abs=2e-7)
