"""Advanced Mobile Location texts, read leniently: handsets in the field vary.

ETSI TS 103 625 V1.1.1 (version 1) and Google's Emergency Location Service text (version 2).
What is wrong but bearable is kept in `problems`; what would mislead is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

METHODS = {
    "G": "satellites",
    "W": "Wi-Fi",
    "C": "cell",
    "N": "none",
    "U": "unknown",
    "F": "fused",
}
_NO_LOCATION = "N"
_HEADER = re.compile(r'A"?ML=([0-9]+)')
_DECIMAL = re.compile(r"[+-]?[0-9]{1,7}(\.[0-9]{1,9})?")
_MAX_RADIUS_M = 20_037_508  # half the equator: no circle on the earth is larger


class AmlError(ValueError):
    """The text is not an AML message a person could rely on; says why."""


@dataclass(frozen=True, slots=True)
class AmlLocation:
    """One decoded text; degrees WGS 84, radius in metres at `confidence_pct`, time in UTC."""

    version: int
    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_m: float | None = None
    time: datetime | None = None
    confidence_pct: float | None = None
    method: str = ""
    imsi: str = ""
    imei: str = ""
    mcc: str = ""
    mnc: str = ""
    problems: tuple[str, ...] = ()

    @property
    def has_position(self) -> bool:
        """Whether the text locates anything: version 1 says 'no' with pm=N and zeros."""
        return None not in (self.lat_deg, self.lon_deg) and self.method != _NO_LOCATION

    @property
    def summary(self) -> str:
        """One phrase for a person: where, how exactly, by what."""
        if not self.has_position:
            return "no position"
        radius = "radius unknown" if self.radius_m is None else f"within {self.radius_m:g} m"
        method = METHODS.get(self.method, "unknown")
        return f"{self.lat_deg:+.5f} {self.lon_deg:+.5f}, {radius}, {method}"


def parse_aml(text: str) -> AmlLocation:
    """Read one text message. Raises AmlError."""
    stripped = text.strip()
    header, _, rest = stripped.partition(";")
    match = _HEADER.fullmatch(header)
    if match is None:
        raise AmlError('the text does not begin with A"ML=')
    values, problems = _pairs(rest)
    if '"' not in header:
        problems.append("the header lacks its quote")
    if match[1] == "1":
        problems += _length_problem(stripped, values)
        return replace(_version_1(values, problems), problems=tuple(problems))
    if match[1] == "2":
        return replace(_version_2(values, problems), problems=tuple(problems))
    raise AmlError(f"version {match[1][:8]} is not known")


def _pairs(text: str) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    problems = []
    for part in text.split(";"):
        key, equals, value = part.strip().partition("=")
        if not (equals and key and value):
            problems.append(f"attribute {part!r} is empty")
        elif key in values:
            problems.append(f"{key} occurs twice, the last one counts")
        values[key] = value
    return {key: value for key, value in values.items() if value}, problems


def _length_problem(text: str, values: Mapping[str, str]) -> list[str]:
    declared = values.get("ml", "")
    return [] if declared == str(len(text)) else [f"ml is {declared!r}, the length {len(text)}"]


def _version_1(values: Mapping[str, str], problems: list[str]) -> AmlLocation:
    return AmlLocation(
        version=1,
        lat_deg=_degrees(values, "lt", 90, problems),
        lon_deg=_degrees(values, "lg", 180, problems),
        radius_m=_radius(values.get("rd", ""), problems),
        time=_time(values.get("top", ""), problems),
        confidence_pct=_percent(values, problems),
        method=_method(values, "pm", problems),
        imsi=_digits(values, "si", problems),
        imei=_digits(values, "ei", problems),
        mcc=_digits(values, "mcc", problems),
        mnc=_digits(values, "mnc", problems),
    )


def _version_2(values: Mapping[str, str], problems: list[str]) -> AmlLocation:
    latitude, longitude, radius = (*values.get("lo", "").split(","), "", "")[:3]
    place = {"latitude": latitude, "longitude": longitude}
    network = _digits(values, "nc", problems)
    radius_m = _radius(radius, problems)
    return AmlLocation(
        version=2,
        lat_deg=_degrees(place, "latitude", 90, problems),
        lon_deg=_degrees(place, "longitude", 180, problems),
        radius_m=radius_m or None,  # 0 stands for unknown
        time=_relative_time(values, problems),
        confidence_pct=_percent(values, problems),
        method=_method(values, "ls", problems),
        imei=_digits(values, "ei", problems),
        mcc=network[:3],
        mnc=network[3:],
    )


def _degrees(values: Mapping[str, str], key: str, limit: int, problems: list[str]) -> float | None:
    text = values.get(key, "")
    if not text:
        problems.append(f"{key} is missing")
        return None
    if not _DECIMAL.fullmatch(text):
        raise AmlError(f"{key}={text[:20]!r} is not a number")
    if abs(float(text)) > limit:
        raise AmlError(f"{key}={text} is beyond {limit} degrees")
    return float(text)


def _radius(text: str, problems: list[str]) -> float | None:
    if text.upper() == "N":
        return None
    if not _DECIMAL.fullmatch(text) or not 0 <= float(text) <= _MAX_RADIUS_M:
        problems.append(f"radius {text[:20]!r} is not a distance" if text else "rd is missing")
        return None
    return float(text)


def _time(text: str, problems: list[str]) -> datetime | None:
    if not text:
        problems.append("top is missing")
        return None
    try:
        # strptime alone would take "2013071" for a date: it does not insist on two digits each
        digits = re.fullmatch(r"[0-9]{14}", text) and text
        return datetime.strptime(digits or "", "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise AmlError(f"top={text[:20]!r} is not a time YYYYMMDDhhmmss") from None


def _relative_time(values: Mapping[str, str], problems: list[str]) -> datetime | None:
    """Version 2 gives the call's start (Unix seconds) and the fix relative to it."""
    start, offset = values.get("et", ""), values.get("lt", "0")
    try:
        return datetime.fromtimestamp(int(start), UTC) + timedelta(seconds=float(offset))
    except (ValueError, OverflowError, OSError):
        problems.append(f"et={start[:20]!r} with lt={offset[:20]!r} is not a time")
        return None


def _percent(values: Mapping[str, str], problems: list[str]) -> float | None:
    text = values.get("lc", "")
    if not _DECIMAL.fullmatch(text) or not 0 <= float(text) <= 100:
        problems.append(f"lc={text[:20]!r} is not a percentage" if text else "lc is missing")
        return None
    return float(text)


def _method(values: Mapping[str, str], key: str, problems: list[str]) -> str:
    text = values.get(key, "").upper()
    if text in METHODS:
        return text
    problems.append(f"{key}={text[:20]!r} is not a method" if text else f"{key} is missing")
    return ""


def _digits(values: Mapping[str, str], key: str, problems: list[str]) -> str:
    text = values.get(key, "")
    if re.fullmatch(r"[0-9]{1,16}", text):
        return text
    problems.append(f"{key}={text[:20]!r} is not digits" if text else f"{key} is missing")
    return ""
