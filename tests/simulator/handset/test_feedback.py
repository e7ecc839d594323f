"""What the person feels: whole patterns, in order, and nothing stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import JournalKind, Notice
from tocsin_sim.vm.shim import kinds

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
RAISED_MS = 600

HEAD = """
import asyncio, time
from machine import Pin
from tocsin import wire
from tocsin.feedback import Feedback
from tocsin.trace import Trace

trace = Trace(time, lambda: None)
feedback = Feedback(Pin(19, Pin.OUT, value=0), trace)

async def main():
    player = asyncio.create_task(feedback.run())
    await asyncio.sleep_ms(700)
    await test(player)
    await asyncio.sleep_ms(60_000)

async def test(player):
"""


def felt(make_phone: MakePhone, test: str, seconds: float = 20) -> Phone:
    lines = "".join(f"    {line}\n" for line in test.strip().splitlines())
    phone = make_phone(HEAD + lines + "\nasyncio.run(main())\n", settle_s=0.6)
    phone.run(seconds)
    return phone


@pytest.mark.parametrize("notice", list(Notice))
def test_each_notice_is_felt_as_its_pattern(make_phone: MakePhone, notice: Notice) -> None:
    phone = felt(make_phone, f"feedback.tell({notice.value})")
    assert phone.pulses_ms() == pytest.approx(list(notice.pattern[::2]), abs=5)
    assert phone.felt == [notice]


def test_notices_told_together_are_felt_one_after_the_other(make_phone: MakePhone) -> None:
    phone = felt(
        make_phone,
        "feedback.tell(wire.NOTICE_CONNECTED)\n"
        "feedback.tell(wire.NOTICE_ANSWERED)\n"
        "feedback.tell(wire.NOTICE_CLOSED)",
    )
    assert phone.felt == [Notice.CONNECTED, Notice.ANSWERED, Notice.CLOSED]


@pytest.mark.parametrize("after_ms", [1051, 1100, 1300, 1600])
def test_the_raised_pulse_takes_over_at_once_from_a_rest_and_keeps_its_length(
    make_phone: MakePhone, after_ms: int
) -> None:
    phone = felt(
        make_phone,
        f"feedback.tell(wire.NOTICE_CONNECTED)\nawait asyncio.sleep_ms({after_ms})\n"
        "feedback.raised()\nprint(time.ticks_ms())",
    )
    raised_us = int(phone.handset.log) * 1000 + 300_000
    level = [level for t_us, level in phone.motor if t_us <= raised_us + 1000][-1]
    assert level == 1
    [off_us] = [t_us for t_us, level in phone.motor if level == 0 and t_us > raised_us]
    assert RAISED_MS <= (off_us - raised_us) / 1000 <= RAISED_MS + 60


@pytest.mark.parametrize("after_ms", [1, 100, 600, 1000, 1190])
def test_a_pulse_that_is_on_is_cut_off_and_the_raised_pulse_stands_apart(
    make_phone: MakePhone, after_ms: int
) -> None:
    phone = felt(
        make_phone,
        f"feedback.tell(wire.NOTICE_CLOSED)\nawait asyncio.sleep_ms({after_ms})\n"
        "feedback.raised()\nprint(time.ticks_ms())",
    )
    raised_us = int(phone.handset.log) * 1000 + 300_000
    [on_us] = [t_us for t_us, level in phone.motor if level == 1 and t_us > raised_us]
    [*_, off_us] = [t_us for t_us, level in phone.motor if level == 0 and t_us < on_us]
    assert off_us - raised_us <= 1000
    assert 400_000 <= on_us - off_us <= 550_000
    assert phone.felt[-1] is Notice.RAISED
    assert phone.pulses_ms()[-1] == pytest.approx(RAISED_MS, abs=60)


@pytest.mark.parametrize("after_ms", [125, 239, 480, 599, 601, 700, 960])
def test_the_raised_pulse_stands_apart_from_a_pattern_that_pauses_or_has_just_ended(
    make_phone: MakePhone, after_ms: int
) -> None:
    phone = felt(
        make_phone,
        f"feedback.tell(wire.NOTICE_CONNECTED)\nawait asyncio.sleep_ms({after_ms})\n"
        "feedback.raised()",
    )
    assert phone.felt[-1] is Notice.RAISED
    assert phone.pulses_ms()[-1] == pytest.approx(RAISED_MS, abs=60)


@pytest.mark.parametrize("apart_ms", [10, 60, 120, 300, 440])
def test_alarms_raised_close_together_are_felt_as_one_raised_pulse(
    make_phone: MakePhone, apart_ms: int
) -> None:
    phone = felt(
        make_phone,
        "feedback.tell(wire.NOTICE_CLOSED)\nawait asyncio.sleep_ms(200)\n"
        f"feedback.raised()\nawait asyncio.sleep_ms({apart_ms})\nfeedback.raised()",
    )
    assert phone.pulses_ms() == pytest.approx([200, RAISED_MS], abs=60)
    [_, (cut_us, _), (raised_us, _), _] = phone.motor
    assert raised_us - cut_us >= 400_000


def test_the_motor_stops_when_feedback_fails_and_the_next_alarm_is_felt(
    make_phone: MakePhone,
) -> None:
    phone = felt(
        make_phone,
        "feedback.tell(wire.NOTICE_CLOSED)\nawait asyncio.sleep_ms(200)\n"
        "player.cancel()\nawait asyncio.sleep_ms(2000)\n"
        "asyncio.create_task(feedback.run())\nfeedback.raised()",
    )
    assert phone.pulses_ms() == pytest.approx([200, RAISED_MS], abs=60)


def test_what_was_true_of_an_earlier_alarm_is_not_told_after_the_next_was_raised(
    make_phone: MakePhone,
) -> None:
    phone = felt(
        make_phone,
        "feedback.tell(wire.NOTICE_RETRYING)\nfeedback.tell(wire.NOTICE_CLOSED)\n"
        "await asyncio.sleep_ms(100)\nfeedback.raised()",
    )
    assert phone.felt[-1] is Notice.RAISED
    assert Notice.CLOSED not in phone.felt


def test_connected_is_not_told_of_a_call_that_has_ended_meanwhile(make_phone: MakePhone) -> None:
    phone = felt(
        make_phone,
        "feedback.raised()\nfeedback.tell(wire.NOTICE_CONNECTED)\n"
        "feedback.tell(wire.NOTICE_RETRYING)",
    )
    assert phone.felt == [Notice.RAISED, Notice.RETRYING]


def test_retrying_told_again_and_again_is_felt_no_later_than_it_is_true(
    make_phone: MakePhone,
) -> None:
    phone = felt(
        make_phone,
        "for _ in range(5):\n    feedback.tell(wire.NOTICE_RETRYING)\n"
        "feedback.tell(wire.NOTICE_CONNECTED)",
    )
    assert phone.felt == [Notice.CONNECTED]


def test_the_journal_is_written_only_when_what_is_told_has_been_felt(make_phone: MakePhone) -> None:
    phone = make_phone()
    flash_us: list[int] = []
    phone.handset.trace.listen(
        lambda t_us, _way, kind, *_: flash_us.append(t_us) if kind == kinds.FLASH else None
    )
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(20)
    assert phone.felt == [Notice.RAISED, Notice.CONNECTED]
    begun_us, ended_us = phone.motor[-6][0], phone.motor[-1][0]
    assert not [t_us for t_us in flash_us if begun_us <= t_us <= ended_us]
    assert [t_us for t_us in flash_us if ended_us < t_us]
    assert JournalKind.MODEM_CONNECTED in phone.journal()


def test_answered_is_told_even_when_much_else_waits(make_phone: MakePhone) -> None:
    phone = felt(
        make_phone,
        "feedback.raised()\n"
        "for _ in range(4):\n    feedback.tell(wire.NOTICE_ALREADY_RAISED)\n"
        "feedback.tell(wire.NOTICE_ANSWERED)\nfeedback.tell(wire.NOTICE_ALREADY_RAISED)",
    )
    assert Notice.ANSWERED in phone.felt
