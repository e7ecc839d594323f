"""One sound account of an alarm, and what each invariant says of an account that is not."""

from collections.abc import Callable

import pytest
from tests.soak.alarms.course import Account, Alarmed
from tests.soak.alarms.judge import findings_of, outcome_of
from tests.soak.alarms.plan import Alarm, Episode
from tests.soak.alarms.watch import Span, Truth

from tocsin_host.measure.record import AcknowledgementSent, NoticeMark, RunRecord
from tocsin_host.measure.stages import StageMark
from tocsin_host.wire import Notice, Outcome, Reporter, Stage

S = 1_000_000
PLAN = Alarm(
    rest_s=3.0, hold_ms=1_500, horizon_s=240.0, strikes=(), again_at_s=None, cancel_at_s=None
)
EPISODE = Episode(
    seed=1,
    number=1,
    board="lilygo_t_a7670",
    has_alternate=False,
    limit_s=14_400,
    begin_at_ringback=False,
    setup_median_s=2.0,
    answer_mean_s=1.0,
    talk_s=30.0,
    alarms=(PLAN,),
)


def account() -> Account:
    """Pressed at 10 s, refused once, answered at 18 s, acknowledged at 22 s, over at 60 s."""
    marks = [
        StageMark(Stage.RECOGNISED, 11 * S, Reporter.FIRMWARE),
        StageMark(Stage.ANSWER_CONFIRMED, 24 * S, Reporter.FIRMWARE),
        StageMark(Stage.CLOSED, 60 * S, Reporter.FIRMWARE),
    ]
    felt = [
        NoticeMark(Notice.RAISED, 11 * S),
        NoticeMark(Notice.RETRYING, 13 * S),
        NoticeMark(Notice.CONNECTED, 18 * S),
        NoticeMark(Notice.ANSWERED, 24 * S),
        NoticeMark(Notice.CLOSED, 60 * S),
    ]
    record = RunRecord(
        EPISODE.board,
        1,
        marks=marks,
        notices_felt=felt,
        acknowledgements=[AcknowledgementSent(22 * S, "+447700900701")],
    )
    truth = Truth(
        dials_us=[11 * S, 14 * S],
        spans={1: Span(11 * S, None, None, 12 * S), 2: Span(14 * S, 16 * S, 18 * S, 60 * S)},
        tag_counters=[2, 3],
    )
    alarm = Alarmed(PLAN, 10 * S, [10 * S], Outcome.ANSWERED, watched_us=70 * S)
    return Account(EPISODE, [alarm], truth, record, [], 0, "", [])


def without(*notices: Notice) -> Callable[[Account], None]:
    def forge(of: Account) -> None:
        of.record.notices_felt[:] = [e for e in of.record.notices_felt if e.notice not in notices]

    return forge


def told(notice: Notice, at_s: float) -> Callable[[Account], None]:
    def forge(of: Account) -> None:
        of.record.notices_felt.append(NoticeMark(notice, round(at_s * S)))

    return forge


def idle(of: Account) -> None:
    """After a call that failed, nothing more for a minute and a half."""
    alarm = of.alarms[0]
    alarm.outcome, alarm.watched_us, alarm.recovered_us = None, 110 * S, 120 * S
    del of.record.marks[1:]
    of.truth.spans = {1: Span(11 * S, None, None, 12 * S)}
    of.truth.dials_us[:] = [11 * S, 105 * S]


def never_over(of: Account) -> None:
    of.alarms[0].outcome = None
    of.record.marks.pop()


def late(of: Account) -> None:
    of.record.marks[0] = StageMark(Stage.RECOGNISED, 11 * S + 70_000, Reporter.FIRMWARE)


def ends_as(outcome: Outcome) -> Callable[[Account], None]:
    def forge(of: Account) -> None:
        of.alarms[0].outcome = outcome

    return forge


def unconfirmed(of: Account) -> None:
    del of.record.marks[1]


FORGERIES: list[tuple[str, Callable[[Account], object]]] = [
    ("crash: ", lambda of: of.crashes.append("MemoryError")),
    ("crash: restarted 1 times", lambda of: setattr(of, "restarts", 1)),
    ("crash: fault in call", lambda of: setattr(of, "log", "fault in call\nTraceback\n")),
    ("second dial", lambda of: of.truth.dials_over_call_us.append(30 * S)),
    ("dialled or texted +44999", lambda of: of.truth.forbidden.append("+44999")),
    ("repeated tag counter", lambda of: of.truth.tag_counters.append(2)),
    (
        "tag: refused a report: forged",
        lambda of: of.record.problems.append("refused a report: forged"),
    ),
    ("silently idle: from 12", idle),
    ("silently idle: 10.000 s is not answered", never_over),
    ("late press: 10.000 s was never recognised", lambda of: of.record.marks.clear()),
    ("late press: 10.000 s recognised at", late),
    ("not told: the raise", without(Notice.RAISED)),
    ("not told: the connection", without(Notice.CONNECTED, Notice.ANSWERED)),
    ("not told: the answer", without(Notice.ANSWERED)),
    ("not told: the end", without(Notice.CLOSED)),
    ("not told: the second press", lambda of: of.alarms[0].presses_us.append(30 * S)),
    ("false notice: RAISED", told(Notice.RAISED, 40)),
    ("false notice: CONNECTED", told(Notice.CONNECTED, 12)),
    ("false notice: ANSWERED", told(Notice.ANSWERED, 20)),
    ("false notice: RETRYING", told(Notice.RETRYING, 40)),
    ("false notice: CLOSED", told(Notice.CLOSED, 40)),
    ("false notice: ALREADY_RAISED", told(Notice.ALREADY_RAISED, 75)),
    (
        "false notice: the motor moved",
        lambda of: of.record.problems.append("the motor moved at 40.0 s and meant nothing"),
    ),
    ("false end: answered", unconfirmed),
    ("false end: cancelled", ends_as(Outcome.CANCELLED)),
    ("false end: at its limit", ends_as(Outcome.LIMIT)),
]


def test_a_sound_account_has_nothing_amiss() -> None:
    sound = account()
    assert findings_of(sound) == []
    assert outcome_of(sound.alarms[0]) == "answered"


@pytest.mark.parametrize(("finding", "forge"), FORGERIES, ids=[name for name, _ in FORGERIES])
def test_an_account_that_is_not_is_found_out(
    finding: str, forge: Callable[[Account], object]
) -> None:
    forged = account()
    forge(forged)
    assert any(each.startswith(finding) for each in findings_of(forged)), findings_of(forged)


def test_without_a_failure_told_the_retry_is_missed() -> None:
    forged = account()
    forged.record.notices_felt[:] = forged.record.notices_felt[:1]
    forged.truth.spans = {1: forged.truth.spans[1]}
    forged.truth.dials_us += [t * S for t in range(14, 60, 3)]
    assert any(each.startswith("not told: the failure") for each in findings_of(forged))


def test_a_handset_whose_supply_is_gone_is_out_of_battery() -> None:
    alarm = Alarmed(PLAN, 10 * S, [10 * S], None, 70 * S, has_supply=False)
    assert outcome_of(alarm) == "out of battery"
