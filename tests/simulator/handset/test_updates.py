"""Updates over the link: transferred, checked, tried and kept, or refused and journalled."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tocsin_host import wire
from tocsin_host.firmware_tree import firmware_root
from tocsin_host.update.build import Changes, build
from tocsin_host.update.image import Image
from tocsin_host.update.signing import DEVELOPMENT_KEY, read_private_key, sign
from tocsin_host.wire import FailureCode, JournalKind, Slot, TransferKind, UpdateStep

from .conftest import BOARD, MakePhone, Phone
from .host_on_line import HostOnLine
from .requests.asking import host_of, opened, send_chunks
from .test_session import KEYS, TECHNICIAN, code_of

MS = 1_000
S = 1_000_000
TRIAL_S = 75


@pytest.fixture
def phone(make_phone: MakePhone) -> Phone:
    return make_phone(config=dict(KEYS))


@pytest.fixture
def host(phone: Phone) -> HostOnLine:
    return host_of(phone)


@cache
def update(version: str, security_counter: int) -> bytes:
    changes = Changes(version=version, security_counter=security_counter)
    image = build(firmware_root(), BOARD, changes=changes)
    return sign(image, read_private_key(DEVELOPMENT_KEY)).encode()


def empty_update(security_counter: int) -> bytes:
    image = Image.pack(
        {"nothing.mpy": b""},
        board=BOARD,
        version="0.2.0",
        minimum_version="0.1.0",
        security_counter=security_counter,
    )
    return sign(image, read_private_key(DEVELOPMENT_KEY)).encode()


def transfer(host: HostOnLine, data: bytes) -> None:
    send_chunks(host, opened(host, data, TransferKind.UPDATE), len(data), data)
    assert host.ask(wire.TransferEnd()) == wire.TransferDone(hashlib.sha256(data).digest())


def status(host: HostOnLine) -> wire.UpdateStatus:
    """After a restart, so in a new session."""
    host.connect()
    host.open(TECHNICIAN)
    reply = host.ask(wire.UpdateGet())
    assert isinstance(reply, wire.UpdateStatus)
    return reply


def install(phone: Phone, host: HostOnLine, version: str, security_counter: int) -> None:
    transfer(host, update(version, security_counter))
    accepted = host.ask(wire.UpdateApply())
    assert accepted == wire.UpdateAccepted(version, security_counter)
    phone.run(3)


@pytest.mark.timeout(300)  # two transfers of a whole firmware
def test_updates_are_tried_in_turns_of_the_slots_and_kept_or_gone_back_from(
    phone: Phone, host: HostOnLine
) -> None:
    install(phone, host, "0.2.0", 2)
    assert status(host) == wire.UpdateStatus(Slot.A, 1, "0.2.0", 2, UpdateStep.INSTALLED)
    assert code_of(host.ask(wire.UpdateApply())) == FailureCode.ON_TRIAL
    phone.run(TRIAL_S)
    assert code_of(host.ask(wire.UpdateApply())) == FailureCode.NOT_OPEN  # in the same session
    kept = wire.UpdateStatus(Slot.A, 0, "0.2.0", 2, UpdateStep.CONFIRMED)
    assert status(host) == kept
    assert phone.stored("/update") is None
    assert phone.stored("/update.head") is None
    install(phone, host, "0.3.0", 3)
    assert status(host) == wire.UpdateStatus(Slot.B, 1, "0.3.0", 3, UpdateStep.INSTALLED)
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(10)
    assert status(host) == replace(kept, last=UpdateStep.UNPROVEN)
    assert phone.handset.stats.crashes == []
    assert phone.journal().count(JournalKind.UPDATE) == 4


def test_an_older_update_is_refused_named_in_the_journal_and_forgotten(
    phone: Phone, host: HostOnLine
) -> None:
    transfer(host, empty_update(0))
    assert code_of(host.ask(wire.UpdateApply())) == FailureCode.OLDER
    assert code_of(host.ask(wire.UpdateApply())) == FailureCode.NOT_OPEN
    phone.run(1)
    assert phone.journal().count(JournalKind.UPDATE_REFUSED) == 2
    assert phone.stored("/update") is None
    assert phone.handset.stats.boots == 1


def made(**changes: Any) -> bytes:
    """An update with something wrong, signed all the same."""
    values = {"board": BOARD, "version": "0.2.0", "minimum_version": "0.1.0", "security_counter": 1}
    image = Image.pack({"nothing.mpy": b""}, **{**values, **changes})
    return sign(image, read_private_key(DEVELOPMENT_KEY)).encode()


def spoilt(at: int) -> bytes:
    data = bytearray(made())
    data[at] ^= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (made(board="pico_w_eg25"), FailureCode.WRONG_BOARD),
        (made(minimum_version="9.0.0"), FailureCode.TOO_OLD),
        (made()[:-1], FailureCode.WRONG_SIZE),
        (made() + b"!", FailureCode.WRONG_SIZE),
        (spoilt(-1), FailureCode.WRONG_HASH),
        (spoilt(12), FailureCode.WRONG_SIGNATURE),
        (spoilt(-300), FailureCode.WRONG_SIGNATURE),
    ],
)
def test_an_update_that_is_not_right_leaves_what_runs_untouched_and_says_why(
    phone: Phone, host: HostOnLine, data: bytes, code: FailureCode
) -> None:
    before = status(host)
    transfer(host, data)
    assert code_of(host.ask(wire.UpdateApply())) == code
    assert status(host) == before
    phone.run(1)
    assert phone.journal()[-1] == JournalKind.UPDATE_REFUSED
    assert [phone.stored(path) for path in ("/update", "/slot.a", "/slot.b")] == [None] * 3
    assert phone.handset.stats.boots == 1


def test_a_press_during_the_check_is_dialled_in_time_and_the_update_waits(
    phone: Phone, host: HostOnLine
) -> None:
    transfer(host, empty_update(1))
    pressed_us = phone.press()
    number = host.send(wire.UpdateApply())
    assert code_of(host.reply_to(number)) == FailureCode.BUSY
    phone.run(3)
    assert 1.0 * S < phone.dialled_us()[0] - pressed_us < 1.0 * S + 100 * MS
    assert phone.handset.stats.boots == 1
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    host.ask(wire.ActivationCancel(state.activation))
    phone.run(5)
    assert host.ask(wire.UpdateApply()) == wire.UpdateAccepted("0.2.0", 1)


def test_an_update_without_a_board_is_not_started(phone: Phone, host: HostOnLine) -> None:
    transfer(host, empty_update(1))
    assert host.ask(wire.UpdateApply()) == wire.UpdateAccepted("0.2.0", 1)
    phone.run(10)
    assert status(host) == wire.UpdateStatus(Slot.FLASHED, 0, "0.1.0", 1, UpdateStep.DAMAGED)
    assert phone.handset.stats.boots == 2
