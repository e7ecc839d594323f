"""The report of its health that a handset sends by itself: once in its time, never in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tocsin_host.answerpoint.tag import FROM_HANDSET, unseal
from tocsin_host.wire import (
    HealthReason,
    HealthReport,
    JournalKind,
    Notice,
    ResetCause,
    Sealed,
    SelfCheck,
    Stage,
)
from tocsin_sim.world.sms_pdu import read_submit

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
HOUR_S = 3_600
MINUTE_S = 60
KEY = bytes(range(32))
# Handset 7001 looks for the first time so long after its start.
FIRST_S = 900 + (7001 * 1021) % 600
BOOT_US = 350_000
NUMBERS: dict[str, bool | int | str | bytes] = {
    "text_number": "+447700900003",
    "report_number": "+447700900004",
    "report_key": KEY,
    "technician_key": KEY,
}
NEARLY_EMPTY_UV, LOW_UV, FULL_UV = 3_400_000, 3_690_000, 4_000_000


def sent(phone: Phone) -> list[tuple[int, HealthReport]]:
    """Each health report with the time it was sent; any other message fails."""
    found = []
    for (_, line), (t_us, body) in pairwise(phone.modem.heard):
        if not line.startswith("AT+CMGS=") or body.startswith("AT"):
            continue
        content = read_submit(body, int(line[8:])).content
        assert isinstance(content, bytes)
        plain = unseal(KEY, FROM_HANDSET, Sealed.decode(content[1:]))
        if plain[0] == HealthReport.ID:
            found.append((t_us, HealthReport.decode(plain[1:])))
    return found


def set_cell(phone: Phone, cell_uv: int) -> None:
    facts = phone.facts
    phone.handset.adc(facts.BATTERY_ADC_PIN).set_uv(cell_uv // facts.BATTERY_DIVIDER)


def clock(phone: Phone) -> str:
    now = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(microseconds=phone.kernel.now_us)
    return f'+CCLK: "{now:%y/%m/%d,%H:%M:%S}+00"\r\n\r\nOK'


def reporting(make_phone: MakePhone, **changes: bool | int | str | bytes) -> Phone:
    phone = make_phone(config={**NUMBERS, **changes})
    phone.modem.answers["AT+CCLK?"] = lambda: clock(phone)
    phone.modem.answers["AT+CEREG?"] = "+CEREG: 1,1\r\n\r\nOK"
    phone.modem.answers["AT+CIREG?"] = "+CIREG: 0,1\r\n\r\nOK"
    phone.modem.answers["AT+CPIN?"] = "+CPIN: READY\r\n\r\nOK"
    phone.modem.answers["AT+CGNSSPORTSWITCH"] = "OK\r\n\r\n$GPGSV,1,1,00*79"
    return phone


def bits(*checks: SelfCheck) -> int:
    return sum(1 << check for check in checks)


def test_a_report_goes_out_once_in_each_period_and_says_how_the_handset_is(
    make_phone: MakePhone,
) -> None:
    phone = reporting(make_phone, heartbeat_s=HOUR_S)
    phone.run(2.5 * HOUR_S)
    (first_us, report), *others = sent(phone)
    assert first_us / S == pytest.approx(FIRST_S, abs=30)
    assert (report.reason, report.next_s) == (HealthReason.HEARTBEAT, HOUR_S)
    assert (report.battery_mv, report.battery_pct) == (4000, 82)
    assert report.tested == bits(*SelfCheck) - bits(SelfCheck.HAPTIC)
    assert report.failed == 0
    assert report.reset_cause is ResetCause.POWER_ON
    assert report.uptime_s == pytest.approx(first_us / S, abs=10)
    times_s = [first_us / S, *(t_us / S for t_us, _ in others)]
    assert len(times_s) == 4
    # The first is a late one, of a period that had begun before; the next is not to follow at once.
    gaps_s = [after - before for before, after in pairwise(times_s[2:])]
    assert gaps_s == pytest.approx([HOUR_S] * len(gaps_s), abs=MINUTE_S + 10)
    assert phone.journal().count(JournalKind.HEALTH_SENT) == len(times_s)
    assert phone.felt == []


def test_two_handsets_report_at_times_of_their_own(make_phone: MakePhone) -> None:
    one, other = (reporting(make_phone, identity=each) for each in (7001, 7002))
    for phone in (one, other):
        phone.run(0.35 * HOUR_S)
    [(one_us, _)], [(other_us, _)] = sent(one), sent(other)
    assert abs(one_us - other_us) > 2 * MINUTE_S * S


def test_a_restart_brings_no_second_report_of_the_same_time(make_phone: MakePhone) -> None:
    phone = reporting(make_phone)
    phone.run(0.4 * HOUR_S)
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(0.4 * HOUR_S)
    assert len(sent(phone)) == 1


@pytest.mark.parametrize(
    "lacking", [{"issued": False}, {"report_number": ""}, {"report_key": b""}], ids=str
)
def test_a_handset_that_is_not_in_use_says_nothing(
    make_phone: MakePhone, lacking: dict[str, bool | str | bytes]
) -> None:
    phone = reporting(make_phone, **lacking)
    phone.run(0.4 * HOUR_S)
    assert sent(phone) == []


def test_what_fails_is_told(make_phone: MakePhone) -> None:
    phone = reporting(make_phone, text_number="", technician_key=b"")
    phone.modem.answers["AT+CPIN?"] = "+CPIN: SIM PIN\r\n\r\nOK"
    phone.modem.answers["AT+CEREG?"] = "+CEREG: 1,8\r\n\r\nOK"
    phone.modem.answers["AT+CIREG?"] = "+CIREG: 0,0\r\n\r\nOK"
    phone.modem.answers["AT+CGNSSPORTSWITCH"] = "OK"
    set_cell(phone, LOW_UV)
    phone.run(0.5 * HOUR_S)
    [(_, report)] = sent(phone)
    failed = {check for check in SelfCheck if report.failed >> check & 1}
    assert failed == {
        SelfCheck.SIM,
        SelfCheck.NETWORK,
        SelfCheck.IMS,
        SelfCheck.BATTERY,
        SelfCheck.CONFIG,
        SelfCheck.KEYS,
    }
    # Below the reserve the receiver stays off.
    assert not report.tested >> SelfCheck.GNSS & 1


def test_a_receiver_that_says_nothing_fails(make_phone: MakePhone) -> None:
    phone = reporting(make_phone)
    phone.modem.answers["AT+CGNSSPORTSWITCH"] = "OK"
    phone.run(0.5 * HOUR_S)
    [(_, report)] = sent(phone)
    assert report.failed == bits(SelfCheck.GNSS)


def test_a_report_the_network_refuses_is_tried_again_every_hour(
    make_phone: MakePhone,
) -> None:
    phone = reporting(make_phone)
    phone.modem.answers["AT+CMGS="] = "+CMS ERROR: 500"
    phone.run(1.4 * HOUR_S)
    first_us, *others = phone.modem.times_us("AT+CMGS=")
    assert [each - first_us for each in others] == pytest.approx([HOUR_S * S], rel=0.05)
    del phone.modem.answers["AT+CMGS="]
    phone.run(1.1 * HOUR_S)
    assert len(sent(phone)) == 1


def test_a_nearly_empty_battery_is_told_once_a_discharge(make_phone: MakePhone) -> None:
    phone = reporting(make_phone)
    phone.run(0.5 * HOUR_S)
    set_cell(phone, NEARLY_EMPTY_UV)
    began_us = phone.kernel.now_us
    phone.run(16 * MINUTE_S)
    [_, (t_us, report)] = sent(phone)
    assert t_us - began_us < 16 * MINUTE_S * S
    assert (report.reason, report.next_s) == (HealthReason.BATTERY, 0)
    assert report.battery_pct <= 5
    set_cell(phone, FULL_UV)
    phone.run(16 * MINUTE_S)
    set_cell(phone, NEARLY_EMPTY_UV)
    phone.run(16 * MINUTE_S)
    reasons = [each.reason for _, each in sent(phone)]
    assert reasons == [HealthReason.HEARTBEAT, HealthReason.BATTERY, HealthReason.BATTERY]


# What an alarm has to do with it: nothing.


@pytest.mark.parametrize("after_s", [-1.0, -0.5, -0.05, 0.0, 0.02, 0.1, 0.5, 1.0, 1.5, 5.0, 30.0])
def test_a_press_at_any_moment_of_it_dials_at_once(make_phone: MakePhone, after_s: float) -> None:
    phone = reporting(make_phone)
    phone.modem.fates = ["is_answered"]
    phone.modem.message_s = 4
    phone.modem.answers["AT+CGNSSPORTSWITCH"] = "OK"  # so that it takes half a minute
    begins_us = FIRST_S * S + BOOT_US
    phone.run((begins_us - phone.kernel.now_us) / S - 5)
    pressed_us = phone.press(after_s=5 + after_s)
    phone.run(60)
    [dialled_us] = phone.dialled_us()
    # A command under way is waited for, two seconds at most.
    assert dialled_us - pressed_us <= S + 2.02 * S
    assert phone.felt[0] is Notice.RAISED
    assert phone.stages(Stage.TAG_SENT)
    assert len(phone.boots_us) == 1


def test_a_refusal_of_it_that_comes_after_a_dial_overtook_it_is_not_the_dials(
    make_phone: MakePhone,
) -> None:
    phone = reporting(make_phone)
    phone.modem.fates = ["is_answered"]
    phone.modem.is_busy_with_texts = True
    phone.modem.message_s = 8
    phone.modem.message_result = "+CMS ERROR: 331"
    phone.run(FIRST_S)
    while not phone.modem.times_us("AT+CMGS="):
        phone.run(1)
    phone.press(after_s=3)
    phone.run(20)
    assert len(phone.dialled_us()) == 1
    assert Notice.RETRYING not in phone.notices()


def test_nothing_of_it_stays_in_memory(make_phone: MakePhone) -> None:
    program = """
import asyncio, sys
from boards.lilygo_t_a7670.board import LilygoTA7670
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

async def tells():
    while True:
        await asyncio.sleep_ms(1_000)
        names = [name for name in sys.modules if name.startswith("tocsin.health")]
        print("loaded", len(names))

handset = Handset(LilygoTA7670(), A76xx)
asyncio.create_task(tells())
asyncio.run(handset.start().run())
"""
    phone = make_phone(program, config={**NUMBERS, "heartbeat_s": HOUR_S})
    phone.run(0.5 * HOUR_S)
    counts = [int(line.split()[1]) for line in phone.handset.log.splitlines() if "loaded" in line]
    assert max(counts) == 4
    assert counts[-1] == 0
