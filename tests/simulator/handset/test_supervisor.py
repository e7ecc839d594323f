"""Tasks that hang or raise: a vital one restarts the handset into its alarm, a minor one itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import JournalKind, Notice, ResetCause, Stage
from tocsin_sim.vm.shim import kinds

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
WATCHDOG_S = 60

HEAD = """
import asyncio, machine, time
from boards.lilygo_t_a7670.board import LilygoTA7670
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

handset = Handset(LilygoTA7670(), A76xx)
is_first = machine.reset_cause() == machine.PWRON_RESET

async def hangs(check_in):
    await asyncio.sleep_ms(1 << 28)

async def raises(check_in):
    await asyncio.sleep_ms(6_000)
    raise ValueError("broken")

async def raises_at_once(check_in):
    raise ValueError("broken")

def fails(*args):
    raise OSError(28)

def raises_once(part, method):
    body = getattr(part, method)
    calls = []
    async def run(*args):
        calls.append(None)
        if len(calls) == 1:
            await asyncio.sleep_ms(2_000)
            raise ValueError("broken")
        await body(*args)
    setattr(part, method, run)
"""

TAIL = """
try:
    asyncio.run(handset.start().run())
finally:
    machine.reset()
"""


def sabotaged(make_phone: MakePhone, lines: str, settle_s: float = 3.0) -> Phone:
    return make_phone(HEAD + lines + TAIL, settle_s=settle_s)


def reset_causes(phone: Phone) -> list[ResetCause]:
    return [ResetCause(each.code) for each in phone.events if each.kind == 4]


def assert_the_activation_went_on(phone: Phone) -> None:
    attempts = [each.attempt for each in phone.stages(Stage.DIALLED)]
    assert attempts == [1, 2]
    assert phone.notices()[:2] == [Notice.RAISED, Notice.RETRYING]
    journal = phone.journal()
    assert journal.count(JournalKind.RESUMED) == 1
    assert journal.count(JournalKind.CLOSED) == 0


def test_a_call_task_that_hangs_leads_to_a_watchdog_reset_and_the_activation_goes_on(
    make_phone: MakePhone,
) -> None:
    phone = sabotaged(make_phone, "if is_first:\n    handset.call.run = hangs\n")
    phone.press()
    phone.run(3)
    phone.modem.calls = []
    phone.run(WATCHDOG_S + 10)
    assert reset_causes(phone) == [ResetCause.POWER_ON, ResetCause.WATCHDOG]
    assert_the_activation_went_on(phone)


def test_code_that_never_comes_back_is_the_watchdogs_and_the_activation_goes_on(
    make_phone: MakePhone,
) -> None:
    lines = """
async def spins():
    while not handset.activation.is_open:
        await asyncio.sleep_ms(100)
    await asyncio.sleep_ms(1_000)
    while True:
        pass
if is_first:
    asyncio.create_task(spins())
"""
    phone = make_phone(HEAD + lines + TAIL, hang_timeout_s=0.2)
    phone.press()
    phone.run(4)
    phone.modem.calls = []
    phone.run(WATCHDOG_S + 15)
    assert reset_causes(phone) == [ResetCause.POWER_ON, ResetCause.WATCHDOG]
    assert_the_activation_went_on(phone)


def test_a_vital_task_that_raises_restarts_the_handset_and_the_activation_goes_on(
    make_phone: MakePhone,
) -> None:
    phone = sabotaged(make_phone, "if is_first:\n    handset.call.run = raises\n", settle_s=1)
    phone.press(after_s=1)
    phone.run(4)
    phone.modem.calls = []
    phone.run(15)
    assert reset_causes(phone) == [ResetCause.POWER_ON, ResetCause.SOFT]
    assert_the_activation_went_on(phone)
    assert JournalKind.FAULT in phone.journal()
    assert "ValueError: broken" in phone.handset.log


def test_a_vital_task_that_raises_restarts_the_handset_though_the_flash_refuses_the_journal(
    make_phone: MakePhone,
) -> None:
    lines = "if is_first:\n    handset.call.run = raises\n    handset.journal.append = fails\n"
    phone = sabotaged(make_phone, lines, settle_s=1)
    phone.press(after_s=1)
    phone.run(4)
    phone.modem.calls = []
    phone.run(15)
    assert reset_causes(phone) == [ResetCause.POWER_ON, ResetCause.SOFT]
    assert [each.attempt for each in phone.stages(Stage.DIALLED)] == [1, 2]


def test_a_button_task_that_raises_is_back_for_a_press_within_seconds(
    make_phone: MakePhone,
) -> None:
    phone = sabotaged(make_phone, "if is_first:\n    handset.button.run = raises\n")
    phone.press(after_s=4.5)
    phone.run(15)
    assert reset_causes(phone) == [ResetCause.POWER_ON, ResetCause.SOFT]
    assert len(phone.dialled_us()) == 1


MINOR = [
    ("handset.modem.engine", "run"),
    ("handset.modem", "keep"),
    ("handset.feedback", "run"),
    ("handset.activation", "keep"),
    ("handset.history", "run"),
    ("handset.link", "receive"),
    ("handset.link", "announce"),
    ("handset", "_open_answers"),
    ("handset.heartbeat", "run"),
]


@pytest.mark.parametrize(("part", "method"), MINOR)
@pytest.mark.parametrize("flash", ["", "handset.journal.append = fails\n"])
def test_a_minor_task_that_raises_is_started_again_and_stops_nothing(
    make_phone: MakePhone, part: str, method: str, flash: str
) -> None:
    phone = sabotaged(make_phone, f"raises_once({part}, {method!r})\n{flash}", settle_s=1)
    phone.modem.fates = ["is_refused", "is_answered"]
    phone.press(after_s=0.5)
    phone.run(20)
    assert len(phone.boots_us) == 1
    assert "fault in" in phone.handset.log
    assert len(phone.dialled_us()) == 2
    assert phone.notices()[-1] is Notice.CONNECTED
    assert phone.felt[-1] is Notice.CONNECTED
    if not flash:
        assert phone.journal().count(JournalKind.FAULT) == 1
        assert phone.journal().count(JournalKind.MODEM_CONNECTED) == 1


def test_a_minor_task_that_fails_after_hours_is_started_again_at_once_whatever_was_before(
    make_phone: MakePhone,
) -> None:
    lines = """
begun = []
async def fails_at_first_and_late():
    begun.append(None)
    if len(begun) == 7:
        await asyncio.sleep(2 * 3600)
    elif len(begun) == 8:
        print("is back")
        await asyncio.sleep(3600)
    raise ValueError("broken")
handset.heartbeat.run = fails_at_first_and_late
"""
    phone = sabotaged(make_phone, lines)
    phone.run(2 + 4 + 8 + 16 + 32 + 64 + 2 * 3600 - 10)
    assert phone.handset.log.count("fault in heartbeat") == 5
    assert "is back" not in phone.handset.log
    phone.run(15)
    assert phone.handset.log.count("fault in heartbeat") == 6
    assert "is back" in phone.handset.log


def test_a_mark_the_flash_refuses_once_is_written_in_the_end(make_phone: MakePhone) -> None:
    lines = """
mark = handset.record.mark
refused = []
def refuses_twice(*args):
    if len(refused) < 2:
        refused.append(None)
        fails()
    mark(*args)
handset.record.mark = refuses_twice
"""
    phone = sabotaged(make_phone, lines)
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(15)
    phone.modem.calls = []
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(10)
    assert JournalKind.RESUMED in phone.journal()
    assert len(phone.dialled_us()) == 2


def test_a_handset_whose_flash_takes_no_more_still_calls_and_reports(
    make_phone: MakePhone,
) -> None:
    lines = """
import asyncio
from tocsin.storage import atomic, journal

def refuses(*args):
    raise OSError(28)

atomic.replace = refuses
journal.Journal.open = refuses
journal.Journal._write = refuses
"""
    phone = make_phone(
        lines + HEAD + TAIL,
        config={"report_number": "+447700900004", "report_key": bytes(range(32))},
    )
    phone.modem.fates = ["is_refused", "is_answered"]
    phone.press()
    phone.run(60)
    assert len(phone.boots_us) == 1
    assert len(phone.dialled_us()) == 2
    assert phone.stages(Stage.TAG_SENT)
    assert phone.felt[-1] is Notice.CONNECTED


def test_an_alarm_that_waits_for_a_dead_modem_survives_a_power_cut(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.modem.answers["AT+CSQ"] = None
    phone.modem.dies()
    phone.press()
    phone.run(2)
    phone.handset.power_cut()
    phone.modem.boots()
    phone.handset.power_on()
    phone.run(15)
    assert JournalKind.RESUMED in phone.journal()
    assert phone.modem.calls == [3]


def test_an_alarm_that_a_restart_interrupts_ends_at_its_limit_counted_from_the_press(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"activation_limit_s": 600})
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(400)
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(199)
    assert not phone.stages(Stage.CLOSED)
    phone.run(31)  # what went by between the last dial and the cut is not known
    assert len(phone.stages(Stage.CLOSED)) == 1


def test_an_alarm_resumed_at_its_last_number_of_attempts_still_reports(
    make_phone: MakePhone,
) -> None:
    lines = "handset.record.mark(9, 255, 0)\n"
    phone = make_phone(
        HEAD + lines + TAIL,
        config={"report_number": "+447700900004", "report_key": bytes(range(32))},
    )
    phone.run(30)
    assert len(phone.boots_us) == 1
    assert phone.stages(Stage.TAG_SENT)


def test_an_open_alarm_of_a_handset_that_may_dial_no_more_is_ended_and_says_so(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(HEAD + "handset.record.mark(9, 1, 0)\n" + TAIL, config={"issued": False})
    phone.run(70)
    assert phone.dialled_us() == []
    assert phone.notices() == [Notice.NOT_READY]
    assert len(phone.boots_us) == 1


def test_a_restart_asked_for_by_a_host_waits_for_no_alarm_but_spares_one(
    make_phone: MakePhone,
) -> None:
    phone = sabotaged(
        make_phone,
        "async def restarts():\n    await asyncio.sleep_ms(3_600)\n    handset.restart_soon()\n"
        "if is_first:\n    asyncio.create_task(restarts())\n",
    )
    phone.modem.fates = ["is_answered"]
    phone.press(after_s=0.02)
    phone.run(20)
    assert len(phone.dialled_us()) == 1
    assert len(phone.boots_us) == 1


def test_a_fault_is_written_only_when_what_is_told_has_been_felt(make_phone: MakePhone) -> None:
    lines = """
async def tells_and_fails():
    await asyncio.sleep_ms(6_000)
    handset.feedback.tell(1)
    await asyncio.sleep_ms(300)
    handset.on_fault("telling", ValueError("broken"))
asyncio.create_task(tells_and_fails())
"""
    phone = sabotaged(make_phone, lines)
    flash_us: list[int] = []
    phone.handset.trace.listen(
        lambda t_us, _way, kind, *_: flash_us.append(t_us) if kind == kinds.FLASH else None
    )
    phone.run(10)
    [begun_us, ended_us] = [t_us for t_us, _ in phone.motor]
    assert min(flash_us) > ended_us > begun_us
    assert JournalKind.FAULT in phone.journal()
