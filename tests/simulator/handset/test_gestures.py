"""What a person does with the one button, and what they feel: cancels above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.simulator.handset.test_reports import NUMBERS, tags

from tocsin_host.wire import (
    Cancel,
    Gesture,
    JournalEntry,
    JournalKind,
    Notice,
    Outcome,
    Press,
    Stage,
)
from tocsin_sim.stored import read_journal

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

MS = 1_000
S = 1_000_000
WINDOW: dict[str, bool | int | str | bytes] = {"cancel_window_s": 10, "cancel_presses": 3}
TAP_S = 0.12
EVERY_S = 0.4


def taps(phone: Phone, count: int, last_ends_s: float, every_s: float = EVERY_S) -> int:
    """Press shortly so many times, the last of them ending then; returns when that will be."""
    for i in range(count):
        phone.press(TAP_S, last_ends_s - TAP_S - i * every_s)
    return phone.kernel.now_us + round(last_ends_s * S)


def entries(phone: Phone, kind: JournalKind) -> list[JournalEntry]:
    return [each for each in read_journal(phone.flash_path) if each.kind == kind]


def closed(phone: Phone) -> list[Outcome]:
    return [Outcome(each.value) for each in phone.stages(Stage.CLOSED)]


def felt_since(phone: Phone, t_us: int) -> list[tuple[int, int]]:
    return [(edge_us - t_us, level) for edge_us, level in phone.motor if edge_us > t_us]


def raised_with_window(make_phone: MakePhone, fate: str = "rings") -> Phone:
    phone = make_phone(config={**WINDOW, **NUMBERS})
    phone.modem.fates = [fate]
    phone.press()
    phone.run(4)
    return phone


# What raises the alarm


def test_a_double_press_dials_at_its_second_press_and_counts_from_its_first(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"gesture": 2})
    phone.press(hold_s=2.0)
    phone.run(6)
    assert phone.dialled_us() == []
    pressed_us = phone.press(hold_s=TAP_S, after_s=0.1)
    phone.press(hold_s=TAP_S, after_s=1.1)
    phone.run(3)
    [dialled_us] = phone.dialled_us()
    assert 0 <= dialled_us - pressed_us - 1_000 * MS <= 80 * MS
    [pressed] = phone.stages(Stage.PRESSED)
    assert pressed.t_ms == phone.handset.ticks_ms_at(pressed_us)
    assert phone.notices() == [Notice.RAISED]


def test_every_press_is_recorded_a_second_one_as_such(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.press()
    phone.press(after_s=4)
    phone.run(8)
    codes = [each.code for each in entries(phone, JournalKind.PRESSED)]
    assert codes == [Press.BEGAN, Press.AGAIN]
    assert [each.value for each in phone.stages(Stage.PRESSED)] == [0, Press.AGAIN]
    assert phone.notices() == [Notice.RAISED, Notice.ALREADY_RAISED]
    assert len(phone.dialled_us()) == 1


# A button that does not come back


def test_a_stuck_button_is_told_and_raises_no_second_alarm_after_a_restart(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"issued": False})
    phone.press(hold_s=60)
    phone.run(35)
    assert phone.notices() == [Notice.NOT_READY, Notice.STUCK]
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(5)
    assert phone.notices()[2:] == [Notice.STUCK]
    phone.run(25)
    phone.press()
    phone.run(3)
    assert phone.notices()[3:] == [Notice.NOT_READY]
    stuck, released = Gesture.STUCK, Gesture.RELEASED
    codes = [each.code for each in entries(phone, JournalKind.GESTURE_REJECTED)]
    assert codes == [stuck, stuck, released]


# Service mode


def test_five_slow_short_presses_ask_for_service_mode_and_dial_nothing(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    taps(phone, 5, 17, every_s=4)
    phone.run(19)
    codes = [each.code for each in entries(phone, JournalKind.GESTURE_REJECTED)]
    assert codes == [Gesture.SHORT, Gesture.SERVICE]
    assert phone.dialled_us() == []
    phone.press()
    phone.run(3)
    assert len(phone.dialled_us()) == 1
    assert Notice.RAISED in phone.notices()


# The cancel window


def test_as_many_short_presses_as_cancel_end_the_alarm(make_phone: MakePhone) -> None:
    phone = raised_with_window(make_phone)
    taps(phone, 3, 2)
    phone.run(40)
    assert closed(phone) == [Outcome.CANCELLED]
    assert phone.notices() == [Notice.RAISED, Notice.CLOSED]
    assert len(phone.dialled_us()) == 1
    assert len(phone.modem.times_us("AT+CHUP")) == 1
    assert [(each.code, each.value) for each in entries(phone, JournalKind.CANCEL)] == [
        (Cancel.EARNEST, 3)
    ]
    assert all(not each.duress for each in tags(phone))


@pytest.mark.parametrize("config", [{}, {"cancel_window_s": 1}])
def test_nothing_cancels_outside_the_window_and_there_is_none_unless_configured(
    make_phone: MakePhone, config: dict[str, bool | int | str | bytes]
) -> None:
    phone = make_phone(config=config)
    phone.press()
    taps(phone, 3, 5.5)
    phone.run(10)
    assert closed(phone) == []
    assert entries(phone, JournalKind.CANCEL) == []
    assert phone.notices() == [Notice.RAISED]


def test_who_presses_on_in_fear_right_after_the_alarm_does_not_cancel_it(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config=WINDOW)
    phone.press(hold_s=1.1)
    taps(phone, 4, 2.9, every_s=0.3)
    phone.run(8)
    assert closed(phone) == []
    assert phone.notices() == [Notice.RAISED]


# Under duress


def test_a_cancel_under_duress_feels_like_a_cancel_but_the_alarm_goes_on(
    make_phone: MakePhone,
) -> None:
    phones = [raised_with_window(make_phone, fate="is_answered") for _ in range(2)]
    ended_us = [taps(phone, count, 2) for phone, count in zip(phones, (3, 2), strict=True)]
    for phone in phones:
        phone.run(30)
    cancelled, duress = (felt_since(*each) for each in zip(phones, ended_us, strict=True))
    assert [level for _, level in cancelled] == [level for _, level in duress] == [1, 0]
    for (one_us, _), (other_us, _) in zip(cancelled, duress, strict=True):
        assert abs(one_us - other_us) <= 80 * MS, "when the button is looked at differs as much"
    phone = phones[1]
    assert closed(phone) == []
    assert phone.modem.times_us("AT+CHUP") == []
    assert tags(phone)[-1].duress == 1
    phone.modem.ends()
    phone.run(20)
    assert len(phone.dialled_us()) == 2, "the alarm is pursued"
    assert felt_since(phone, ended_us[1]) == duress, "and nobody feels it"
    assert [(each.code, each.value) for each in entries(phone, JournalKind.CANCEL)] == [
        (Cancel.DURESS, 2)
    ]


def test_a_press_after_a_cancel_under_duress_feels_like_a_new_alarm(
    make_phone: MakePhone,
) -> None:
    phone = raised_with_window(make_phone)
    taps(phone, 4, 2)
    phone.run(4)
    taps(phone, 3, 1)
    phone.run(2.5)
    assert closed(phone) == [], "to whom it seems to be over, nothing cancels it"
    phone.press()
    phone.run(4)
    assert phone.notices() == [Notice.RAISED, Notice.CLOSED, Notice.RAISED]
    assert len(phone.dialled_us()) == 1
    assert closed(phone) == []
    taps(phone, 3, 1)
    phone.run(5)
    assert closed(phone) == [Outcome.CANCELLED]
    assert phone.notices()[3:] == [Notice.CLOSED]


def test_an_alarm_under_duress_goes_on_silently_after_a_restart(make_phone: MakePhone) -> None:
    phone = raised_with_window(make_phone)
    taps(phone, 2, 2)
    phone.run(5)
    felt = len(phone.motor)
    phone.handset.power_cut()
    phone.modem.calls = []
    phone.handset.power_on()
    phone.run(30)
    assert JournalKind.RESUMED in phone.journal()
    assert len(phone.dialled_us()) == 2
    assert len(phone.motor) == felt
    assert tags(phone)[-1].duress == 1


def test_a_sim_taken_out_under_duress_is_felt_by_nobody(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={**WINDOW, "activation_limit_s": 600})
    phone.press()
    phone.run(4)
    taps(phone, 2, 2)
    phone.run(5)
    felt = len(phone.motor)
    phone.modem.answers["AT+CPIN?"] = "+CME ERROR: 10"
    phone.modem.answers["ATD"] = "+CME ERROR: 10"
    phone.modem.calls = []
    phone.run(120)
    assert [(each.code, each.value) for each in entries(phone, JournalKind.FAULT)] == [(1, 2)]
    assert len(phone.motor) == felt
    phone.run(600)
    assert closed(phone) == [Outcome.LIMIT]
    assert len(phone.motor) == felt


def test_an_alarm_under_duress_ends_at_its_limit_and_nobody_feels_it(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={**WINDOW, "activation_limit_s": 600})
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(4)
    taps(phone, 5, 2.5)
    phone.run(10)
    felt = len(phone.motor)
    phone.run(600)
    assert closed(phone) == [Outcome.LIMIT]
    assert len(phone.motor) == felt
    phone.modem.ends()
    phone.press(after_s=5)
    phone.run(10)
    assert phone.notices()[-2:] == [Notice.RAISED, Notice.CONNECTED]
    assert len(phone.dialled_us()) == 2, "and the next press is an alarm as any other"


def test_every_press_that_ends_at_its_limit_says_so(make_phone: MakePhone) -> None:
    phone = make_phone(config={"activation_limit_s": 600})
    phone.press()
    phone.run(640)
    assert closed(phone) == [Outcome.LIMIT]
    assert phone.notices()[-1] == Notice.CLOSED
