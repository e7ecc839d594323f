"""What a handset finds when it is asked to look at itself, and what it keeps of its faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host import wire
from tocsin_host.wire import (
    CONFIG,
    FailureCode,
    Registration,
    ResetCause,
    SelfCheck,
    SelfVerdict,
    Stage,
    TimeSource,
)

from .test_session import KEYS, TECHNICIAN, on
from .test_supervisor import HEAD, TAIL

if TYPE_CHECKING:
    from .conftest import MakePhone, Phone
    from .host_on_line import HostOnLine

S = 1_000_000
COMPLETE: dict[str, bool | int | str | bytes] = {
    "text_number": "+447700900003",
    "report_number": "+447700900004",
    "report_key": bytes(range(32)),
}
GOOD = {
    "AT+CEREG?": "+CEREG: 1,1\r\n\r\nOK",
    "AT+CIREG?": "+CIREG: 0,1\r\n\r\nOK",
    "AT+CPIN?": "+CPIN: READY\r\n\r\nOK",
    "AT+CGNSSPORTSWITCH": "OK\r\n\r\n$GPGSV,1,1,00*79",
}
Found = dict[SelfCheck, tuple[SelfVerdict, int]]


def complete(make_phone: MakePhone, **changes: bool | int | str | bytes) -> Phone:
    phone = make_phone(config={**KEYS, **COMPLETE, **changes})
    phone.modem.answers = dict(GOOD)
    phone.run(10)
    return phone


def host_of(phone: Phone) -> HostOnLine:
    host = on(phone)
    host.open(TECHNICIAN)
    return host


def answered(host: HostOnLine) -> wire.Message:
    """The answer, for which a host waits a minute."""
    number = host.send(wire.SelfTestRun())
    try:
        return host.reply_to(number)
    except TimeoutError:
        return host.reply_to(number)


def findings(host: HostOnLine) -> Found:
    reply = answered(host)
    assert isinstance(reply, wire.SelfTestResult), reply
    found = {each.checked: (each.verdict, each.value) for each in reply.findings}
    assert len(found) == len(reply.findings) == len(SelfCheck)
    return found


def failed(found: Found) -> set[SelfCheck]:
    return {check for check, (verdict, _) in found.items() if verdict is SelfVerdict.FAILED}


def test_a_sound_handset_passes_every_check_it_can_make(make_phone: MakePhone) -> None:
    phone = complete(make_phone)
    found = findings(host_of(phone))
    passed = SelfVerdict.PASSED
    assert found[SelfCheck.STORAGE][1] > 500_000
    del found[SelfCheck.STORAGE]
    assert found == {
        SelfCheck.BATTERY: (passed, 4000),
        SelfCheck.BUTTON: (passed, 1),
        SelfCheck.HAPTIC: (SelfVerdict.SKIPPED, 0),
        SelfCheck.MODEM: (passed, 0),
        SelfCheck.SIM: (passed, 1),
        SelfCheck.NETWORK: (passed, Registration.HOME),
        SelfCheck.GNSS: (passed, 1),
        SelfCheck.CLOCK: (passed, TimeSource.NETWORK),
        SelfCheck.CONFIG: (passed, 0),
        SelfCheck.IMS: (passed, 1),
        SelfCheck.KEYS: (passed, 0),
    }
    assert phone.motor == []
    assert phone.stored("/probe") is None


@pytest.mark.parametrize(
    ("answers", "check", "value"),
    [
        ({"AT+CPIN?": "+CPIN: SIM PUK\r\n\r\nOK"}, SelfCheck.SIM, 4),
        ({"AT+CPIN?": "+CME ERROR: 10"}, SelfCheck.SIM, 0),
        ({"AT+CEREG?": "+CEREG: 1,2\r\n\r\nOK"}, SelfCheck.NETWORK, Registration.SEARCHING),
        ({"AT+CEREG?": "+CEREG: 1,11\r\n\r\nOK"}, SelfCheck.NETWORK, Registration.EMERGENCY_ONLY),
        ({"AT+CIREG?": "+CIREG: 0,0\r\n\r\nOK"}, SelfCheck.IMS, 0),
        ({"AT+CGNSSPORTSWITCH": "OK"}, SelfCheck.GNSS, 0),
    ],
)
def test_what_is_wrong_with_modem_or_network_is_found_by_itself(
    make_phone: MakePhone, answers: dict[str, str], check: SelfCheck, value: int
) -> None:
    phone = complete(make_phone)
    phone.modem.answers.update(answers)
    found = findings(host_of(phone))
    assert failed(found) == {check}
    assert found[check][1] == value


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("call_number", SelfCheck.CONFIG),
        ("text_number", SelfCheck.CONFIG),
        ("report_number", SelfCheck.CONFIG),
        ("report_key", SelfCheck.KEYS),
    ],
)
def test_a_setting_that_is_missing_is_named(
    make_phone: MakePhone, name: str, check: SelfCheck
) -> None:
    phone = complete(make_phone, **{name: CONFIG[name].default})
    found = findings(host_of(phone))
    assert failed(found) == {check}
    assert found[check][1] == CONFIG[name].key


def test_a_modem_that_is_silent_leaves_what_hangs_on_it_untested(make_phone: MakePhone) -> None:
    phone = complete(make_phone)
    host = host_of(phone)
    phone.modem.dies()
    found = findings(host)
    assert failed(found) == {SelfCheck.MODEM}
    for check in (SelfCheck.SIM, SelfCheck.NETWORK, SelfCheck.IMS, SelfCheck.GNSS):
        assert found[check][0] is SelfVerdict.SKIPPED


def test_an_alarm_ends_a_self_test_and_waits_for_nothing(make_phone: MakePhone) -> None:
    phone = complete(make_phone)
    phone.modem.answers["AT+CGNSSPORTSWITCH"] = "OK"
    host = host_of(phone)
    number = host.send(wire.SelfTestRun())
    pressed_us = phone.press(after_s=3)
    reply = host.reply_to(number)
    assert isinstance(reply, wire.Failure)
    assert reply.code is FailureCode.BUSY
    phone.run(3)
    [dialled_us] = phone.dialled_us()
    assert dialled_us - pressed_us <= 1.02 * S
    reply = host.ask(wire.SelfTestRun())
    assert isinstance(reply, wire.Failure)
    assert len(phone.stages(Stage.DIALLED)) == 1


# Faults


def status(phone: Phone) -> wire.Status:
    reply = host_of(phone).ask(wire.StatusGet())
    assert isinstance(reply, wire.Status)
    return reply


def test_a_handset_that_never_failed_says_so(make_phone: MakePhone) -> None:
    told = status(complete(make_phone))
    assert (told.fault, told.fault_uptime_s, told.fault_utc_s) == ("", 0, 0)
    assert told.reset_cause is ResetCause.POWER_ON


def test_what_killed_a_vital_task_is_told_after_the_restart_and_after_the_next(
    make_phone: MakePhone,
) -> None:
    lines = "if is_first:\n    handset.call.run = raises\n"
    phone = make_phone(HEAD + lines + TAIL, config=dict(KEYS), settle_s=15)
    told = status(phone)
    assert told.reset_cause is ResetCause.SOFT
    task, place, error = told.fault.split("\n")
    assert (task, error) == ("call", "ValueError: broken")
    assert place.startswith("File")
    assert "raises" in place
    assert told.fault_uptime_s == 6
    assert told.fault_utc_s > 1_700_000_000
    assert told.faults == 0
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(3)
    again = status(phone)
    assert (again.fault, again.reset_cause) == (told.fault, ResetCause.POWER_ON)


def test_a_fault_of_a_minor_task_in_an_alarm_is_kept_as_well(make_phone: MakePhone) -> None:
    lines = "raises_once(handset.feedback, 'run')\n"
    phone = make_phone(HEAD + lines + TAIL, config=dict(KEYS), settle_s=1)
    phone.press(after_s=0.5)
    phone.run(5)
    phone.handset.power_cut()
    assert b"feedback" in (phone.stored("/fault") or b"")


def test_a_task_that_hangs_is_named_though_only_the_watchdog_ends_it(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(
        HEAD + "if is_first:\n    handset.call.run = hangs\n" + TAIL, config=dict(KEYS)
    )
    phone.run(80)
    told = status(phone)
    assert told.reset_cause is ResetCause.WATCHDOG
    assert told.fault.split("\n")[0] == "call"
    assert "hangs" in told.fault
    assert 40 <= told.fault_uptime_s <= 60


def test_an_error_of_any_length_is_kept_in_part(make_phone: MakePhone) -> None:
    lines = """
async def raises_much(check_in):
    raise ValueError("é" * 500)
if is_first:
    handset.call.run = raises_much
"""
    phone = make_phone(HEAD + lines + TAIL, config=dict(KEYS), settle_s=12)
    assert status(phone).fault.startswith("call\n")
