"""Test calls and cancels that a host asks for, and the press that comes in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import JournalKind, Notice, Outcome, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulator.handset.conftest import MakePhone, Phone

CALL_NUMBER = "+447700900001"
ALTERNATE_NUMBER = "+447700900002"
LIMIT_S = 60

PROGRAM = """
import asyncio, machine
from boards.lilygo_t_a7670.board import LilygoTA7670
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

handset = Handset(LilygoTA7670(), A76xx)
activation = handset.activation

async def host():
    await asyncio.sleep_ms(4_000)
    %s

async def run():
    supervisor = handset.start()
    hosts = asyncio.create_task(host())
    await supervisor.run()

try:
    asyncio.run(run())
finally:
    machine.reset()
"""
S = 1_000_000
WAKE = "handset.modem.wake(); await asyncio.sleep_ms(100)"
TEST = WAKE + "; activation.test(60, False)"
CANCEL_AFTER_S = "await asyncio.sleep(%d); activation.end(2)"


def phone_with(
    make_phone: MakePhone, *steps: str, fate: str = "rings", **settings: object
) -> Phone:
    phone = make_phone(PROGRAM % "; ".join(steps), **settings)
    phone.modem.fates = [fate]
    return phone


def closed(phone: Phone) -> list[Outcome]:
    return [Outcome(each.value) for each in phone.stages(Stage.CLOSED)]


def test_a_test_call_goes_the_way_of_an_alarm_and_is_tried_again_until_its_limit(
    make_phone: MakePhone,
) -> None:
    phone = phone_with(make_phone, TEST, fate="is_refused")
    phone.run(LIMIT_S + 10)
    numbers = phone.modem.numbers()
    assert len(numbers) >= 5
    assert set(numbers) == {CALL_NUMBER}
    assert phone.notices()[0] == Notice.RAISED
    assert not phone.stages(Stage.PRESSED)
    assert closed(phone) == [Outcome.LIMIT]


def test_a_test_call_to_the_alternate_number(make_phone: MakePhone) -> None:
    config = {"alternate_number": ALTERNATE_NUMBER}
    phone = phone_with(make_phone, WAKE, "activation.test(60, True)", config=config)
    phone.run(5)
    assert phone.modem.numbers() == [ALTERNATE_NUMBER]


def test_a_handset_that_is_not_issued_makes_no_test_call(make_phone: MakePhone) -> None:
    phone = phone_with(make_phone, TEST, config={"issued": False})
    phone.run(10)
    assert phone.modem.numbers() == []
    assert closed(phone) == []


@pytest.mark.parametrize("fate", ["rings", "sets_up_for_ever"])
def test_a_cancel_ends_a_call_that_nobody_has_answered(make_phone: MakePhone, fate: str) -> None:
    phone = phone_with(make_phone, CANCEL_AFTER_S % 6, fate=fate)
    phone.press(hold_s=1.5)
    phone.run(30)
    assert closed(phone) == [Outcome.CANCELLED]
    assert len(phone.dialled_us()) == 1
    assert len(phone.modem.times_us("AT+CHUP")) == 1
    assert phone.notices()[-1] == Notice.CLOSED
    assert phone.journal()[-1] == JournalKind.CLOSED


def test_a_cancel_never_hangs_up_a_connected_call(make_phone: MakePhone) -> None:
    phone = phone_with(make_phone, CANCEL_AFTER_S % 6, fate="is_answered")
    phone.press()
    phone.run(120)
    assert closed(phone) == [Outcome.CANCELLED]
    assert phone.modem.times_us("AT+CHUP") == []
    phone.modem.ends()
    phone.run(60)
    assert len(phone.dialled_us()) == 1


def test_a_cancel_between_two_calls_ends_the_dialling(make_phone: MakePhone) -> None:
    phone = phone_with(make_phone, CANCEL_AFTER_S % 8, fate="is_refused")
    phone.press()
    phone.run(15)
    dialled = len(phone.dialled_us())
    phone.run(60)
    assert len(phone.dialled_us()) == dialled
    assert closed(phone) == [Outcome.CANCELLED]


def test_a_press_during_a_test_call_is_an_alarm_and_takes_its_call_over(
    make_phone: MakePhone,
) -> None:
    phone = phone_with(make_phone, TEST, fate="is_answered")
    phone.press(after_s=6.0)
    phone.run(20)
    assert len(phone.dialled_us()) == 1
    assert phone.modem.times_us("AT+CHUP") == []
    assert closed(phone) == [Outcome.CANCELLED]
    assert len(phone.stages(Stage.PRESSED)) == 1
    assert phone.notices().count(Notice.RAISED) == 2
    assert Notice.ALREADY_RAISED not in phone.notices()
    phone.modem.ends()
    phone.run(5)
    assert len(phone.dialled_us()) == 2, "an alarm is pursued"


def test_a_press_right_after_a_cancel_waits_only_for_the_hang_up(make_phone: MakePhone) -> None:
    phone = phone_with(make_phone, CANCEL_AFTER_S % 2)
    phone.press()
    pressed_us = phone.press(after_s=2.5)
    phone.run(10)
    assert closed(phone) == [Outcome.CANCELLED]
    assert len(phone.dialled_us()) == 2
    assert phone.dialled_us()[1] - pressed_us < 1.4 * S


def test_a_test_call_does_not_go_on_after_a_restart(make_phone: MakePhone) -> None:
    phone = phone_with(make_phone, TEST)
    phone.run(3)
    assert len(phone.dialled_us()) == 1
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(4)
    assert len(phone.dialled_us()) == 1
    assert JournalKind.RESUMED not in phone.journal()


def test_a_press_that_dials_while_the_next_attempt_waits_behind_a_text_is_followed_up(
    make_phone: MakePhone,
) -> None:
    def takes_no_text_at_first() -> str | None:
        if phone.kernel.now_us < 34 * S:
            return "+CMS ERROR: 331"
        phone.modem.prompt()
        return None

    config = {"text_number": "+447700900003", "first_text_ms": 5000}
    test = "activation.test(600, False)"
    phone = phone_with(make_phone, WAKE, test, fate="is_refused", config=config)
    phone.modem.message_s = 20.0
    phone.modem.answers["AT+CMGS="] = takes_no_text_at_first
    phone.modem.answers["AT+CGSMS"] = says_later(phone, 0.9, "OK")
    phone.press(after_s=37.2 - phone.kernel.now_us / S)
    phone.run(120)
    assert_tried_again(phone)


@pytest.mark.parametrize("press_at_s", [32.85, 32.95, 33.05])
def test_a_press_as_the_modem_comes_back_from_a_restart_is_followed_up(
    make_phone: MakePhone, press_at_s: float
) -> None:
    phone = make_phone(PROGRAM % "await asyncio.sleep_ms(20_000); activation.end(2)")
    phone.modem.fates = ["rings", "is_refused"]
    phone.modem.answers["AT+CGSN"] = says_later(phone, 0.4, "861234567890123\r\n\r\nOK")
    phone.press()
    phone.modem.after(2.5, phone.modem.dies)
    phone.modem.after(2.6, phone.modem.say, "*ATREADY: 1")
    phone.press(after_s=press_at_s - 3.0)
    phone.run(50)
    assert_tried_again(phone)


def says_later(phone: Phone, seconds: float, answer: str) -> Callable[[], None]:
    return lambda: (phone.modem.after(seconds, phone.modem.say, answer), None)[1]


def assert_tried_again(phone: Phone) -> None:
    [*_, last] = phone.stages(Stage.DIALLED)
    assert last.attempt >= 3
    assert phone.notices()[-1] is Notice.RETRYING
    assert phone.kernel.now_us - phone.dialled_us()[-1] < 15 * S
    assert len(phone.boots_us) == 1
