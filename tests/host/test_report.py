from __future__ import annotations

import math
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host.errors import UsageError
from tocsin_host.measure import AtLine, NoticeMark, RunRecord, StageMark
from tocsin_host.measure.report import render_report, write_report
from tocsin_host.measure.report.map_sketch import SIZE, draw_map
from tocsin_host.measure.report.scale import round_step
from tocsin_host.measure.report.told import told
from tocsin_host.measure.report.waterfall import WIDTH, draw_waterfall
from tocsin_host.wire import Notice, Reporter, Stage

if TYPE_CHECKING:
    from pathlib import Path

_VOID = {"meta", "br", "input", "line", "path", "rect", "circle"}


class _Page(HTMLParser):
    """The page as a strict reader sees it: balanced tags, the text, what it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open_tags == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in _VOID:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_begins_with_the_verdict_and_names_every_stage(passed_run: RunRecord) -> None:
    page = _Page(render_report(passed_run))
    assert page.text.index("PASS: answered 4.733 s") < page.text.index("Stages")
    for stage in Stage:
        assert stage.name in page.text
        assert stage.meaning in page.text


def test_the_page_needs_nothing_from_outside_and_runs_nothing(passed_run: RunRecord) -> None:
    html = render_report(passed_run)
    page = _Page(html)
    assert "script" not in page.tags
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert not re.search(r"url\(|@import|https?://", html)


def test_ids_on_the_page_are_unique(passed_run: RunRecord) -> None:
    ids = _Page(render_report(passed_run)).ids
    assert len(ids) == len(set(ids))


def test_text_from_a_device_cannot_become_markup(passed_run: RunRecord) -> None:
    hostile = "<script>alert(1)</script>\x1b[2J\u202e"
    passed_run.board = passed_run.scenario = passed_run.vm_version = hostile
    passed_run.crash_text = passed_run.digest = hostile
    passed_run.problems = passed_run.dialled_numbers = [hostile]
    passed_run.at_transcript = [AtLine(0, False, hostile)]
    passed_run.marks.append(StageMark(Stage.CLOSED, 0, Reporter.FIRMWARE, hostile))
    html = render_report(passed_run)
    assert "script" not in _Page(html).tags
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_an_empty_run_still_makes_a_page() -> None:
    page = _Page(render_report(RunRecord("lilygo_t_a7670", 1)))
    assert "FAIL: the button was never pressed" in page.text
    assert "No position reached the answer point" in page.text


def test_a_failed_run_lists_every_further_finding(passed_run: RunRecord) -> None:
    passed_run.crash_text = "MemoryError"
    passed_run.acknowledgements.clear()
    page = _Page(render_report(passed_run))
    assert "the firmware crashed (MemoryError)" in page.text


def test_the_page_is_written_or_the_reason_said(passed_run: RunRecord, tmp_path: Path) -> None:
    write_report(passed_run, tmp_path / "run.html")
    assert (tmp_path / "run.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(UsageError, match="No such file"):
        write_report(passed_run, tmp_path / "none" / "run.html")


def test_a_bar_begins_where_its_cause_ended(passed_run: RunRecord) -> None:
    rows = {row.stage: row for row in draw_waterfall(passed_run.marks).rows}
    answered, alerting = rows[Stage.ANSWERED], rows[Stage.ALERTING]
    assert answered.bars[0].x == alerting.points[0][0]
    assert answered.bars[0].x + answered.bars[0].width == pytest.approx(answered.points[0][0])


def test_a_stage_long_after_the_others_ends_beyond_the_axis(passed_run: RunRecord) -> None:
    rows = {row.stage: row for row in draw_waterfall(passed_run.marks).rows}
    assert rows[Stage.CLOSED].is_beyond
    assert not rows[Stage.LOCATION_RECEIVED].is_beyond


@given(
    st.lists(
        st.builds(
            StageMark,
            st.sampled_from(Stage),
            st.integers(-60_000_000, 14_400_000_000),
            st.sampled_from(Reporter),
        )
    )
)
def test_any_marks_stay_inside_the_drawing(marks: list[StageMark]) -> None:
    waterfall = draw_waterfall(marks)
    assert [row.stage for row in waterfall.rows] == list(Stage)
    for row in waterfall.rows:
        xs = [x for x, _ in row.points] + [bar.x for bar in row.bars]
        xs += [bar.x + bar.width for bar in row.bars]
        assert all(waterfall.plot_left <= x <= waterfall.plot_right + 0.1 for x in xs)
        assert all(bar.width >= 0 for bar in row.bars)
        assert 0 <= row.label_x <= WIDTH


def test_the_map_holds_every_circle_and_a_true_scale(passed_run: RunRecord) -> None:
    sketch = draw_map(passed_run)
    assert sketch is not None
    assert [each.source for each in sketch.positions] == ["tag report", "AML text"]
    for spot in sketch.spots:
        assert min(spot.x, spot.y) - spot.r >= 0
        assert max(spot.x, spot.y) + spot.r <= SIZE
    metres = float(sketch.scale_label.removesuffix(" m"))
    radius_px = max(spot.r for spot in sketch.spots)
    assert radius_px / 120 == pytest.approx(sketch.scale_width / metres, rel=0.02)


def test_north_is_up_and_east_is_right(passed_run: RunRecord) -> None:
    sketch = draw_map(passed_run)
    assert sketch is not None
    tag, text = sketch.spots  # the tag lies north-west of the text's position
    assert tag.y < text.y
    assert tag.x < text.x


def test_no_position_makes_no_map(passed_run: RunRecord) -> None:
    passed_run.texts.clear()
    passed_run.tags.clear()
    assert draw_map(passed_run) is None


def test_what_was_felt_is_paired_with_its_claim() -> None:
    felt = [NoticeMark(Notice.RAISED, 1_000_000), NoticeMark(Notice.CONNECTED, 3_000_000)]
    claimed = [NoticeMark(Notice.RAISED, 990_000), NoticeMark(Notice.ANSWERED, 5_000_000)]
    rows = [(row.notice, row.felt_us, row.claimed_us) for row in told(felt, claimed)]
    assert rows == [
        (Notice.RAISED, 1_000_000, 990_000),
        (Notice.CONNECTED, 3_000_000, None),
        (Notice.ANSWERED, None, 5_000_000),
    ]


@given(st.floats(1e-3, 1e9), st.integers(1, 20))
def test_a_round_step_divides_the_span_into_no_more_parts_than_asked(
    span: float, most: int
) -> None:
    step = round_step(span, most)
    assert span / step <= most * (1 + 1e-6)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5)
