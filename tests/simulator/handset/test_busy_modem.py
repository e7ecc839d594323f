"""A modem that answers late, above all while the network is slow with a text (domain 5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.firmware_tree import board_names
from tocsin_host.wire import Notice, Stage

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
CONFIG = {"text_number": "+447700900003", "first_text_ms": 5000}
REPORTS = {"report_number": "+447700900004", "report_key": bytes(32)}


def busy_phone(make_phone: MakePhone, message_s: float, **changes: object) -> Phone:
    phone = make_phone(**{"config": CONFIG, **changes})
    phone.modem.is_busy_with_texts = True
    phone.modem.message_s = message_s
    return phone


@pytest.mark.parametrize("board", board_names())
@pytest.mark.parametrize("fate", ["rings", "is_answered"])
def test_a_call_outlives_a_text_that_takes_a_minute(
    make_phone: MakePhone, board: str, fate: str
) -> None:
    phone = busy_phone(make_phone, 60.0, board=board)
    phone.modem.fates = [fate]
    phone.press()
    phone.run(100)
    assert phone.keyed_us == []
    assert len(phone.dialled_us()) == 1
    assert Notice.RETRYING not in phone.notices()
    assert phone.stages(Stage.LOCATION_SENT)


def test_a_modem_busy_with_a_text_between_two_calls_is_left_on_and_dials_afterwards(
    make_phone: MakePhone,
) -> None:
    phone = busy_phone(make_phone, 25.0)
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(120)
    assert phone.keyed_us == []
    assert len(phone.dialled_us()) > 5


def test_between_two_texts_the_modem_is_asked_whether_the_call_is_still_there(
    make_phone: MakePhone,
) -> None:
    phone = busy_phone(make_phone, 20.0, config={**CONFIG, **REPORTS})
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(60)
    first_us, second_us, *_ = phone.modem.times_us("AT+CMGS=")
    assert [t_us for t_us in phone.modem.times_us("AT+CLCC") if first_us < t_us < second_us]


def test_an_end_falsely_told_of_during_a_text_does_not_give_the_call_up(
    make_phone: MakePhone,
) -> None:
    phone = busy_phone(make_phone, 40.0)
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(12)
    phone.modem.say("NO CARRIER")
    phone.run(60)
    assert len(phone.dialled_us()) == 1
    assert Notice.RETRYING not in phone.notices()


def test_a_modem_that_dies_in_a_text_is_started_again_while_its_call_counts_as_connected(
    make_phone: MakePhone,
) -> None:
    phone = busy_phone(make_phone, 600.0)
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(100)
    assert phone.keyed_us[0] - phone.modem.times_us("AT+CMGS=")[0] < 80 * S


def test_a_modem_that_restarts_by_itself_while_a_text_is_owed_is_set_up_anew(
    make_phone: MakePhone,
) -> None:
    phone = busy_phone(make_phone, 600.0)
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(25)
    phone.modem.boots()
    booted_us = phone.kernel.now_us
    phone.run(15)
    assert phone.keyed_us == []
    assert phone.modem.times_us("AT+CNMI")[-1] > booted_us
    assert phone.dialled_us()[-1] > booted_us


def test_a_text_accepted_only_after_it_was_overtaken_counts(make_phone: MakePhone) -> None:
    phone = busy_phone(make_phone, 12.0)
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(60)
    assert len(phone.stages(Stage.LOCATION_SENT)) == 1
    assert len(phone.modem.times_us("AT+CMGS=")) == 1


def test_a_refusal_that_takes_a_minute_changes_the_bearer(make_phone: MakePhone) -> None:
    phone = busy_phone(make_phone, 60.0)
    phone.modem.message_result = "+CMS ERROR: 332"
    phone.press()
    phone.run(80)
    assert phone.modem.times_us("AT+CGSMS=")


def test_a_text_refused_only_after_it_was_overtaken_changes_the_bearer(
    make_phone: MakePhone,
) -> None:
    phone = busy_phone(make_phone, 12.0)
    phone.modem.message_result = "+CMS ERROR: 332"
    phone.modem.fates = ["is_refused", "is_refused", "is_refused", "is_answered"]
    phone.press()
    phone.run(60)
    first_us, second_us, *_ = phone.modem.times_us("AT+CMGS=")
    assert first_us < phone.modem.times_us("AT+CGSMS=")[0] < second_us
    assert phone.modem.calls == [0]


def test_a_call_still_up_is_not_dialled_over_by_a_modem_slow_to_answer(
    make_phone: MakePhone,
) -> None:
    """Each answer then comes behind the next question, and an older OK is no empty list."""
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(20)
    phone.handset.power_cut()
    phone.modem.reply_s = 0.35  # longer than a question at start waits
    phone.handset.power_on()
    phone.run(40)
    assert len(phone.dialled_us()) == 1
