"""What goes out beside the call: said as it is known, and never at the cost of the call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tocsin_host.answerpoint.tag import FROM_ANSWER_POINT, FROM_HANDSET, seal, unseal
from tocsin_host.wire import (
    AnswerAck,
    FixSource,
    JournalKind,
    Notice,
    Sealed,
    Stage,
    TagReport,
)
from tocsin_sim.world.gnss.sentences import fix_epoch
from tocsin_sim.world.sms_pdu import Ports, deliver_data, read_submit

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone, ScriptedModem

S = 1_000_000
KEY = bytes(range(32))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NUMBERS: dict[str, bool | int | str | bytes] = {
    "text_number": "+447700900003",
    "report_number": "+447700900004",
    "report_key": KEY,
}


def texts(phone: Phone) -> list[str]:
    return [each for each in _sent(phone) if isinstance(each, str)]


def tags(phone: Phone) -> list[TagReport]:
    sealed = [Sealed.decode(each[1:]) for each in _sent(phone) if isinstance(each, bytes)]
    return [TagReport.decode(unseal(KEY, FROM_HANDSET, each)[1:]) for each in sealed]


def _sent(phone: Phone) -> list[str | bytes]:
    heard = [line for _, line in phone.modem.heard]
    asked = [i for i, line in enumerate(heard) if line.startswith("AT+CMGS=")]
    bodies = [(heard[i + 1], int(heard[i][8:])) for i in asked if i + 1 < len(heard)]
    return [read_submit(body, length).content for body, length in bodies if body[0] == "0"]


def sees_the_sky(modem: ScriptedModem, seconds: int, hdop: float = 1.0) -> None:
    for i in range(seconds):
        epoch = fix_epoch(NOON + timedelta(seconds=i), 50.5, -2.9, hdop)
        modem.after(i, modem.raw, epoch)


def acknowledge(phone: Phone, counter: int = 1) -> None:
    """Let the answer point's acknowledgement of the latest tag arrive."""
    answer = AnswerAck(activation=tags(phone)[-1].activation, answered_age_ms=0)
    payload = seal(KEY, FROM_ANSWER_POINT, 7001, counter, answer)
    pdu, length = deliver_data("+447700900004", payload, Ports(16_744, 16_744), NOON)
    phone.modem.say(f"+CMT: ,{length}\r\n{pdu}")


def test_a_text_out_before_the_first_fix_claims_none_and_the_fix_follows(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"text_number": "+447700900003"})
    phone.modem.message_s = 4
    phone.press()
    phone.run(22)
    assert len(phone.modem.times_us("AT+CMGS")) == 1
    sees_the_sky(phone.modem, 30)
    phone.run(30)
    assert ["pm=N" in text for text in texts(phone)] == [True, False]
    sources = [FixSource(each.value) for each in phone.stages(Stage.LOCATION_SENT)]
    assert sources == [FixSource.NONE, FixSource.GNSS]


def test_an_update_follows_only_a_fix_twice_as_good(make_phone: MakePhone) -> None:
    phone = make_phone(config={"text_number": "+447700900003"})
    phone.press()
    phone.run(8)
    sees_the_sky(phone.modem, 20, hdop=3.0)
    phone.run(25)
    assert len(texts(phone)) == 1
    sees_the_sky(phone.modem, 20, hdop=1.0)
    phone.run(25)
    assert len(texts(phone)) == 2


def test_a_text_the_network_refuses_is_sent_again_and_not_said_to_be_sent(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"text_number": "+447700900003", "first_text_ms": 5_000})
    phone.modem.answers["AT+CMGS="] = "+CMS ERROR: 332"
    phone.press()
    phone.run(25)
    assert phone.stages(Stage.LOCATION_SENT) == []
    assert len(phone.modem.times_us("AT+CMGS=")) >= 3
    del phone.modem.answers["AT+CMGS="]
    phone.run(10)
    assert len(phone.stages(Stage.LOCATION_SENT)) == 1


def test_a_tag_that_fails_does_not_starve_the_text(make_phone: MakePhone) -> None:
    phone = make_phone(config={**NUMBERS, "first_text_ms": 5_000})
    phone.modem.message_s = 200
    phone.press()
    phone.run(300)
    assert texts(phone)
    assert tags(phone)
    assert len(phone.boots_us) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "LTE,Online,234-10,0x230A,99999999999999",
        "LTE,Online,234-10,0x230A,-1",
        "LTE,Online,234-10-1,0x230A,1",
        "LTE,Online,ab-cd,0x230A,1",
        "LTE,Online,999999-10,0x230A,1",
        "NO SERVICE,Online",
        "\xff\xfe,\xff,\xff-\xff,\xff,\xff",
        "",
    ],
)
def test_odd_words_of_the_serving_cell_cost_neither_tag_nor_call(
    make_phone: MakePhone, cell: str
) -> None:
    phone = make_phone(config=NUMBERS)
    phone.modem.answers["AT+CPSI?"] = lambda: phone.modem.raw(
        b"\r\n+CPSI: " + cell.encode("latin-1") + b"\r\n\r\nOK\r\n"
    )
    phone.press()
    phone.run(40)
    # The second because nobody acknowledges the first.
    assert len(tags(phone)) == 2
    assert texts(phone)
    assert len(phone.dialled_us()) == 1
    assert len(phone.boots_us) == 1


BROKEN_TAG = """
import asyncio, machine
from boards.lilygo_t_a7670.board import LilygoTA7670
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx
from tocsin import tag

async def fails(report, config, counter, pause):
    raise ValueError("cannot be sealed")

tag.seal = fails
asyncio.run(Handset(LilygoTA7670(), A76xx).start().run())
"""


def test_a_report_that_cannot_be_made_costs_neither_the_others_nor_the_call(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(BROKEN_TAG, config=NUMBERS)
    phone.press()
    phone.run(40)
    assert texts(phone)
    assert JournalKind.FAULT in phone.journal()
    assert len(phone.dialled_us()) == 1
    assert len(phone.boots_us) == 1


@pytest.mark.parametrize("command", ["AT+CGNSSPWR=1", "AT+CGNSSTST=1", "AT+CGNSSPORTSWITCH=0,1"])
def test_a_receiver_that_refuses_at_first_is_asked_again(
    make_phone: MakePhone, command: str
) -> None:
    phone = make_phone()
    phone.modem.answers[command] = "ERROR"
    phone.press()
    phone.run(25)
    assert len(phone.modem.times_us(command)) >= 2
    del phone.modem.answers[command]
    phone.run(25)
    asked = len(phone.modem.times_us(command))
    assert phone.modem.times_us("AT+CGNSSPORTSWITCH=0,1")
    phone.run(30)
    assert len(phone.modem.times_us(command)) == asked


def test_the_receiver_is_routed_as_soon_as_it_is_ready(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.press()
    phone.run(5)
    phone.modem.say("+CGNSSPWR: READY!")
    ready_us = phone.kernel.now_us
    phone.run(1)
    [routed_us] = phone.modem.times_us("AT+CGNSSPORTSWITCH=0,1")
    assert routed_us - ready_us < 0.5 * S


def test_answered_is_told_once_acknowledged_and_a_new_alarm_sends_its_own_tag(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config=NUMBERS)
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(15)
    [first] = tags(phone)
    assert Notice.ANSWERED not in phone.notices()
    acknowledge(phone)
    phone.run(1)
    assert phone.notices()[-1] is Notice.ANSWERED
    phone.modem.message_s = 30
    phone.run(8)
    assert phone.modem.times_us("AT+CMGS")[-1] > phone.kernel.now_us - 10 * S
    phone.modem.ends()
    phone.run(3)
    assert [each.value for each in phone.stages(Stage.CLOSED)] == [1]
    phone.press()
    phone.run(5)
    phone.modem.message_s = 0
    phone.run(60)
    assert len(phone.dialled_us()) == 2
    assert len({each.activation for each in tags(phone)}) == 2
    assert tags(phone)[-1].activation != first.activation


@pytest.mark.parametrize("forged_key", [bytes(32), KEY])
def test_an_acknowledgement_of_another_activation_or_by_another_key_confirms_nothing(
    make_phone: MakePhone, forged_key: bytes
) -> None:
    phone = make_phone(config=NUMBERS)
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(15)
    [report] = tags(phone)
    number = report.activation if forged_key != KEY else report.activation + 1
    answer = AnswerAck(activation=number, answered_age_ms=0)
    payload = seal(forged_key, FROM_ANSWER_POINT, 7001, 1, answer)
    pdu, length = deliver_data("+447700900004", payload, Ports(16_744, 16_744), NOON)
    phone.modem.say(f"+CMT: ,{length}\r\n{pdu}")
    phone.run(10)
    assert Notice.ANSWERED not in phone.notices()
    assert phone.stages(Stage.ANSWER_CONFIRMED) == []
