"""Which handsets the answer point takes to be silent."""

from __future__ import annotations

import pytest

from tocsin_host import wire
from tocsin_host.answerpoint import AnswerPoint, RegisterEntry
from tocsin_host.answerpoint.tag import FROM_HANDSET, seal

_NUMBER, _OTHER = "+447700900001", "+447700900002"
_KEY, _OTHER_KEY = bytes(range(32)), bytes(range(32, 64))
_REGISTER = {_NUMBER: RegisterEntry(7001, _KEY), _OTHER: RegisterEntry(7002, _OTHER_KEY)}
_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US


@pytest.fixture
def point() -> AnswerPoint:
    return AnswerPoint(_REGISTER, lambda *_: None)


def _health(counter: int = 1, identity: int = 7001, key: bytes = _KEY, **fields: int) -> bytes:
    report = wire.HealthReport(**{"next_s": 86_400, **fields})  # type: ignore[arg-type]
    return seal(key, FROM_HANDSET, identity, counter, report)


def _silent(point: AnswerPoint, t_us: int) -> list[int]:
    return [each.identity for each in point.vigil.silent(t_us)]


def test_a_handset_that_reports_every_day_is_never_silent_and_no_incident(
    point: AnswerPoint,
) -> None:
    for day in range(5):
        assert point.data_received(_NUMBER, _health(day + 1), day * _DAY_US) == []
        assert 7001 not in _silent(point, day * _DAY_US + _DAY_US)
    assert point.incidents == []
    assert [each.counter for each in point.vigil.reports] == [1, 2, 3, 4, 5]


def test_two_reports_that_are_missing_make_it_silent(point: AnswerPoint) -> None:
    point.data_received(_NUMBER, _health(), 0)
    point.data_received(_OTHER, _health(1, 7002, _OTHER_KEY), 0)
    point.data_received(_OTHER, _health(2, 7002, _OTHER_KEY), _DAY_US)
    assert _silent(point, 2 * _DAY_US + _HOUR_US) == []
    (silence,) = point.vigil.silent(2 * _DAY_US + 3 * _HOUR_US)
    assert (silence.identity, silence.heard_us) == (7001, 0)
    assert silence.last is not None
    assert silence.last.report.next_s == 86_400
    assert _silent(point, 4 * _DAY_US) == [7001, 7002]


def test_a_period_of_its_own_counts(point: AnswerPoint) -> None:
    point.data_received(_NUMBER, _health(next_s=3600), 0)
    assert 7001 not in _silent(point, 4 * _HOUR_US)
    assert 7001 in _silent(point, 4 * _HOUR_US + 1)


def test_a_handset_never_heard_of_is_waited_for_from_the_beginning(point: AnswerPoint) -> None:
    assert _silent(point, 2 * _DAY_US + 2 * _HOUR_US) == []
    assert _silent(point, 2 * _DAY_US + 2 * _HOUR_US + 1) == [7001, 7002]


def test_an_alarm_is_a_sign_of_life(point: AnswerPoint) -> None:
    point.data_received(_NUMBER, _health(), 0)
    tag = wire.TagReport(activation=5, priority=wire.Priority.EMERGENCY, attempt=1)
    point.data_received(_NUMBER, seal(_KEY, FROM_HANDSET, 7001, 2, tag), 2 * _DAY_US)
    assert 7001 not in _silent(point, 3 * _DAY_US)


def test_a_forged_report_is_no_sign_of_life(point: AnswerPoint) -> None:
    point.data_received(_NUMBER, _health(), 0)
    point.data_received(_NUMBER, _health(2, key=_OTHER_KEY), 2 * _DAY_US)
    point.data_received(_NUMBER, _health(1), 2 * _DAY_US)  # a repeated one
    assert 7001 in _silent(point, 3 * _DAY_US)
    assert len(point.refused) == 2


def test_one_whose_battery_ran_down_said_so(point: AnswerPoint) -> None:
    point.data_received(_NUMBER, _health(), 0)
    last = _health(2, reason=wire.HealthReason.BATTERY, next_s=0, battery_pct=4)
    point.data_received(_NUMBER, last, _DAY_US)
    (silence,) = [each for each in point.vigil.silent(4 * _DAY_US) if each.identity == 7001]
    assert silence.last is not None
    assert silence.last.report.reason is wire.HealthReason.BATTERY


def test_what_failed_is_named(point: AnswerPoint) -> None:
    failed = 1 << wire.SelfCheck.SIM | 1 << wire.SelfCheck.KEYS
    point.data_received(_NUMBER, _health(failed=failed), 0)
    (report,) = point.vigil.reports
    assert report.failed == [wire.SelfCheck.SIM, wire.SelfCheck.KEYS]
