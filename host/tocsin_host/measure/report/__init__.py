"""One run as one self-contained HTML page: no scripts, no network, dark and light, prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin_host.errors import UsageError
from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.report.map_sketch import draw_map
from tocsin_host.measure.report.told import told
from tocsin_host.measure.report.waterfall import draw_waterfall
from tocsin_host.measure.stages import press_us, split
from tocsin_host.measure.timeline import milliseconds
from tocsin_host.measure.verdict import judge, seconds
from tocsin_host.printable import printable
from tocsin_host.wire import Stage

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class StageRow:
    """One line of the stage table; `time` is None for a stage that was not reached."""

    stage: Stage
    time: str | None
    reporter: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the headline."""

    label: str
    value: str
    is_none: bool


def write_report(record: RunRecord, path: Path) -> None:
    """Write the page to `path`. Raises UsageError when it cannot be written."""
    page = render_report(record)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"the report cannot be written to {path}: {error.strerror}",
            "give a file in a folder that exists and may be written",
        ) from error


def render_report(record: RunRecord) -> str:
    """Return the page as HTML text."""
    zero_us = press_us(record.marks)
    template = _environment(zero_us or 0).get_template("page.html.j2")
    return template.render(
        record=record,
        verdict=judge(record),
        is_pressed=zero_us is not None,
        tiles=list(_tiles(record)),
        waterfall=draw_waterfall(record.marks),
        rows=list(_stage_rows(record, zero_us or 0)),
        map=draw_map(record),
        told=told(record.notices_felt, record.notices_claimed),
    )


def _environment(zero_us: int) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tocsin_host.measure.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["safe_text"] = printable
    environment.filters["ms"] = lambda t_us: milliseconds(t_us - zero_us)
    return environment


def _tiles(record: RunRecord) -> Iterator[Tile]:
    parts = split(record.marks)
    yield _tile("press to answer", parts.activation_to_answer_us)
    yield _tile("device: press to dial", parts.device_us)
    if parts.earlier_attempts_us:
        yield _tile("earlier attempts", parts.earlier_attempts_us)
    yield _tile("network: dial to ring", parts.network_us)
    yield _tile("answer: ring to off-hook", parts.answer_us)


def _tile(label: str, duration_us: int | None) -> Tile:
    return Tile(label, seconds(duration_us), is_none=duration_us is None)


def _stage_rows(record: RunRecord, zero_us: int) -> Iterator[StageRow]:
    for mark in sorted(record.marks, key=lambda mark: (mark.t_us, mark.stage)):
        detail = printable(mark.detail)
        if mark.attempt > 1:
            detail = f"attempt {mark.attempt} {detail}"
        yield StageRow(mark.stage, milliseconds(mark.t_us - zero_us), mark.reporter, detail)
    reached = {mark.stage for mark in record.marks}
    for stage in Stage:
        if stage not in reached:
            yield StageRow(stage, None)
