"""Geometry of the stage waterfall; the template only draws what stands here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin_host.measure.report.scale import round_step
from tocsin_host.measure.stages import CAUSE, StageMark, marks_of, press_us
from tocsin_host.wire import Reporter, Stage

WIDTH, LABEL_WIDTH, ROW_HEIGHT, TOP, BOTTOM = 960, 190, 26, 10, 36
_VALUE_WIDTH = 132  # room right of the plot for the label of a late mark
_PLOT_WIDTH = WIDTH - LABEL_WIDTH - _VALUE_WIDTH
_MIN_SPAN_US = 1_000_000
_HEADROOM = 1.03
_MOST_TICKS = 10
_MOST_TIMES = 2
_LETTER_WIDTH = 6.6  # of the 12 px label font
_CALL = {Stage.DIALLED, Stage.ALERTING, Stage.ANSWERED, Stage.MODEM_CONNECTED}


@dataclass(frozen=True, slots=True)
class Bar:
    """From what a stage waited for to the stage; `width` may be 0."""

    x: float
    width: float
    css: str


@dataclass(frozen=True, slots=True)
class Row:
    """One stage: its bars, its marks as x and CSS class, and a label; `is_beyond` the axis."""

    stage: Stage
    y: float
    bars: tuple[Bar, ...]
    points: tuple[tuple[float, str], ...]
    label: str
    label_x: float
    label_anchor: str = "start"
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled line of the time axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The drawing: rows top-down and the axis, in units of a WIDTH x `height` view box."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    height: int
    width: int = WIDTH
    row_height: int = ROW_HEIGHT
    plot_left: int = LABEL_WIDTH
    plot_right: int = LABEL_WIDTH + _PLOT_WIDTH


def draw_waterfall(marks: Sequence[StageMark]) -> Waterfall:
    """Lay out the stages from the press on; a stage later than the axis ends at its arrow."""
    zero_us = press_us(marks) or 0
    span_us = _span_us(marks, zero_us)
    rows = tuple(
        _row(stage, TOP + index * ROW_HEIGHT, marks, zero_us, span_us)
        for index, stage in enumerate(Stage)
    )
    return Waterfall(rows, tuple(_ticks(span_us)), TOP + len(rows) * ROW_HEIGHT + BOTTOM)


def reporter_css(reporter: Reporter) -> str:
    """Return the CSS class a reporter's colour hangs on."""
    return str(reporter).replace(" ", "-")


def _span_us(marks: Sequence[StageMark], zero_us: int) -> float:
    """Up to the last mark of the call and the first of every other stage but CLOSED.

    Updates and the end may come much later and would squeeze all the rest.
    """
    shown = [mark.t_us - zero_us for mark in marks if mark.stage in _CALL]
    for stage in set(Stage) - _CALL - {Stage.CLOSED}:
        shown += [mark.t_us - zero_us for mark in marks_of(marks, stage)[:1]]
    return max([_MIN_SPAN_US, *shown]) * _HEADROOM


def _row(stage: Stage, y: float, marks: Sequence[StageMark], zero_us: int, span_us: float) -> Row:
    def x(t_us: float) -> float:
        share = min(max(t_us - zero_us, 0), span_us) / span_us
        return round(LABEL_WIDTH + share * _PLOT_WIDTH, 1)

    own = marks_of(marks, stage)
    if not own:
        return Row(stage, y, (), (), "not reached", LABEL_WIDTH + 8)
    inside = [mark for mark in own if mark.t_us - zero_us <= span_us]
    bars = tuple(
        Bar(x(start_us), round(x(mark.t_us) - x(start_us), 1), reporter_css(mark.reporter))
        for mark, start_us in _waits(stage, own, marks)
    )
    points = tuple((x(mark.t_us), reporter_css(mark.reporter)) for mark in inside)
    label = _label([mark.t_us - zero_us for mark in own])
    label_x, anchor = _label_place(x(own[-1].t_us), label)
    # the earliest mark last, so that it is drawn on top
    return Row(stage, y, bars, points[::-1], label, label_x, anchor, len(inside) < len(own))


def _label_place(mark_x: float, label: str) -> tuple[float, str]:
    """Right of the mark, or before it where the drawing ends."""
    if mark_x + 12 + len(label) * _LETTER_WIDTH <= WIDTH:
        return mark_x + 12, "start"
    return mark_x - 10, "end"


def _waits(
    stage: Stage, own: Sequence[StageMark], marks: Sequence[StageMark]
) -> Iterator[tuple[StageMark, int]]:
    """Each mark with the moment its cause came about, unless an earlier mark used that up."""
    cause = CAUSE.get(stage)
    causes = marks_of(marks, cause) if cause is not None else []
    previous_us: int | None = None
    for mark in own:
        start_us = max((each.t_us for each in causes if each.t_us <= mark.t_us), default=None)
        if start_us is not None and (previous_us is None or start_us >= previous_us):
            yield mark, start_us
        previous_us = mark.t_us


def _label(times_us: Sequence[int]) -> str:
    times = list(dict.fromkeys(f"{t_us / 1e6:.3f}" for t_us in times_us))
    more = f" +{len(times) - _MOST_TIMES}" if len(times) > _MOST_TIMES else ""
    return f"{', '.join(times[:_MOST_TIMES])} s{more}"


def _ticks(span_us: float) -> Iterator[Tick]:
    step_s = round_step(span_us / 1e6, _MOST_TICKS)
    for index in range(int(span_us / 1e6 / step_s) + 1):
        x = LABEL_WIDTH + index * step_s * 1e6 / span_us * _PLOT_WIDTH
        yield Tick(round(x, 1), f"{index * step_s:g} s")
