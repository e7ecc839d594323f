"""Geometry of the map sketch: positions told to the answer point, as circles on a metre grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin_host.answerpoint.aml import METHODS
from tocsin_host.measure.record import RunRecord, TagMark, TextMark
from tocsin_host.measure.report.scale import round_step
from tocsin_host.wire import FixSource

SIZE = 480
_MARGIN = 1.25
_MIN_HALF_M = 25.0
_METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180  # mean earth radius, IUGG
_LABEL_PLACES = ((8, -8), (-18, 20))  # near spots take turns
_STYLES = 4
_NO_AGE = 0xFFFF
_TAG_METHODS = {
    FixSource.GNSS: "satellites",
    FixSource.LAST_KNOWN: "last known",
    FixSource.CELL: "cell",
}


@dataclass(frozen=True, slots=True)
class Position:
    """One position as it was told; degrees WGS 84, `t_us` when it arrived."""

    number: int
    source: str
    t_us: int
    lat_deg: float
    lon_deg: float
    radius_m: float | None
    method: str
    age: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Positions at the same place, drawn once; `r` is 0 when the radius is unknown."""

    x: float
    y: float
    r: float
    label: str
    label_x: float
    label_y: float
    style: int


@dataclass(frozen=True, slots=True)
class MapSketch:
    """The drawing in units of a SIZE x SIZE view box, north up, and the positions behind it."""

    positions: tuple[Position, ...]
    spots: tuple[Spot, ...]
    grid: tuple[float, ...]
    scale_width: float
    scale_label: str
    size: int = SIZE


def draw_map(record: RunRecord) -> MapSketch | None:
    """Lay out all positions that reached the answer point; None when there is none."""
    positions = _positions(record)
    if not positions:
        return None
    lat0, lon0 = _middle(positions)
    offsets = [_offset_m(each, lat0, lon0) for each in positions]
    half_m = _half_m(positions, offsets)
    scale = SIZE / 2 / half_m
    step_m = round_step(2 * half_m, 5)
    return MapSketch(
        positions,
        tuple(_spots(positions, offsets, scale)),
        tuple(_grid(step_m * scale)),
        round(step_m * scale, 1),
        _distance(step_m),
    )


def _positions(record: RunRecord) -> tuple[Position, ...]:
    marks: list[TextMark | TagMark] = [*record.texts, *record.tags]
    told = sorted(marks, key=lambda mark: mark.t_us)
    found: list[Position] = []
    for mark in told:
        number = len(found) + 1
        position = _of_text(number, mark) if isinstance(mark, TextMark) else _of_tag(number, mark)
        if position is not None:
            found.append(position)
    return tuple(found)


def _of_text(number: int, mark: TextMark) -> Position | None:
    where = mark.location
    if where is None or not where.has_position:
        return None
    assert where.lat_deg is not None
    assert where.lon_deg is not None
    fixed = f"fixed {where.time:%Y-%m-%d %H:%M:%S} UTC" if where.time else "not told"
    method = METHODS.get(where.method, "unknown")
    return Position(
        number, "AML text", mark.t_us, where.lat_deg, where.lon_deg, where.radius_m, method, fixed
    )


def _of_tag(number: int, mark: TagMark) -> Position | None:
    report = mark.report
    method = _TAG_METHODS.get(report.fix_source)
    has_place = report.lat_deg_e7 or report.lon_deg_e7
    if method is None or not has_place:
        return None
    age = "not told" if report.fix_age_s == _NO_AGE else f"{report.fix_age_s} s old when sent"
    latitude, longitude = report.lat_deg_e7 / 1e7, report.lon_deg_e7 / 1e7
    radius_m = report.radius_m or None
    return Position(number, "tag report", mark.t_us, latitude, longitude, radius_m, method, age)


def _middle(positions: Sequence[Position]) -> tuple[float, float]:
    """The newest best position: the map is about where the person is."""
    best = min(reversed(positions), key=lambda each: each.radius_m or math.inf)
    return best.lat_deg, best.lon_deg


def _offset_m(position: Position, lat0: float, lon0: float) -> tuple[float, float]:
    """East and north of the middle, equirectangular: exact enough for a few kilometres."""
    east_deg = (position.lon_deg - lon0 + 180) % 360 - 180
    north_deg = position.lat_deg - lat0
    east = east_deg * math.cos(math.radians(lat0)) * _METRES_PER_DEGREE
    return east, north_deg * _METRES_PER_DEGREE


def _half_m(positions: Sequence[Position], offsets: Sequence[tuple[float, float]]) -> float:
    reaches = [
        max(abs(east), abs(north)) + (position.radius_m or 0)
        for position, (east, north) in zip(positions, offsets, strict=True)
    ]
    return max(_MIN_HALF_M, *reaches) * _MARGIN


def _spots(
    positions: Sequence[Position], offsets: Sequence[tuple[float, float]], scale: float
) -> Iterator[Spot]:
    places: dict[tuple[float, float, float], list[int]] = {}
    for position, (east, north) in zip(positions, offsets, strict=True):
        x, y = SIZE / 2 + east * scale, SIZE / 2 - north * scale
        place = (round(x), round(y), round((position.radius_m or 0) * scale))
        places.setdefault(place, []).append(position.number)
    for style, ((x, y, r), numbers) in enumerate(places.items()):
        aside, above = _LABEL_PLACES[style % len(_LABEL_PLACES)]
        label = ", ".join(map(str, numbers))
        yield Spot(x, y, r, label, x + aside, y + above, style % _STYLES)


def _grid(step: float) -> Iterator[float]:
    count = int(SIZE / 2 / step)
    for index in range(-count, count + 1):
        yield round(SIZE / 2 + index * step, 1)


def _distance(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
