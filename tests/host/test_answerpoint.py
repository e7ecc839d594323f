from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host import wire
from tocsin_host.answerpoint import Acknowledgement, AnswerPoint, RegisterEntry
from tocsin_host.answerpoint.incident import QUIET_US
from tocsin_host.answerpoint.tag import FROM_ANSWER_POINT, FROM_HANDSET, seal, unseal

_NUMBER, _OTHER = "+447700900001", "+447700900002"
_KEY, _OTHER_KEY = bytes(range(32)), bytes(range(32, 64))
_REGISTER = {_NUMBER: RegisterEntry(7001, _KEY), _OTHER: RegisterEntry(7002, _OTHER_KEY)}
_SECOND = 1_000_000
_CHANCE = 2**30  # from here on counters come by chance, of handsets whose flash refuses a lease
_TEXT = (
    'A"ML=1;lt=+50.21734;lg=-1.83021;rd=38;top=20260101120031;lc=68;pm=G;'
    "si=001010000000000;ei=866123040000012;mcc=001;mnc=01;ml=127"
)


class _Watched:
    """An answer point and the stages it reported."""

    def __init__(self) -> None:
        self.stages: list[tuple[wire.Stage, int]] = []
        self.point = AnswerPoint(_REGISTER, self._on_stage)

    def _on_stage(self, stage: wire.Stage, t_us: int, detail: str) -> None:
        assert detail
        self.stages.append((stage, t_us))


@pytest.fixture
def watched() -> _Watched:
    return _Watched()


def _tag(counter: int = 1, identity: int = 7001, key: bytes = _KEY, activation: int = 5) -> bytes:
    report = wire.TagReport(activation=activation, priority=wire.Priority.EMERGENCY, attempt=1)
    return seal(key, FROM_HANDSET, identity, counter, report)


def _opened(ack: Acknowledgement) -> wire.AnswerAck:
    """What the handset finds in an acknowledgement."""
    sealed = wire.Sealed.decode(ack.payload[1:])
    plain = unseal(_KEY, FROM_ANSWER_POINT, sealed)
    assert plain[0] == wire.AnswerAck.ID
    return wire.AnswerAck.decode(plain[1:])


def test_call_then_text_then_tag_make_one_incident(watched: _Watched) -> None:
    point = watched.point
    point.call_arrived(_NUMBER, 0)
    point.text_received(_NUMBER, _TEXT, 2 * _SECOND)
    point.data_received(_NUMBER, _tag(), 3 * _SECOND)
    (incident,) = point.incidents
    assert incident.identity == 7001
    assert incident.location is not None
    assert incident.location.radius_m == 38
    assert incident.problems == []
    assert watched.stages == [
        (wire.Stage.LOCATION_RECEIVED, 2 * _SECOND),
        (wire.Stage.TAG_RECEIVED, 3 * _SECOND),
        (wire.Stage.TAG_SHOWN, 3 * _SECOND),
    ]


def test_a_cancel_under_duress_stands_on_the_screen(watched: _Watched) -> None:
    point = watched.point
    point.call_arrived(_NUMBER, 0)
    point.data_received(_NUMBER, _tag(), _SECOND)
    report = wire.TagReport(5, wire.Priority.EMERGENCY, attempt=1, duress=1)
    point.data_received(_NUMBER, seal(_KEY, FROM_HANDSET, 7001, 2, report), 9 * _SECOND)
    (incident,) = point.incidents
    (problem,) = incident.problems
    assert "made to cancel" in problem


def test_a_tag_before_its_call_flags_the_call_when_it_rings(watched: _Watched) -> None:
    watched.point.data_received(_NUMBER, _tag(), 1 * _SECOND)
    watched.point.call_arrived(_NUMBER, 4 * _SECOND)
    assert watched.stages[-1] == (wire.Stage.TAG_SHOWN, 4 * _SECOND)


def test_nothing_is_acknowledged_while_the_call_only_rings(watched: _Watched) -> None:
    assert watched.point.call_arrived(_NUMBER, 0) == []
    assert watched.point.data_received(_NUMBER, _tag(), _SECOND) == []


def test_nothing_is_acknowledged_without_a_tag(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    assert watched.point.call_answered(_NUMBER, _SECOND) == []
    assert watched.point.text_received(_NUMBER, _TEXT, _SECOND) == []


def test_going_off_hook_acknowledges_the_tagged_activation(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.data_received(_NUMBER, _tag(activation=9), _SECOND)
    (ack,) = watched.point.call_answered(_NUMBER, 2 * _SECOND)
    assert ack.number == _NUMBER
    assert len(ack.payload) <= 133
    assert _opened(ack) == wire.AnswerAck(activation=9, answered_age_ms=0)


def test_a_tag_that_comes_after_the_answer_is_acknowledged_with_its_age(
    watched: _Watched,
) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.call_answered(_NUMBER, 2 * _SECOND)
    (ack,) = watched.point.data_received(_NUMBER, _tag(), 5 * _SECOND)
    assert _opened(ack).answered_age_ms == 3000


def test_each_further_tag_is_acknowledged_with_a_new_counter(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.call_answered(_NUMBER, 1)
    acks = [watched.point.data_received(_NUMBER, _tag(each), each)[0] for each in (2, 3)]
    counters = [wire.Sealed.decode(ack.payload[1:]).counter for ack in acks]
    assert len(set(counters)) == 2


def test_a_tag_of_an_earlier_activation_that_comes_late_does_not_hide_the_newest(
    watched: _Watched,
) -> None:
    point = watched.point
    point.call_arrived(_NUMBER, 0)
    point.call_answered(_NUMBER, _SECOND)
    point.data_received(_NUMBER, _tag(counter=9, activation=6), 2 * _SECOND)
    [late] = point.data_received(_NUMBER, _tag(counter=4, activation=5), 3 * _SECOND)
    assert _opened(late).activation == 6


def test_nothing_is_acknowledged_once_the_call_has_ended(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.call_answered(_NUMBER, 1)
    watched.point.call_ended(_NUMBER, 2)
    assert watched.point.data_received(_NUMBER, _tag(), 3) == []


def test_a_second_attempt_belongs_to_the_same_incident_and_is_flagged(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.data_received(_NUMBER, _tag(), 1)
    watched.point.call_ended(_NUMBER, 2)
    watched.point.call_arrived(_NUMBER, 3)
    assert watched.stages[-1] == (wire.Stage.TAG_SHOWN, 3)
    assert len(watched.point.incidents) == 1
    assert len(watched.point.call_answered(_NUMBER, 4)) == 1


def test_a_call_long_after_is_a_new_incident(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.data_received(_NUMBER, _tag(), 1)
    watched.point.call_ended(_NUMBER, 2)
    watched.point.call_arrived(_NUMBER, QUIET_US + 3)
    assert len(watched.point.incidents) == 2
    assert watched.point.call_answered(_NUMBER, QUIET_US + 4) == []


def test_only_a_call_that_shows_its_number_is_acknowledged_whatever_was_assumed_before(
    watched: _Watched,
) -> None:
    watched.point.call_arrived("", 0)
    watched.point.data_received(_NUMBER, _tag(), 1)
    assert watched.point.call_answered("", 2) == []
    watched.point.call_ended("", 3)
    watched.point.call_arrived(_NUMBER, 4)
    assert len(watched.point.call_answered(_NUMBER, 5)) == 1
    assert len(watched.point.incidents) == 1


def test_two_handsets_are_never_mixed_up(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.call_arrived(_OTHER, 1)
    watched.point.data_received(_OTHER, _tag(1, 7002, _OTHER_KEY), 2)
    assert watched.point.call_answered(_NUMBER, 3) == []
    (ack,) = watched.point.call_answered(_OTHER, 4)
    assert ack.number == _OTHER


def test_a_report_without_a_number_is_matched_by_its_identity(watched: _Watched) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.data_received("", _tag(), 1)
    (incident,) = watched.point.incidents
    assert incident.identity == 7001
    (ack,) = watched.point.call_answered(_NUMBER, 2)
    assert ack.number == _NUMBER


def test_a_report_from_another_number_is_matched_and_the_mismatch_visible(
    watched: _Watched,
) -> None:
    watched.point.call_arrived(_NUMBER, 0)
    watched.point.data_received(_OTHER, _tag(), 1)
    incident = next(each for each in watched.point.incidents if each.identity == 7001)
    assert [call.number for call in incident.calls] == [_NUMBER]
    (problem,) = incident.problems
    assert _OTHER in problem
    assert "registered for handset 7002" in problem


def test_a_handset_with_an_unknown_sim_is_flagged_and_the_mismatch_visible(
    watched: _Watched,
) -> None:
    stranger = "+447700900099"
    watched.point.call_arrived(stranger, 0)
    watched.point.data_received(stranger, _tag(), 1)
    (incident,) = watched.point.incidents
    assert "not registered" in incident.problems[0]
    assert watched.stages[-1][0] is wire.Stage.TAG_SHOWN


def test_the_only_call_without_a_number_is_flagged_but_never_acknowledged(
    watched: _Watched,
) -> None:
    watched.point.call_arrived("", 0)
    watched.point.data_received(_NUMBER, _tag(), 1)
    (incident,) = watched.point.incidents
    assert "no number" in incident.problems[0]
    assert watched.stages[-1][0] is wire.Stage.TAG_SHOWN
    assert watched.point.call_answered("", 2) == []


def test_a_later_call_with_its_number_is_acknowledged_all_the_same(watched: _Watched) -> None:
    watched.point.call_arrived("", 0)
    watched.point.data_received(_NUMBER, _tag(), 1)
    watched.point.call_answered("", 2)
    watched.point.call_ended("", 3)
    watched.point.call_arrived(_NUMBER, 4)
    (ack,) = watched.point.call_answered(_NUMBER, 5)
    assert ack.number == _NUMBER


def test_of_two_calls_without_a_number_none_is_guessed(watched: _Watched) -> None:
    watched.point.call_arrived("", 0)
    watched.point.call_arrived("", 1)
    watched.point.data_received(_NUMBER, _tag(), 2)
    assert wire.Stage.TAG_SHOWN not in [stage for stage, _ in watched.stages]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "not a sealed message"),
        (_tag()[:-1], "damaged"),
        (_tag()[:-1] + b"\x00", "forged"),
        (_tag(key=_OTHER_KEY), "forged"),
        (_tag(identity=9999), "no handset 9999"),
        (seal(_KEY, FROM_ANSWER_POINT, 7001, 1, wire.TagReport()), "forged"),
        (seal(_KEY, FROM_HANDSET, 7001, 1, wire.AnswerAck()), "is no report"),
    ],
)
def test_a_report_not_to_believe_is_refused_with_its_reason(
    watched: _Watched, payload: bytes, why: str
) -> None:
    assert watched.point.data_received(_NUMBER, payload, 7) == []
    ((t_us, sender, reason),) = watched.point.refused
    assert (t_us, sender) == (7, _NUMBER)
    assert why in reason
    assert watched.stages == []


def test_a_repeated_report_is_refused(watched: _Watched) -> None:
    watched.point.data_received(_NUMBER, _tag(8), 1)
    watched.point.data_received(_NUMBER, _tag(8), 2)
    assert "repeats counter 8" in watched.point.refused[0][2]


def test_reports_that_overtook_one_another_are_all_taken(watched: _Watched) -> None:
    for counter in (300, 299, 301, 256):
        watched.point.data_received(_NUMBER, _tag(counter), counter)
    assert watched.point.refused == []


def test_a_report_from_long_ago_is_refused(watched: _Watched) -> None:
    watched.point.data_received(_NUMBER, _tag(300), 1)
    watched.point.data_received(_NUMBER, _tag(300 - 64), 2)
    assert len(watched.point.refused) == 1


@pytest.mark.parametrize("counter", [768, _CHANCE + 64, _CHANCE + 2**30 - 64])
def test_a_tag_is_shown_and_acknowledged_after_one_whose_counter_came_by_chance(
    watched: _Watched, counter: int
) -> None:
    point = watched.point
    point.data_received(_NUMBER, _tag(_CHANCE + 2**20, activation=6), 1)
    point.call_arrived(_NUMBER, QUIET_US + 2)
    point.data_received(_NUMBER, _tag(counter, activation=7), QUIET_US + 3)
    assert watched.stages[-1] == (wire.Stage.TAG_SHOWN, QUIET_US + 3)
    [ack] = point.call_answered(_NUMBER, QUIET_US + 4)
    assert _opened(ack).activation == 7


@pytest.mark.parametrize("counter", [768, _CHANCE + 2**20 - 64])
def test_a_start_in_mid_incident_is_acknowledged_though_its_counter_is_below_one_of_chance(
    watched: _Watched, counter: int
) -> None:
    point = watched.point
    point.data_received(_NUMBER, _tag(_CHANCE + 2**20, activation=6), 1)
    point.data_received(_NUMBER, _tag(counter, activation=7), 2)
    point.call_arrived(_NUMBER, 3)
    [ack] = point.call_answered(_NUMBER, 4)
    assert _opened(ack).activation == 7


def test_a_late_tag_does_not_hide_the_newest_of_a_place_of_chance(watched: _Watched) -> None:
    point = watched.point
    point.call_arrived(_NUMBER, 0)
    point.call_answered(_NUMBER, 1)
    point.data_received(_NUMBER, _tag(_CHANCE + 67, activation=7), 2)
    [late] = point.data_received(_NUMBER, _tag(_CHANCE + 4, activation=6), 3)
    assert _opened(late).activation == 7


def test_a_repeated_report_whose_counter_came_by_chance_is_refused(watched: _Watched) -> None:
    for t_us, counter in enumerate((_CHANCE, _CHANCE + 2**20, 768, _CHANCE)):
        watched.point.data_received(_NUMBER, _tag(counter), t_us)
    assert [t_us for t_us, _, _ in watched.point.refused] == [3]


def test_a_text_that_is_not_aml_is_kept_and_noted(watched: _Watched) -> None:
    watched.point.text_received(_NUMBER, "hello", 1)
    (incident,) = watched.point.incidents
    assert incident.texts[0].raw == "hello"
    assert incident.texts[0].location is None
    assert watched.stages == []


@given(st.binary(max_size=160), st.text(max_size=200))
def test_nothing_that_arrives_raises(payload: bytes, text: str) -> None:
    point = _Watched().point
    assert point.data_received("", payload, 0) == []
    assert point.data_received("", b"\x42" + payload, 0) == []
    assert point.text_received("", text, 0) == []
