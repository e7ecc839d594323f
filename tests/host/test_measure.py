from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tocsin_host.measure import NoticeMark, RunRecord, Splits, StageMark, judge, split, timeline
from tocsin_host.measure.timeline import WIDTH
from tocsin_host.wire import Notice, Reporter, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

_ANSWER_US = 15_000_000 + 4_733_000


def _without(record: RunRecord, *stages: Stage) -> None:
    record.marks = [mark for mark in record.marks if mark.stage not in stages]


def test_the_parts_add_up_to_the_whole(passed_run: RunRecord) -> None:
    assert split(passed_run.marks) == Splits(4_733_000, 1_062_000, 0, 2_239_000, 1_432_000)


def test_failed_attempts_are_a_part_of_their_own_and_no_devices_fault() -> None:
    marks = [
        StageMark(Stage.PRESSED, 0, Reporter.FIXTURE),
        StageMark(Stage.DIALLED, 1_000, Reporter.FIRMWARE, attempt=1),
        StageMark(Stage.DIALLED, 3_000, Reporter.FIRMWARE, attempt=2),
        StageMark(Stage.ALERTING, 4_000, Reporter.FAR_END),
        StageMark(Stage.ANSWERED, 9_000, Reporter.FAR_END),
        StageMark(Stage.DIALLED, 20_000, Reporter.FIRMWARE, attempt=3),
    ]
    assert split(marks) == Splits(9_000, 1_000, 2_000, 1_000, 5_000)


def test_an_answer_the_firmware_claims_is_no_answer(passed_run: RunRecord) -> None:
    _without(passed_run, Stage.ANSWERED)
    passed_run.marks.append(StageMark(Stage.ANSWERED, _ANSWER_US, Reporter.FIRMWARE))
    assert split(passed_run.marks).activation_to_answer_us is None
    verdict = judge(passed_run)
    assert "the far end never answered" in verdict.findings
    assert "firmware reported ANSWERED, which is not its to report" in verdict.findings


def test_a_good_run_passes_and_says_where_the_time_went(passed_run: RunRecord) -> None:
    verdict = judge(passed_run)
    assert verdict.passed
    assert verdict.sentence.startswith("PASS: answered 4.733 s after the press (device 1.062 s")
    assert "within 38 m" in verdict.sentence


def _lose_location(record: RunRecord) -> None:
    _without(record, Stage.LOCATION_RECEIVED)


def _lose_tag(record: RunRecord) -> None:
    _without(record, Stage.TAG_RECEIVED)


def _never_press(record: RunRecord) -> None:
    _without(record, Stage.PRESSED)


def _feel_answered_early(record: RunRecord) -> None:
    record.notices_felt.append(NoticeMark(Notice.ANSWERED, record.acknowledgements[0].t_us - 1))


def _claim_answered_early(record: RunRecord) -> None:
    record.notices_claimed.append(NoticeMark(Notice.ANSWERED, _ANSWER_US))


def _confirm_without_acknowledgement(record: RunRecord) -> None:
    record.acknowledgements.clear()
    record.notices_felt.clear()
    record.notices_claimed.clear()


def _dial_another_number(record: RunRecord) -> None:
    record.dialled_numbers.append("999")


def _text_another_number(record: RunRecord) -> None:
    record.texted_numbers.append("+447700900099")


def _crash(record: RunRecord) -> None:
    record.crash_text = "Traceback:\n  main.py\nMemoryError: \x1b[0mno\n"


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (_lose_location, "no location text reached the answer point"),
        (_lose_tag, "no tag report reached the answer point"),
        (_never_press, "the button was never pressed"),
        (_feel_answered_early, "the person felt 'answered' before an acknowledgement"),
        (_claim_answered_early, "the firmware claimed to tell 'answered' before"),
        (_confirm_without_acknowledgement, "the firmware claimed ANSWER_CONFIRMED without"),
        (_dial_another_number, "dialled 999, which is not an allowed number"),
        (_text_another_number, "texted +447700900099, which is not an allowed number"),
        (_crash, r"the firmware crashed (MemoryError: \x1b[0mno)"),
    ],
)
def test_each_fault_fails_the_run_and_is_named(
    passed_run: RunRecord, spoil: Callable[[RunRecord], None], finding: str
) -> None:
    spoil(passed_run)
    verdict = judge(passed_run)
    assert not verdict.passed
    assert len(verdict.findings) == 1
    assert finding in verdict.findings[0]
    assert verdict.sentence.startswith("FAIL: ")


def test_the_timeline_has_every_stage_in_order_of_time(passed_run: RunRecord) -> None:
    _without(passed_run, Stage.CLOSED)
    passed_run.marks.reverse()
    lines = timeline(passed_run).splitlines()
    rows = [line for line in lines if line.split(" ")[0] in Stage.__members__]
    assert {row.split()[0] for row in rows} == set(Stage.__members__)
    times = [float(row.split()[1].replace(",", "")) for row in rows if " ms " in f"{row} "]
    assert times == sorted(times)
    assert len(times) == len(passed_run.marks)
    assert rows[-1].split()[:3] == ["CLOSED", "not", "reached"]


def test_the_timeline_is_counted_from_the_press_and_names_the_reporter(
    passed_run: RunRecord,
) -> None:
    row = next(each for each in timeline(passed_run).splitlines() if each.startswith("ANSWERED"))
    assert row.split()[1:] == ["4,733.0", "ms", "far", "end"]


def test_the_timeline_fits_the_terminal_whatever_the_device_says(passed_run: RunRecord) -> None:
    passed_run.scenario = "x" * 300
    passed_run.problems = ["y" * 300 + "\x1b[2J"]
    passed_run.crash_text = "z" * 300
    passed_run.marks.append(StageMark(Stage.CLOSED, 0, Reporter.FIRMWARE, "\x1b[2J" + "w" * 300))
    text = timeline(passed_run)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "\x1b" not in text


def test_the_json_form_keeps_its_keys(passed_run: RunRecord) -> None:
    data = json.loads(json.dumps(passed_run.to_json()))
    assert list(data) == [
        "format",
        "board",
        "seed",
        "scenario",
        "vm_version",
        "heap_limit_bytes",
        "heap_peak_bytes",
        "heap_after_boot_bytes",
        "digest",
        "virtual_s",
        "wall_s",
        "clock_error_us",
        "outcome",
        "crash_text",
        "marks",
        "notices_felt",
        "notices_claimed",
        "allowed_numbers",
        "dialled_numbers",
        "texted_numbers",
        "texts",
        "tags",
        "acknowledgements",
        "releases",
        "problems",
        "journal",
        "at_transcript",
        "link_transcript",
        "splits",
    ]
    assert data["marks"][0] == {
        "stage": "PRESSED",
        "t_us": 15_000_000,
        "reporter": "fixture",
        "detail": "",
        "attempt": 0,
    }
    assert data["outcome"] == "ANSWERED"
    assert data["texts"][0]["location"]["time"] == "2026-01-01T12:00:31Z"
    assert data["tags"][0]["report"]["fix_source"] == "LAST_KNOWN"
    assert data["splits"]["network_us"] == 2_239_000
