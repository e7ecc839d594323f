"""Between alarms: the modem asleep, the time known, and a press that wakes everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import Notice

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
DTR_PIN = 25
LOOK_S = 600


def is_asleep(phone: Phone) -> bool:
    return phone.handset.pin(DTR_PIN).level == 1


def test_the_modem_sleeps_once_all_is_known_and_nothing_is_sent_to_it(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.run(10)
    heard = len(phone.modem.heard)
    assert is_asleep(phone)
    phone.run(550)  # until the modem is looked after
    assert is_asleep(phone)
    assert len(phone.modem.heard) == heard
    assert phone.modem.lost == b""


@pytest.mark.parametrize("hold_ms", [500, 1_000])
def test_a_press_wakes_the_modem_and_loses_no_time_by_it(
    make_phone: MakePhone, hold_ms: int
) -> None:
    phone = make_phone(config={"hold_ms": hold_ms})
    phone.run(30)
    assert is_asleep(phone)
    pressed_us = phone.press()
    phone.run(0.02)
    assert not is_asleep(phone)
    phone.run(5)
    [dialled_us] = phone.dialled_us()
    assert 0 <= dialled_us - pressed_us - hold_ms * 1000 <= 0.02 * S
    assert phone.modem.lost == b""


def test_the_modem_stays_awake_until_activation_and_call_are_over(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"activation_limit_s": 600})
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(640)
    assert Notice.CLOSED in phone.notices()
    assert not is_asleep(phone)
    phone.modem.ends()
    phone.run(15)
    assert is_asleep(phone)
    assert phone.modem.lost == b""


def test_a_tap_wakes_the_modem_and_lets_it_sleep_again(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.run(30)
    phone.press(hold_s=0.3)
    phone.run(1)
    assert not is_asleep(phone)
    phone.run(15)
    assert is_asleep(phone)


def test_the_time_is_learnt_every_ten_minutes_from_a_modem_that_is_awake_by_then(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.run(2.2 * LOOK_S)
    first_us, second_us, third_us = phone.modem.times_us("AT+CCLK?")
    assert second_us - first_us == pytest.approx(LOOK_S * S, rel=0.01)
    assert third_us - second_us == pytest.approx(LOOK_S * S, rel=0.01)
    assert phone.modem.lost == b""


def test_a_modem_that_dies_unused_is_missed_and_started_before_the_next_press(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.run(60)
    phone.modem.dies()
    phone.run(2 * LOOK_S)
    assert phone.keyed_us
    pressed_us = phone.press()
    phone.run(5)
    assert phone.dialled_us()[-1] - pressed_us == pytest.approx(S, rel=0.1)


def test_a_busy_sim_is_asked_again_until_it_tells_who_it_is(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=0.3)
    phone.modem.answers["AT+CIMI"] = "+CME ERROR: 14"
    phone.run(60)
    assert len(phone.modem.times_us("AT+CIMI")) > 3
    del phone.modem.answers["AT+CIMI"]
    phone.run(15)
    asked = len(phone.modem.times_us("AT+CIMI"))
    phone.run(60)
    assert len(phone.modem.times_us("AT+CIMI")) == asked
    assert is_asleep(phone)


def test_a_press_while_the_modem_is_being_asked_the_time_dials_within_two_seconds(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(settle_s=0.3)
    phone.modem.answers["AT+CCLK?"] = None
    phone.run(12)
    pressed_us = phone.press(after_s=0)
    phone.run(10)
    assert phone.dialled_us()[0] - pressed_us <= 3.02 * S
    assert phone.notices()[0] is Notice.RAISED
