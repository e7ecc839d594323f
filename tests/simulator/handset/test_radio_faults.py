"""An alarm beside the radio: whatever Bluetooth does, it dials as if there were none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial

import pytest

from tocsin_host import wire
from tocsin_host.errors import TocsinError
from tocsin_sim.vm.radio import Operation, Radio

from .conftest import MakePhone, Phone, S
from .conversation_on_line import ConversationOnLine, Upload
from .host_by_radio import HostByRadio, gesture, with_gesture
from .test_press_during_session import Watch
from .test_service_mode import on_cable
from .test_session import KEYS, TECHNICIAN
from .test_transfer_cut import file_of

HOLD_S = 1.5
SLACK_US = 1_000
OFF_US = 2_000_000  # from the touch, where nothing fails
APART_US = 600_000  # a long pulse, or the rest after a pattern
EIO = 5

Fault = Callable[[Radio], object]
FAULTS: dict[str, Fault] = {
    f"{operation.name.lower()} raises {kind}": partial(Radio.fail, operation=operation, error=error)
    for operation in Operation
    for kind, error in (("EIO", EIO), ("RuntimeError", None))
}
FAULTS["falls silent"] = Radio.fall_silent
FAULTS["floods"] = lambda radio: radio.flood(20_000)


def make(make_phone: MakePhone) -> Phone:
    return make_phone(with_gesture(), config={**KEYS, "hold_ms": 500}, every_turn=True)


@pytest.fixture
def alone_us(make_phone: MakePhone) -> int:
    """Return the time from a press to the dial without any service mode."""
    phone = make(make_phone)
    pressed_us = phone.press(HOLD_S, 1.0)
    phone.run(4)
    return phone.dialled_us()[0] - pressed_us


def dials_as_soon(phone: Phone, after_s: float, alone_us: int) -> None:
    """Press, and see the call go out as if there were no radio, be connected, and end."""
    phone.modem.fates = ["is_answered"]
    watch = Watch(phone)
    pressed_us = phone.press(HOLD_S, after_s)
    phone.kernel.run_until(pressed_us + alone_us - 2 * SLACK_US)
    # Of service mode: the alarm's own pulse then comes later, and there is no start to see.
    is_told_before = any(phone.kernel.now_us - t_us <= APART_US for t_us, _ in phone.motor)
    phone.kernel.run_until(pressed_us + 3 * S, lambda: bool(phone.dialled_us()))
    assert phone.dialled_us()[0] - pressed_us <= alone_us + SLACK_US
    assert is_told_before or watch.turns == 0
    phone.run(10)
    assert wire.Notice.CONNECTED in phone.felt
    assert phone.handset.stats.boots == 1


def reads_the_journal(phone: Phone) -> None:
    """Be in the middle of a session by radio, which asks without end."""
    host = HostByRadio(phone.kernel, phone.handset.radio)
    talk = ConversationOnLine(phone.kernel, host, TECHNICIAN)
    talk.open()

    def again(_: object) -> None:
        talk.conversation.ask(wire.JournalGet(0), again)

    talk.put(wire.JournalGet(0), again)
    phone.run(0.2)


@pytest.mark.parametrize("after_s", [0.0, 0.013, 0.047, 0.3, 1.02])
def test_a_press_during_a_session_by_radio_silences_it_and_dials_as_soon(
    make_phone: MakePhone, alone_us: int, after_s: float
) -> None:
    phone = make(make_phone)
    radio = phone.handset.radio
    gesture(phone)
    reads_the_journal(phone)
    touched_us = phone.kernel.now_us + round(after_s * S)
    dials_as_soon(phone, after_s, alone_us)
    assert not radio.is_active
    assert radio.history[-1][0] - touched_us <= OFF_US
    assert phone.handset.log == ""


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.149, 0.152, 0.5])
def test_a_press_while_the_radio_is_being_switched_on_dials_as_soon(
    make_phone: MakePhone, alone_us: int, after_s: float
) -> None:
    phone = make(make_phone)
    gesture(phone)
    dials_as_soon(phone, after_s, alone_us)
    assert not phone.handset.radio.is_active
    assert phone.handset.log == ""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("is_from_the_start", [False, True])
def test_a_fault_of_the_radio_never_delays_or_stops_an_alarm(
    make_phone: MakePhone, alone_us: int, fault: str, is_from_the_start: bool
) -> None:
    phone = make(make_phone)
    radio = phone.handset.radio
    if is_from_the_start:
        FAULTS[fault](radio)
    gesture(phone)
    phone.run(0.5)
    if not is_from_the_start:
        FAULTS[fault](radio)
    if radio.is_advertising:
        host = HostByRadio(phone.kernel, radio, mtu=23)
        talk = ConversationOnLine(phone.kernel, host, TECHNICIAN)
        Upload(talk, file_of(1))
        with contextlib.suppress(TimeoutError, TocsinError):
            talk.run(lambda: False, limit_us=3 * S)
    dials_as_soon(phone, 0.05, alone_us)
    cable = on_cable(phone)
    cable.open()
    assert isinstance(cable.ask(wire.InfoGet()), wire.Info)


def test_a_stack_that_calls_nobody_back_is_switched_off_once_the_alarm_is_over(
    make_phone: MakePhone,
) -> None:
    phone = make(make_phone)
    radio = phone.handset.radio
    gesture(phone)
    HostByRadio(phone.kernel, radio)
    phone.run(0.5)
    radio.fall_silent()
    phone.modem.fates = ["rings"]
    phone.press(HOLD_S)
    phone.run(10)
    assert phone.dialled_us()
    assert radio.is_active
    assert not radio.is_advertising
    assert not radio.is_connected
    cancel(phone)
    phone.run(5)
    assert not radio.is_active


def cancel(phone: Phone) -> None:
    """End the alarm, by a host at the cable."""
    cable = on_cable(phone)
    cable.open()
    state = cable.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    cable.ask(wire.ActivationCancel(state.activation))
    phone.modem.ends()


def test_a_fault_of_the_radio_is_told_and_the_next_gesture_tries_again(
    make_phone: MakePhone,
) -> None:
    phone = make(make_phone)
    radio = phone.handset.radio
    radio.fail(Operation.ADVERTISE, EIO)
    gesture(phone)
    phone.run(5)
    assert "fault in radio" in phone.handset.log
    assert radio.history[-1][1] is False
    radio.recover()
    gesture(phone)
    phone.run(1)
    assert radio.is_advertising
