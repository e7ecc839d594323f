"""What every handset owes the person who presses, on every target."""

from tocsin_hil.bench import Bench, Circumstances
from tocsin_host.measure import RunRecord, judge
from tocsin_host.measure.stages import CAUSE, marks_of
from tocsin_host.wire import Notice, Outcome, Reporter, Stage

REDIAL_LIMIT_US = 2_000_000
NO_ANSWER_FROM_USER = 19  # 3GPP TS 24.008 clause 10.5.4.11: alerted, and the network gave up


def first_us(record: RunRecord, stage: Stage) -> int:
    return marks_of(record.marks, stage)[0].t_us


def reporters(record: RunRecord, stage: Stage) -> set[Reporter]:
    return {mark.reporter for mark in marks_of(record.marks, stage)}


def felt(record: RunRecord) -> list[Notice]:
    return [each.notice for each in record.notices_felt]


def has_redialled(record: RunRecord) -> bool:
    return len(marks_of(record.marks, Stage.DIALLED)) > 1


def was_refused(record: RunRecord) -> bool:
    return Notice.NOT_READY in felt(record)


def test_press_is_answered_by_the_far_end(bench: Bench) -> None:
    record = bench.press(Circumstances(talk_s=9, first_fix_s=0.2, sms_delay_s=0.3))

    verdict = judge(record)
    assert verdict.passed, verdict.sentence
    assert record.outcome is Outcome.ANSWERED
    assert {mark.stage for mark in record.marks} == set(Stage)
    tolerance_us = 2 * record.clock_error_us
    for effect, cause in CAUSE.items():
        assert first_us(record, effect) >= first_us(record, cause) - tolerance_us, effect.name
    assert reporters(record, Stage.PRESSED) == {Reporter.FIXTURE, Reporter.FIRMWARE}
    assert reporters(record, Stage.ANSWERED) == {Reporter.FAR_END}
    assert reporters(record, Stage.ALERTING) == {Reporter.FAR_END}
    assert reporters(record, Stage.MODEM_CONNECTED) == {Reporter.FIRMWARE}
    assert reporters(record, Stage.ANSWER_CONFIRMED) == {Reporter.FIRMWARE}
    assert reporters(record, Stage.TAG_RECEIVED) == {Reporter.ANSWER_POINT}
    assert felt(record) == [Notice.RAISED, Notice.CONNECTED, Notice.ANSWERED, Notice.CLOSED]


def test_call_nobody_picks_up_is_left_to_the_network_and_dialled_again(bench: Bench) -> None:
    circumstances = Circumstances(nobody_answers=True, ring_limit_s=3)
    record = bench.press(circumstances, until=has_redialled)

    verdict = judge(record)
    assert not record.crash_text, verdict.sentence
    assert first_us(record, Stage.MODEM_CONNECTED) < record.releases[0].t_us, verdict.sentence
    assert not marks_of(record.marks, Stage.ANSWERED), verdict.sentence
    assert not marks_of(record.marks, Stage.ANSWER_CONFIRMED), verdict.sentence
    assert Notice.CONNECTED in felt(record)
    assert Notice.ANSWERED not in felt(record), verdict.sentence
    assert record.releases[0].cause == NO_ANSWER_FROM_USER
    redialled_us = marks_of(record.marks, Stage.DIALLED)[1].t_us
    assert 0 <= redialled_us - record.releases[0].t_us <= REDIAL_LIMIT_US


def test_handset_that_is_not_issued_dials_nothing_and_says_so(bench: Bench) -> None:
    record = bench.press(Circumstances(issued=False, limit_s=10), until=was_refused)

    assert marks_of(record.marks, Stage.RECOGNISED), judge(record).sentence
    assert felt(record) == [Notice.NOT_READY]
    assert record.dialled_numbers == []
    assert record.texted_numbers == []
