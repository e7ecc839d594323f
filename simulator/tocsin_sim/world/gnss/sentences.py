"""NMEA 0183 sentences: framing, and the four a synthetic receiver sends."""

import re
from datetime import datetime
from functools import cache, reduce
from operator import xor

_SENTENCE = re.compile(rb"\$([A-Z]{2})([A-Z]{3}),([^\r\n*$]*)(?:\*([0-9A-Fa-f]{2}))?")
_TIME_FIELD = {b"RMC": 0, b"GGA": 0, b"GNS": 0, b"ZDA": 0, b"GST": 0, b"GLL": 4}
_TIME = re.compile(rb"([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(?:\.(\d+))?")


def checksum(body: bytes) -> int:
    """Return the exclusive or of the octets between `$` and `*` (NMEA 0183 clause 5.3.1)."""
    return reduce(xor, body, 0)


def sentence(body: str) -> bytes:
    """Frame a body such as `GPGGA,...`: `$`, checksum, CR LF."""
    return b"$%s*%02X\r\n" % (body.encode(), checksum(body.encode()))


def formatter(line: bytes) -> bytes | None:
    """Return the sentence formatter (`GGA`, `RMC`, ...) in a line, None when it holds none."""
    match = _SENTENCE.search(line)
    return match[2] if match else None


def is_intact(line: bytes) -> bool:
    """Tell whether a line holds a sentence with a right checksum."""
    match = _SENTENCE.search(line)
    if match is None or match[4] is None:
        return False
    return checksum(match[1] + match[2] + b"," + match[3]) == int(match[4], 16)


def time_of_day_us(line: bytes) -> int | None:
    """Return the UTC time of day an intact sentence states, None for any other line."""
    match = _SENTENCE.search(line)
    if match is None or match[2] not in _TIME_FIELD or not (match[4] is None or is_intact(line)):
        return None
    values = match[3].split(b",")
    index = _TIME_FIELD[match[2]]
    time = _TIME.fullmatch(values[index]) if index < len(values) else None
    if time is None:
        return None
    hours, minutes, seconds = (int(part) for part in time.groups()[:3])
    fraction_us = int((time[4] or b"0").ljust(6, b"0")[:6])
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction_us


def coordinate(value_deg: float, degree_digits: int, letters: str) -> str:
    """Write degrees as `ddmm.mmmmm,N` (two digits, `NS`) or `dddmm.mmmmm,E` (three, `EW`)."""
    units = round(abs(value_deg) * 60 * 100_000)
    degrees, units = divmod(units, 60 * 100_000)
    minutes, units = divmod(units, 100_000)
    return f"{degrees:0{degree_digits}d}{minutes:02d}.{units:05d},{letters[value_deg < 0]}"


def fix_epoch(utc: datetime, lat_deg: float, lon_deg: float, hdop: float) -> bytes:
    """Return one second's GGA, GSA, GSV and RMC with a fix, in fewer than 240 octets."""
    time, date = _time_and_date(utc)
    place = f"{coordinate(lat_deg, 2, 'NS')},{coordinate(lon_deg, 3, 'EW')}"
    return b"".join(
        (
            sentence(f"GPGGA,{time},{place},1,08,{hdop:.1f},12.0,M,47.0,M,,"),
            _active(hdop),
            _IN_VIEW,
            sentence(f"GPRMC,{time},A,{place},0.0,,{date},,,A"),
        )
    )


def void_epoch(utc: datetime) -> bytes:
    """Return one second's GGA, GSA, GSV and RMC without a fix, the time known."""
    time, date = _time_and_date(utc)
    return b"".join(
        (
            sentence(f"GPGGA,{time},,,,,0,00,,,M,,M,,"),
            _NONE_ACTIVE,
            _IN_VIEW,
            sentence(f"GPRMC,{time},V,,,,,,,{date},,,N"),
        )
    )


def _time_and_date(utc: datetime) -> tuple[str, str]:
    # strftime() takes several times as long.
    time = f"{utc.hour:02d}{utc.minute:02d}{utc.second:02d}.00"
    return time, f"{utc.day:02d}{utc.month:02d}{utc.year % 100:02d}"


@cache
def _active(hdop: float) -> bytes:
    return sentence(f"GPGSA,A,3,02,05,07,13,15,20,27,30,,,,,{2 * hdop:.1f},{hdop:.1f},1.5")


_NONE_ACTIVE = sentence("GPGSA,A,1,,,,,,,,,,,,,,,")
_IN_VIEW = sentence("GPGSV,1,1,02,05,62,118,41,13,44,291,38")
