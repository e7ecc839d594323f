"""What a modem itself tells of its position: the date may be wrong, the position counts."""

from datetime import UTC, datetime

import pytest
from portable_cases.still_clock import StillClock

from tocsin.location.fix import Fix
from tocsin.location.plausible import Plausibility
from tocsin.location.reading import ReadingParser
from tocsin.utc import UtcClock

READINGS = [
    "+CGNSSINFO: 2,09,05,00,3113.330650,N,12121.262554,E,1403{},120000.0,32.9,0.0,,1.6,1.0,1.3",
    "+CGPSINFO: 3113.330650,N,12121.262554,E,1403{},120000.0,32.9,0.0,0.0",
    "+QGPSLOC: 120000.0,3113.330650N,12121.262554E,1.0,32.9,2,0.00,0.0,0.0,1403{},09",
]
PLACE = (312_221_775, 1_213_543_759)


def read(line: str) -> tuple[bool, Fix]:
    fix = Fix()
    buf = bytearray(line.encode())
    return ReadingParser(fix, StillClock()).feed_line(buf, 0, len(buf)), fix


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("year", ["26", "06", "79"])
def test_a_position_counts_whatever_its_year(reading: str, year: str) -> None:
    is_told, fix = read(reading.format(year))
    assert is_told
    assert (fix.lat_deg_e7, fix.lon_deg_e7) == PLACE
    assert fix.year == 2000 + int(year)


@pytest.mark.parametrize("reading", READINGS)
def test_a_receiver_that_has_lost_the_weeks_is_redated_by_the_network(reading: str) -> None:
    _, fix = read(reading.format("06"))
    utc = UtcClock(StillClock())
    utc.learn((2026, 3, 14, 12, 0, 2))
    assert Plausibility(utc).accepts(fix)
    told = datetime(fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second, tzinfo=UTC)
    assert told == datetime(2026, 3, 14, 12, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("year", ["80", "99"])
def test_a_receiver_that_counts_from_its_own_epoch_has_no_position(reading: str, year: str) -> None:
    is_told, fix = read(reading.format(year))
    assert not is_told
    assert not fix.valid
