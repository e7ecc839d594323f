"""The NMEA parser on recordings of real receivers, judged by pynmeagps and by gpsd's own output."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portable_cases.nmea_cases import CASES
from portable_cases.still_clock import StillClock
from pynmeagps import NMEAReader
from pynmeagps.exceptions import NMEAMessageError, NMEAParseError, NMEAStreamError, NMEATypeError

from tocsin.location.fix import Fix
from tocsin.location.nmea import NmeaParser

NOT_PARSED = (NMEAParseError, NMEAStreamError, NMEAMessageError, NMEATypeError)
POSITION_TOLERANCE_E7 = 1


@dataclass(frozen=True)
class Heard:
    """What the parser said of one line."""

    line: bytes
    gave_fix: bool
    valid: bool
    lat_deg_e7: int
    lon_deg_e7: int
    radius_m: int
    utc: datetime | None


def checked(body: str) -> bytes:
    """A sentence with `$` and checksum round its body."""
    checksum = 0
    for byte in body.encode():
        checksum ^= byte
    return f"${body}*{checksum:02X}".encode()


def utc_of(fix: Fix) -> datetime | None:
    if not fix.year:
        return None
    minute = datetime(fix.year, fix.month, fix.day, fix.hour, fix.minute, tzinfo=UTC)
    return minute + timedelta(seconds=fix.second)


def replay(log: bytes) -> list[Heard]:
    """Feed a recording line by line."""
    fix = Fix()
    parser = NmeaParser(fix, StillClock())
    heard = []
    for line in log.replace(b"\r", b"\n").split(b"\n"):
        gave_fix = parser.feed_line(bytearray(line), 0, len(line))
        heard.append(
            Heard(
                line, gave_fix, fix.valid, fix.lat_deg_e7, fix.lon_deg_e7, fix.radius_m, utc_of(fix)
            )
        )
    return heard


def fixes(log: bytes) -> list[Heard]:
    return [heard for heard in replay(log) if heard.gave_fix]


def recordings(shared_data: Path) -> Iterator[Path]:
    paths = sorted((shared_data / "nmea").iterdir())
    assert len(paths) > 50
    return (path for path in paths if path.suffix != ".chk")


def reference(line: bytes) -> tuple[int, int] | None:
    """Position in 1e-7 degrees that pynmeagps reads in a line, None when it reads none."""
    start = line.rfind(b"$")
    try:
        message = NMEAReader.parse(line[start:] + b"\r\n", validate=1)
    except NOT_PARSED:
        return None
    if message is None or not isinstance(getattr(message, "lat", ""), float):
        return None
    return round(message.lat * 1e7), round(message.lon * 1e7)


def gpsd_fixes(check: Path) -> list[tuple[datetime, float, float]]:
    """Time, latitude and longitude of every fix in gpsd's expected output."""
    found = []
    for line in check.read_bytes().splitlines():
        report = json.loads(line) if line.startswith(b'{"class":"TPV"') else {}
        if report.get("mode", 0) >= 2 and {"time", "lat", "lon"} <= report.keys():
            time = datetime.fromisoformat(report["time"]).replace(microsecond=0)
            found.append((time, report["lat"], report["lon"]))
    return found


def test_every_position_of_every_recording_is_the_one_pynmeagps_reads(shared_data: Path) -> None:
    compared = 0
    for path in recordings(shared_data):
        for heard in fixes(path.read_bytes()):
            expected = reference(heard.line)
            if expected is None:  # GST moves the radius, not the position
                continue
            assert abs(heard.lat_deg_e7 - expected[0]) <= POSITION_TOLERANCE_E7, (path, heard)
            assert abs(heard.lon_deg_e7 - expected[1]) <= POSITION_TOLERANCE_E7, (path, heard)
            compared += 1
    assert compared > 900


# Left out: gpsd dates neo-m8n by its own clock, times two others otherwise, and accepts a
# receiver that never tells an HDOP (magellan-ec10).
OTHERWISE_TIMED = {"gpsd_neo-m8n", "gpsd_bt451", "gpsd_humminbird-M37", "gpsd_magellan-ec10"}
BINARY_POSITIONS = {"gpsd_ublox8-uniqid-monhw"}


def test_every_fix_of_gpsd_is_found_with_its_time(shared_data: Path) -> None:
    compared = 0
    for check in sorted((shared_data / "nmea").glob("*.log.chk")):
        log = check.with_suffix("")
        if log.stem in OTHERWISE_TIMED | BINARY_POSITIONS:
            continue
        found = {
            (heard.utc, heard.lat_deg_e7, heard.lon_deg_e7) for heard in fixes(log.read_bytes())
        }
        for time, lat, lon in gpsd_fixes(check):
            near = [
                (lat_e7, lon_e7)
                for utc, lat_e7, lon_e7 in found
                if utc == time and abs(lat_e7 - lat * 1e7) < 2 and abs(lon_e7 - lon * 1e7) < 2
            ]
            assert near, (log.name, time, lat, lon)
            compared += 1
    assert compared > 900


def test_lte_modem_tells_its_first_fix_at_its_epoch_and_every_loss(shared_data: Path) -> None:
    heard = replay((shared_data / "nmea/gpsd_quectel-eg25-g.log").read_bytes())
    first = next(one for one in heard if one.gave_fix)
    assert astuple(first)[2:] == (
        True, 367646054, 314111713, 16, datetime(2022, 9, 11, 19, 15, 3, tzinfo=UTC),
    )  # fmt: skip
    changes = [two.valid for one, two in pairwise(heard) if one.valid != two.valid]
    assert changes == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("name", "lat_deg", "lon_deg", "utc"),
    [
        ("gpsd_mtk-3301.log", 52.2163689, 6.8850232, "2008-08-23T08:14:36Z"),
        ("gpsd_rgm3800.log", 48.2614717, 11.6727917, "2008-08-21T10:25:23Z"),
        ("gpsd_haicom-305N.log", -27.2108667, 153.0523283, "2007-04-08T09:53:04Z"),
        ("gpsd_sl869.log", -33.6795533, 151.2907967, "2012-11-25T10:21:43Z"),
        ("gpsd_myguide-3100.log", 56.2166300, -3.1122650, "2009-10-08T10:50:29Z"),
        ("gpsd_st-teseo-liv4f.log", 47.3834140, 0.7646917, "2025-03-21T13:58:06Z"),
    ],
)
def test_first_fix_of_a_receiver_is_its_first_true_one(
    shared_data: Path, name: str, lat_deg: float, lon_deg: float, utc: str
) -> None:
    first = fixes((shared_data / "nmea" / name).read_bytes())[0]
    assert (first.lat_deg_e7, first.lon_deg_e7) == (round(lat_deg * 1e7), round(lon_deg * 1e7))
    assert first.utc == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    "name",
    [
        "gpsd_holux-gm-210.log", "gpsd_skytraq.log", "gpsd_ublox-lea-5q.log", "gpsd_pypilot.log",
        "pynmeagps_nmeastartup.log", "pynmeagps_nmeabadck.log", "pynmeagps_maritime.log",
        "pyubx2_ucenter_coldstart_mixed.ubx", "simcom_a7670_nofix_issue25.nmea",
    ],
)  # fmt: skip
def test_receiver_without_a_fix_never_gives_one(shared_data: Path, name: str) -> None:
    assert not any(heard.valid for heard in replay((shared_data / "nmea" / name).read_bytes()))


@pytest.mark.parametrize(
    "break_up",
    [lambda log: log[7:], lambda log: log.replace(b"A", b"\x00A"), lambda log: log[::-1]],
)
def test_broken_recordings_give_only_positions_the_whole_ones_have(
    shared_data: Path, break_up: Callable[[bytes], bytes]
) -> None:
    for path in recordings(shared_data):
        log = path.read_bytes()
        whole = {(one.lat_deg_e7, one.lon_deg_e7) for one in fixes(log)}
        broken = {(one.lat_deg_e7, one.lon_deg_e7) for one in fixes(break_up(log))}
        assert broken <= whole, path


RMC = "GPRMC,{time},A,{lat},N,{lon},E,0.0,0.0,{date},,,A"
GGA = "GPGGA,{time},{lat},N,{lon},E,{quality},08,{hdop},100.0,M,0.0,M,,"


def sentence(shape: str, **changes: str) -> bytes:
    usual = {
        "time": "120000.00", "lat": "5000.0000", "lon": "00700.0000", "date": "140326",
        "quality": "1", "hdop": "1.0",
    }  # fmt: skip
    return checked(shape.format(**(usual | changes)))


def state_after(*lines: bytes) -> tuple[Fix, NmeaParser]:
    fix = Fix()
    parser = NmeaParser(fix, StillClock(4711))
    for line in lines:
        parser.feed_line(bytearray(line), 0, len(line))
    return fix, parser


@given(st.floats(-89.999, 89.999), st.floats(-179.999, 179.999), st.integers(3, 9))
def test_any_position_comes_out_within_its_digits(lat: float, lon: float, decimals: int) -> None:
    def field(angle: float, degree_digits: int) -> str:
        units = round(abs(angle) * 60 * 10**decimals)
        degrees, minutes = divmod(units, 60 * 10**decimals)
        whole, rest = divmod(minutes, 10**decimals)
        return f"{degrees:0{degree_digits}d}{whole:02d}.{rest:0{decimals}d}"

    rmc = checked(
        f"GNRMC,120000.00,A,{field(lat, 2)},{'S' if lat < 0 else 'N'},"
        f"{field(lon, 3)},{'W' if lon < 0 else 'E'},,,140326,,,A"
    )
    fix, _ = state_after(sentence(GGA), rmc)
    step_e7 = 1e7 / 60 / 10**decimals / 2 + 1
    assert abs(fix.lat_deg_e7 - lat * 1e7) <= step_e7
    assert abs(fix.lon_deg_e7 - lon * 1e7) <= step_e7


@given(st.integers(1, 9999))
def test_radius_is_twelve_metres_of_hdop_rounded_up(hdop_e2: int) -> None:
    gga = sentence(GGA, hdop=f"{hdop_e2 // 100}.{hdop_e2 % 100:02d}")
    fix, _ = state_after(sentence(RMC), gga)
    assert fix.valid
    assert fix.radius_m == math.ceil(hdop_e2 * 12 / 100)


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": "0000.0000", "lon": "00000.0000"}, {"lat": "8960.0000"}, {"lat": "9000.0001"},
        {"lat": ""}, {"lon": "18000.0001"}, {"lon": "-0700.0000"}, {"lon": "00700.00x0"},
        {"hdop": ""}, {"hdop": "0.0"}, {"quality": "0"}, {"quality": "6"}, {"quality": "8"},
        {"quality": ""}, {"time": ""}, {"time": "2400"}, {"time": "240000"}, {"time": "126000"},
    ],
)  # fmt: skip
def test_implausible_gga_gives_no_fix(changes: dict[str, str]) -> None:
    fix, _ = state_after(checked("GPZDA,115959.00,14,03,2026,,"), sentence(GGA, **changes))
    assert not fix.valid
    assert state_after(checked("GPZDA,115959.00,14,03,2026,,"), sentence(GGA))[0].valid


@pytest.mark.parametrize("date", ["050180", "220899", "000000", "310226", "290225", "011326", ""])
def test_implausible_date_gives_neither_fix_nor_utc(date: str) -> None:
    fix, parser = state_after(sentence(GGA), sentence(RMC, date=date), sentence(GGA))
    assert not fix.valid
    assert not parser.utc_valid


def test_utc_is_known_without_a_fix() -> None:
    fix, parser = state_after(checked("GNRMC,172922.00,V,,,,,,,070223,,,N,V"))
    assert not fix.valid
    assert parser.utc_valid
    assert parser.utc_ticks_ms == 4711
    told = (parser.year, parser.month, parser.day, parser.hour, parser.minute, parser.second)
    assert told == (2023, 2, 7, 17, 29, 22)


def test_fix_after_midnight_waits_for_the_new_date() -> None:
    lines = [
        sentence(RMC, time="235959.00", date="311225"),
        sentence(GGA, time="235959.00"),
        sentence(GGA, time="000000.00"),
        sentence(RMC, time="000000.00", date="010126"),
    ]
    told = [utc_of(state_after(*lines[:count])[0]) for count in range(2, 5)]
    last_year = datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert told == [last_year, last_year, datetime(2026, 1, 1, tzinfo=UTC)]


def test_a_date_is_not_that_of_a_time_heard_a_day_later() -> None:
    clock = StillClock()
    fix = Fix()
    parser = NmeaParser(fix, clock)
    heard = []
    for after_s, line in (
        (0, sentence(RMC, time="060000.00")),
        (0, sentence(GGA, time="060000.00")),
        (25 * 3600 + 5, sentence(GGA, time="070005.00")),
        (25 * 3600 + 5, sentence(RMC, time="070005.00", date="150326")),
    ):
        clock.ticks = after_s * 1000
        heard.append(parser.feed_line(bytearray(line), 0, len(line)))
    assert heard == [False, True, False, True]
    assert utc_of(fix) == datetime(2026, 3, 15, 7, 0, 5, tzinfo=UTC)


def test_leap_second_is_kept(shared_data: Path) -> None:
    log = (shared_data / "nmea/leapsecond_2016_constructed.nmea").read_bytes()
    fix, _ = state_after(checked("GPGSA,A,3,,,,,,,,,,,,,2.0,1.0,1.7"), *log.splitlines()[:3])
    assert (fix.day, fix.hour, fix.minute, fix.second) == (31, 23, 59, 60)


def test_hdop_of_before_a_loss_does_not_vouch_for_the_fix_after_it() -> None:
    lost = sentence(GGA, quality="0")
    fix, _ = state_after(sentence(GGA), sentence(RMC), lost, sentence(RMC))
    assert not fix.valid


def test_sentence_of_a_maker_is_not_taken_for_a_standard_one() -> None:
    body = sentence(RMC).decode()[1:-3].replace("GPRMC", "PGRMC")
    fix, parser = state_after(sentence(GGA), checked(body))
    assert not fix.valid
    assert not parser.utc_valid


@given(st.binary(max_size=90), st.data())
def test_garbage_around_and_inside_never_raises(garbage: bytes, data: st.DataObject) -> None:
    _, lines, _ = data.draw(st.sampled_from(CASES))
    line = bytearray(data.draw(st.sampled_from(lines)))
    cut = data.draw(st.integers(0, len(line)))
    for text in (garbage, garbage + line, line[:cut] + garbage, line[:cut] + garbage + line[cut:]):
        state_after(bytes(text))


@given(st.binary(max_size=30).filter(lambda junk: b"*" not in junk))
def test_junk_before_a_sentence_does_not_hide_it(junk: bytes) -> None:
    assert state_after(sentence(GGA), junk + sentence(RMC))[0].valid
