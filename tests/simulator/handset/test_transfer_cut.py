"""A file on its way to the real firmware, cut anywhere on the line: it goes on and ends whole."""

from __future__ import annotations

import hashlib
import random

import pytest

from tocsin_host.session import Credential

from .conftest import MakePhone, Phone
from .conversation_on_line import ConversationOnLine, Upload, Wire
from .test_session import KEYS, TECHNICIAN

SIZE = 12_000  # some operations on flash on the way, one at the end
CUTS = 20
OUTAGE_S = 0.7


def talk_on(
    phone: Phone, carrier: Wire | None = None, credential: Credential = TECHNICIAN
) -> ConversationOnLine:
    """Return the conversation of a host that has just been plugged in."""
    line = phone.handset.uart(phone.facts.LINK_UART)
    return ConversationOnLine(phone.kernel, line, credential, carrier)


def file_of(seed: int) -> bytes:
    return random.Random(seed).randbytes(SIZE)


def run_to_end(talk: ConversationOnLine, upload: Upload) -> None:
    talk.run(lambda: upload.is_over)
    talk.unplug()


def stored_bytes(phone: Phone, data: bytes) -> int:
    """How much of this file is on flash."""
    head = phone.stored("/update.head") or b""
    if hashlib.sha256(data).digest() not in head:
        return 0
    return len(phone.stored("/update") or phone.stored("/update.part") or b"")


def octets_of_a_whole(phone: Phone) -> int:
    carrier = Wire()
    talk = talk_on(phone, carrier)
    upload = Upload(talk, file_of(-1))
    run_to_end(talk, upload)
    assert upload.is_done
    return carrier.carried


def cut_at(phone: Phone, limit: int, data: bytes) -> tuple[ConversationOnLine, Upload]:
    """Send until so many octets were on the line, from the reset on."""
    talk = talk_on(phone, Wire(limit))
    upload = Upload(talk, data)
    talk.run(lambda: talk.carrier.is_cut or upload.is_over)
    return talk, upload


def places(whole: int) -> list[int]:
    """Cut points all along the line, none at a multiple of anything."""
    dice = random.Random(5)
    stretch = whole / CUTS
    return [1 + int(stretch * (number + dice.random())) for number in range(CUTS)]


@pytest.mark.parametrize("is_power_lost", [False, True], ids=["host gone", "power lost"])
def test_a_transfer_cut_anywhere_goes_on_at_what_is_stored_and_ends_whole(
    make_phone: MakePhone, is_power_lost: bool
) -> None:
    phone = make_phone(config=dict(KEYS))
    offsets = set()
    for limit in places(octets_of_a_whole(phone)):
        data = file_of(limit)
        cut_at(phone, limit, data)[0].unplug()
        if is_power_lost:
            phone.handset.power_cut()
            phone.handset.power_on()
            phone.run(3)
        talk = talk_on(phone)
        talk.open()
        kept = stored_bytes(phone, data)
        upload = Upload(talk, data)
        run_to_end(talk, upload)
        assert upload.offset == kept, limit
        assert upload.is_done, limit
        assert phone.stored("/update") == data, limit
        offsets.add(kept)
    assert len(offsets) > 2, offsets
    assert phone.handset.log == ""


def test_a_transfer_goes_on_by_itself_after_a_line_that_carried_nothing_for_a_while(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config=dict(KEYS))
    for limit in places(octets_of_a_whole(phone)):
        data = file_of(limit)
        talk, upload = cut_at(phone, limit, data)
        phone.run(OUTAGE_S)
        talk.carrier.limit = None
        run_to_end(talk, upload)
        assert upload.is_done, limit
        assert phone.stored("/update") == data, limit
    assert phone.handset.log == ""
