"""What becomes of a call, and what the handset makes of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import JournalKind, Notice, Stage

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone, ScriptedModem

S = 1_000_000
CALL_NUMBER = "+447700900001"
ALTERNATE_NUMBER = "+447700900002"


def gaps_s(phone: Phone, ended_after_s: float) -> list[float]:
    """How long after the end of each call the next dial command left."""
    dialled = phone.dialled_us()
    return [round((b - a) / S - ended_after_s, 1) for a, b in pairwise(dialled)]


def test_refused_calls_are_tried_again_at_once_then_after_2_5_10_and_10_s(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(45)
    assert gaps_s(phone, ended_after_s=1.0)[:5] == pytest.approx([0, 2, 5, 10, 10], abs=0.25)


def test_every_third_attempt_goes_to_the_alternate_number(make_phone: MakePhone) -> None:
    phone = make_phone(config={"alternate_number": ALTERNATE_NUMBER})
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(50)
    turn = [CALL_NUMBER, CALL_NUMBER, ALTERNATE_NUMBER]
    assert phone.modem.numbers()[:6] == turn * 2
    phone.run(3_000)  # an attempt's number ends at 255
    assert set(phone.modem.numbers()[256:]) == set(turn)


def test_without_an_alternate_number_every_attempt_goes_to_the_one(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(20)
    assert len(phone.modem.numbers()) >= 4
    assert set(phone.modem.numbers()) == {CALL_NUMBER}


def test_no_carrier_is_believed_at_once_when_no_call_is_listed(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_refused", "is_answered"]
    phone.press()
    phone.run(8)
    assert gaps_s(phone, ended_after_s=1.0) == pytest.approx([0], abs=0.1)


def test_no_carrier_is_not_believed_while_the_call_is_listed_and_40_s_have_not_passed(
    make_phone: MakePhone,
) -> None:
    def falls_back(modem: ScriptedModem) -> None:
        modem.state(2)
        modem.after(1.0, modem.say, "NO CARRIER")
        modem.after(30.0, modem.state, 0)

    phone = make_phone()
    phone.modem.fates = [falls_back]
    phone.press()
    phone.run(60)
    assert len(phone.dialled_us()) == 1
    assert phone.notices() == [Notice.RAISED, Notice.CONNECTED]


def test_a_call_that_rings_after_a_false_no_carrier_is_left_to_ring(
    make_phone: MakePhone,
) -> None:
    def falls_back_and_rings(modem: ScriptedModem) -> None:
        modem.state(2)
        modem.after(1.0, modem.say, "NO CARRIER")
        modem.after(9.0, modem.state, 3)
        modem.after(50.0, modem.state, 0)

    phone = make_phone()
    phone.modem.fates = [falls_back_and_rings]
    phone.press()
    phone.run(70)
    assert len(phone.dialled_us()) == 1
    assert not phone.modem.times_us("AT+CHUP")
    assert phone.notices() == [Notice.RAISED, Notice.CONNECTED]


@pytest.mark.parametrize("says", ["", "VOICE CALL: BEGIN"])
def test_one_empty_list_does_not_end_a_call_connected_after_a_false_no_carrier(
    make_phone: MakePhone, says: str
) -> None:
    def falls_back_and_connects(modem: ScriptedModem) -> None:
        modem.state(2)
        modem.after(1.0, modem.say, "NO CARRIER")
        modem.after(8.0, modem.say, says) if says else modem.after(8.0, modem.state, 0)
        modem.after(8.0, modem.calls.__setitem__, 0, 0)
        modem.after(30.0, modem.answers.__setitem__, "AT+CLCC", lists_nothing_once)

    def lists_nothing_once() -> str:
        del phone.modem.answers["AT+CLCC"]
        return "OK"

    phone = make_phone()
    phone.modem.fates = [falls_back_and_connects]
    phone.press()
    phone.run(60)
    assert len(phone.dialled_us()) == 1
    assert phone.notices() == [Notice.RAISED, Notice.CONNECTED]


def test_no_carrier_is_believed_after_40_s_though_the_call_is_still_listed(
    make_phone: MakePhone,
) -> None:
    def hangs(modem: ScriptedModem) -> None:
        modem.state(2)
        modem.after(1.0, modem.say, "NO CARRIER")

    phone = make_phone()
    phone.modem.fates = [hangs, "is_answered"]
    phone.press()
    phone.run(60)
    assert gaps_s(phone, ended_after_s=0) == pytest.approx([40], abs=1.5)


def test_a_call_not_ringing_after_40_s_is_hung_up_and_tried_again(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.fates = ["sets_up_for_ever", "is_answered"]
    phone.press()
    phone.run(60)
    assert gaps_s(phone, ended_after_s=0) == pytest.approx([40], abs=1.5)
    [hung_up_us] = phone.modem.times_us("AT+CHUP")
    assert hung_up_us < phone.dialled_us()[1]


def test_a_ringing_call_is_left_to_ring_for_two_minutes(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.press()
    phone.run(115)
    assert len(phone.dialled_us()) == 1
    assert not phone.modem.times_us("AT+CHUP")
    phone.run(10)
    assert len(phone.dialled_us()) == 2
    assert len(phone.modem.times_us("AT+CHUP")) == 1


def test_a_connected_call_is_never_hung_up(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(1000)
    phone.modem.say("NO CARRIER")
    phone.run(100)
    assert len(phone.dialled_us()) == 1
    assert not phone.modem.times_us("AT+CHUP")
    assert not phone.modem.times_us("ATH")


def test_a_connected_call_that_the_network_ends_is_dialled_again_at_once(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(100)
    phone.modem.ends()
    ended_us = phone.kernel.now_us
    phone.run(5)
    assert 0 < phone.dialled_us()[1] - ended_us < 0.2 * S
    assert Notice.ANSWERED not in phone.notices()


@pytest.mark.parametrize("answer", ["ERROR", "+CME ERROR: 30", "NO CARRIER", "BUSY", "NO DIALTONE"])
def test_a_dial_the_modem_refuses_is_tried_again(make_phone: MakePhone, answer: str) -> None:
    phone = make_phone()
    phone.modem.answers["ATD"] = answer
    phone.press()
    phone.run(10)
    assert gaps_s(phone, ended_after_s=0)[:3] == pytest.approx([0, 2, 5], abs=0.25)
    phone.modem.answers.clear()
    phone.run(15)
    assert phone.stages(Stage.DIALLED)[-1].attempt == len(phone.dialled_us())
    assert phone.modem.calls == [3]


def test_a_dial_that_fails_in_words_but_leads_to_a_call_is_not_repeated(
    make_phone: MakePhone,
) -> None:
    def fails_in_words() -> str:
        phone.modem.is_answered()
        return "ERROR"

    phone = make_phone()
    phone.modem.answers["ATD"] = fails_in_words
    phone.press()
    phone.run(60)
    assert len(phone.dialled_us()) == 1
    assert phone.notices() == [Notice.RAISED, Notice.CONNECTED]


def test_one_garbled_list_of_calls_does_not_end_a_connected_call(make_phone: MakePhone) -> None:
    def garbled() -> str:
        del phone.modem.answers["AT+CLCC"]
        return "+CLCC: 1,0\r\n\r\nOK"

    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(30)
    phone.modem.answers["AT+CLCC"] = garbled
    phone.run(30)
    assert "AT+CLCC" not in phone.modem.answers
    assert len(phone.dialled_us()) == 1


def test_one_empty_list_of_calls_does_not_end_a_connected_call(make_phone: MakePhone) -> None:
    def empty() -> str:
        del phone.modem.answers["AT+CLCC"]
        return "OK"

    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(30)
    phone.modem.answers["AT+CLCC"] = empty
    phone.run(30)
    assert "AT+CLCC" not in phone.modem.answers
    assert len(phone.dialled_us()) == 1


def test_a_call_that_vanishes_without_a_word_is_dialled_again(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(30)
    phone.modem.calls = []
    phone.run(5)
    assert len(phone.dialled_us()) == 2


def test_a_dead_modem_is_power_cycled_and_the_activation_goes_on(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.dies()
    phone.press()
    phone.run(60)
    assert phone.notices()[0] is Notice.RAISED
    assert len(phone.keyed_us) >= 1
    assert phone.modem.numbers()[-1] == CALL_NUMBER
    assert phone.modem.calls == [3]
    assert len(phone.boots_us) == 1


def test_a_modem_that_answers_but_never_gets_a_call_through_is_power_cycled_in_the_end(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.answers["ATD"] = "+CME ERROR: 30"
    phone.press()
    phone.run(60)
    assert phone.keyed_us == []
    phone.run(90)
    refused = len(phone.dialled_us())
    assert max(phone.keyed_us) > 2.5 * S
    phone.modem.answers.clear()
    phone.run(30)
    assert len(phone.dialled_us()) == refused + 1
    assert phone.modem.calls == [3]
    assert len(phone.boots_us) == 1


def test_a_modem_that_dies_during_a_call_is_power_cycled_and_the_activation_goes_on(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.press()
    phone.run(10)
    phone.modem.dies()
    phone.run(60)
    assert len(phone.dialled_us()) == 2
    assert phone.modem.calls == [3]
    assert len(phone.boots_us) == 1


def test_a_modem_that_dies_while_being_set_up_is_power_cycled_soon(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=0.36)
    assert phone.modem.times_us("AT")
    phone.modem.dies()
    phone.press()
    phone.run(60)
    assert phone.modem.calls == [3]


def test_a_modem_that_restarts_by_itself_during_a_call_is_set_up_and_dials_again(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(20)
    restarted_us = phone.kernel.now_us
    phone.modem.boots()
    phone.run(10)
    [echo_off_us] = [t for t in phone.modem.times_us("ATE0") if t > restarted_us]
    again_us = phone.dialled_us()[1]
    assert restarted_us < echo_off_us < again_us < restarted_us + 3 * S
    assert phone.stages(Stage.DIALLED)[-1].attempt == 2


def test_a_modem_that_restarts_while_being_set_up_is_set_up_again(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=0.38)
    set_up = len(phone.modem.heard)
    assert 0 < set_up < 12
    phone.modem.boots()
    phone.run(2)
    after = [line for _, line in phone.modem.heard[set_up:]]
    assert {"ATE0", "AT+CLCC=1", "AT+CNMI=2,2,0,0,0"} <= set(after)


def test_a_call_still_up_after_the_handset_alone_restarted_is_not_dialled_over(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(20)
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(30)
    assert len(phone.boots_us) == 2
    assert len(phone.dialled_us()) == 1
    assert not phone.modem.times_us("AT+CHUP")
    phone.modem.ends()
    phone.run(3)
    assert len(phone.dialled_us()) == 2
    assert JournalKind.RESUMED in phone.journal()


def test_a_press_while_the_call_of_a_closed_activation_is_up_takes_that_call_over(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"activation_limit_s": 600})
    phone.press()
    phone.modem.fates = ["is_answered"]
    phone.run(590)
    phone.modem.ends()
    phone.modem.fates = ["sets_up_for_ever"]
    phone.run(20)
    assert phone.stages(Stage.CLOSED)
    dialled = len(phone.dialled_us())
    phone.press()
    phone.run(5)
    assert len(phone.dialled_us()) == dialled
    assert phone.notices().count(Notice.RAISED) == 2
    phone.modem.ends()
    phone.modem.fates = ["is_answered"]
    phone.run(5)
    assert len(phone.dialled_us()) == dialled + 1
    assert len(phone.boots_us) == 1


def test_a_call_that_outlives_its_activation_is_followed_to_its_end(make_phone: MakePhone) -> None:
    phone = make_phone(config={"activation_limit_s": 600})
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(900)
    assert phone.stages(Stage.CLOSED)
    assert len(phone.boots_us) == 1
    assert len(phone.modem.times_us("AT+CLCC")) > 800
    phone.modem.ends()
    phone.run(20)
    assert len(phone.dialled_us()) == 1


def test_a_text_that_takes_a_minute_hides_neither_the_call_nor_the_handset(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"text_number": "+447700900003", "first_text_ms": 5000})
    phone.modem.fates = ["is_answered"]
    phone.modem.message_s = 1000
    phone.press()
    phone.run(300)
    assert len(phone.modem.times_us("AT+CMGS")) >= 3
    assert len(phone.boots_us) == 1
    assert len(phone.dialled_us()) == 1


def with_a_text_under_way(make_phone: MakePhone) -> Phone:
    """Return a phone in a call, whose modem takes for ever over a text."""
    phone = make_phone(config={"text_number": "+447700900003", "first_text_ms": 5000})
    phone.modem.fates = ["is_answered"]
    phone.modem.message_s = 1000
    phone.press()
    phone.run(20)
    assert phone.modem.times_us("AT+CMGS")
    return phone


def test_a_call_that_ends_while_a_text_is_under_way_is_dialled_again_within_seconds(
    make_phone: MakePhone,
) -> None:
    phone = with_a_text_under_way(make_phone)
    phone.modem.ends()
    ended_us = phone.kernel.now_us
    phone.run(10)
    assert phone.dialled_us()[1] - ended_us < 2.5 * S


def false_end(modem: ScriptedModem) -> None:
    """Begin a call of which the modem says after a second that it is over, though it goes on."""
    modem.state(2)
    modem.after(1.0, modem.say, "NO CARRIER")
    modem.after(6.0, modem.state, 0)


def test_a_text_has_its_time_while_a_call_goes_on_that_was_said_to_be_over(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"text_number": "+447700900003", "first_text_ms": 5000})
    phone.modem.fates = [false_end]
    phone.modem.message_s = 3.0
    phone.press()
    phone.run(30)
    assert len(phone.modem.times_us("AT+CMGS")) == 1
    assert phone.notices() == [Notice.RAISED, Notice.CONNECTED]


def test_the_late_answer_to_a_text_is_not_taken_for_an_empty_list_of_calls(
    make_phone: MakePhone,
) -> None:
    phone = with_a_text_under_way(make_phone)

    def is_late() -> str:
        del phone.modem.answers["AT+CLCC"]
        return "+CMGS: 1\r\n\r\nOK"

    phone.modem.answers["AT+CLCC"] = is_late
    phone.modem.say("NO CARRIER")
    phone.run(10)
    assert "AT+CLCC" not in phone.modem.answers
    assert len(phone.dialled_us()) == 1
    assert Notice.RETRYING not in phone.notices()


@pytest.mark.parametrize("failure", ["+CMS ERROR: 331", "ERROR"])
def test_the_late_failure_of_a_text_does_not_end_the_call_it_was_overtaken_for(
    make_phone: MakePhone, failure: str
) -> None:
    phone = with_a_text_under_way(make_phone)

    def fails() -> str:
        del phone.modem.answers["AT+CLCC"]
        return failure

    phone.modem.answers["AT+CLCC"] = fails
    phone.modem.say("NO CARRIER")
    phone.run(10)
    assert "AT+CLCC" not in phone.modem.answers
    assert len(phone.dialled_us()) == 1
    assert Notice.RETRYING not in phone.notices()


def test_a_modem_that_cannot_list_its_calls_is_believed_about_their_end(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.modem.answers["AT+CLCC"] = "ERROR"
    phone.press()
    phone.run(10)
    phone.modem.say("NO CARRIER")
    phone.run(5)
    assert len(phone.dialled_us()) == 2


def test_a_call_listed_again_while_its_end_is_being_asked_about_does_not_stop_all_commands(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"text_number": "+447700900003", "first_text_ms": 5000})
    phone.modem.fates = ["is_answered"]
    phone.modem.message_s = 3.0
    phone.press()
    phone.kernel.run_until(60 * S, lambda: bool(phone.modem.times_us("AT+CMGS")))
    phone.run(0.1)
    phone.modem.say("NO CARRIER")
    phone.run(0.3)
    phone.modem.say('+CLCC: 1,0,0,0,0,"+447700900001",145')
    phone.run(10)
    asked_us = phone.modem.times_us("AT+CLCC")
    assert len([t_us for t_us in asked_us if t_us > phone.kernel.now_us - 5 * S]) >= 4
    assert len(phone.dialled_us()) == 1
