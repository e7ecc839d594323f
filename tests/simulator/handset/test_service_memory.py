"""Memory of the firmware as a handset carries it, session after session, cable and radio."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tocsin_host import wire
from tocsin_host.firmware_tree import board_names

from .conftest import MakePhone, Phone
from .conversation_on_line import ConversationOnLine, Upload
from .host_by_radio import HostByRadio, five_presses
from .test_session import KEYS, TECHNICIAN
from .test_updates import empty_update

SESSIONS = 10
GROWTH_BYTES = 400  # more than comes and goes; 60 octets a session would exceed it
FILE_BYTES = 12_000
QUESTIONS: tuple[wire.Message, ...] = (
    wire.InfoGet(),
    wire.StatusGet(),
    wire.ConfigGet(wire.CONFIG["hold_ms"].key),
    wire.JournalGet(0),
    wire.UpdateGet(),
    wire.ActivationGet(),
    wire.TimeGet(),
)

Visit = Callable[[Phone], ConversationOnLine]


def by_cable(phone: Phone) -> ConversationOnLine:
    line = phone.handset.uart(phone.facts.LINK_UART)
    return ConversationOnLine(phone.kernel, line, TECHNICIAN)


def by_radio(phone: Phone) -> ConversationOnLine:
    five_presses(phone)
    host = HostByRadio(phone.kernel, phone.handset.radio)
    return ConversationOnLine(phone.kernel, host, TECHNICIAN)


def leave(phone: Phone, talk: ConversationOnLine) -> None:
    """Be gone, until the handset has let go of everything."""
    talk.unplug()
    if phone.handset.radio.is_connected:
        phone.handset.radio.disconnect()
    phone.run(100)


def whole_session(phone: Phone, visit: Visit, seed: int) -> None:
    """Send a file, and ask for something of every area."""
    talk = visit(phone)
    upload = Upload(talk, random.Random(seed).randbytes(FILE_BYTES))
    talk.run(lambda: upload.is_over)
    assert upload.is_done
    for message in QUESTIONS:
        assert not isinstance(talk.ask(message), wire.Failure)
    leave(phone, talk)


def in_use(phone: Phone) -> int:
    phone.handset.stats.heap_bytes = 0
    phone.handset.ask_heap()
    phone.run(20)
    assert phone.handset.stats.heap_bytes
    return phone.handset.stats.heap_bytes


@pytest.mark.parametrize("board", board_names())
def test_memory_does_not_grow_with_the_number_of_sessions(
    make_phone: MakePhone, board: str
) -> None:
    phone = make_phone(config=dict(KEYS), board=board, settle_s=60)
    left = []
    for number in range(SESSIONS):
        whole_session(phone, by_cable if number % 2 else by_radio, number)
        left.append(in_use(phone))
    assert phone.handset.log == ""
    # The least of three: a stale word that the collector takes for a pointer is no leak.
    assert min(left[-3:]) - min(left[:3]) < GROWTH_BYTES


# A press in the middle of it


def shakes_hands(talk: ConversationOnLine) -> None:
    """Have only said hello."""
    talk.run(lambda: talk.conversation.opening.reply is not None)


def transfers(talk: ConversationOnLine) -> None:
    upload = Upload(talk, random.Random(7).randbytes(60_000))
    talk.run(lambda: upload.offset is not None)
    talk.kernel.run_until(talk.kernel.now_us + 1_000_000)
    assert not upload.is_over


def has_an_update_checked(talk: ConversationOnLine) -> None:
    upload = Upload(talk, empty_update(1))
    talk.run(lambda: upload.is_over)
    assert upload.is_done
    talk.put(wire.UpdateApply(), lambda _: None)
    talk.kernel.run_until(talk.kernel.now_us + 300_000)


def asks(message: wire.Message) -> Callable[[ConversationOnLine], None]:
    def ask(talk: ConversationOnLine) -> None:
        talk.open()
        talk.put(message, lambda _: None)
        talk.kernel.run_until(talk.kernel.now_us + 20_000)

    return ask


WORK = {
    "handshake": shakes_hands,
    "transfer": transfers,
    "update check": has_an_update_checked,
    **{type(message).__name__: asks(message) for message in QUESTIONS},
}


@pytest.mark.parametrize("visit", [by_cable, by_radio])
@pytest.mark.parametrize("work", WORK)
def test_an_alarm_in_the_middle_of_what_a_host_asks_for_finds_room(
    make_phone: MakePhone, visit: Visit, work: str
) -> None:
    phone = make_phone(config=dict(KEYS))
    whole_session(phone, by_radio, 0)  # the heap is worn
    talk = visit(phone)
    WORK[work](talk)
    phone.press()
    phone.run(30)
    assert len(phone.dialled_us()) == 1
    assert phone.notices()[-1] is not wire.Notice.NOT_READY
    assert phone.handset.log == ""
    assert phone.handset.stats.boots == 1
