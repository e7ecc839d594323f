"""Somebody on the line between the host's conversation and the real firmware.

He knows frames and channel, and no key. Nothing that he alters, repeats, leaves out or makes up is
taken by either end for what the other said.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import pytest

import tocsin_host.session.lanes
from tocsin_host import wire
from tocsin_host.channel import ChannelClosedError
from tocsin_host.errors import AuthError, DeviceRefusedError, VersionMismatchError
from tocsin_host.session import Credential, Handshake
from tocsin_host.wire import FailureCode, Role
from tocsin_protocol import schema
from tocsin_protocol.message import Direction

from .conftest import MakePhone, Phone
from .conversation_on_line import NORMAL, URGENT, Change, ConversationOnLine
from .test_session import (
    FACTORY,
    FEW_NONCES,
    FIXTURE,
    KEYS,
    STRANGER,
    TECHNICIAN,
    code_of,
    on,
)
from .test_transfer_cut import talk_on

HEADER = 4  # of the channel
HEAD = HEADER + 2  # and of a message in clear


@pytest.fixture
def phone(make_phone: MakePhone) -> Phone:
    """Return a claimed handset."""
    return make_phone(config=dict(KEYS))


def all_is_well(phone: Phone, talk: ConversationOnLine) -> None:
    """See that the next host is served, and that nothing has gone wrong."""
    talk.unplug()
    following = talk_on(phone)
    following.open()
    assert isinstance(following.ask(wire.InfoGet()), wire.Info)
    assert phone.handset.log == ""
    assert phone.handset.stats.boots == 1


# The opening


def flipped(payload: bytes, at: int) -> bytes:
    return payload[:at] + bytes((payload[at] ^ 1,)) + payload[at + 1 :]


def on_message(number: int, change: Callable[[bytes], bytes]) -> Change:
    """Alter data frames that carry this message in clear."""

    def changed(payload: bytes) -> list[bytes]:
        is_it = payload[0] in (NORMAL, URGENT) and payload[HEADER : HEADER + 1] == bytes((number,))
        return [change(payload) if is_it else payload]

    return changed


HELLO_REPLY_BYTES = 22


def test_a_greeting_altered_anywhere_on_its_way_to_the_host_opens_no_session(
    phone: Phone,
) -> None:
    for at in range(HEAD, HEAD + HELLO_REPLY_BYTES):
        talk = talk_on(phone)
        talk.change = on_message(wire.HelloReply.ID, partial(flipped, at=at))
        with pytest.raises((AuthError, VersionMismatchError)):
            talk.open()
        talk.unplug()
    all_is_well(phone, talk_on(phone))


def as_1_0(payload: bytes) -> bytes:
    return payload[:HEAD] + bytes((1, 0)) + payload[HEAD + 2 : HEAD + 8]


def test_a_handset_made_out_to_be_of_1_0_is_not_spoken_to_in_clear(phone: Phone) -> None:
    talk = talk_on(phone)
    talk.change = on_message(wire.HelloReply.ID, as_1_0)
    with pytest.raises(VersionMismatchError):
        talk.open()
    assert wire.InfoGet.ID not in [each.payload[HEADER] for each in talk.sent if each.lane == 0]


@pytest.mark.parametrize("change", [lambda p: flipped(p, HEAD + 1), lambda p: flipped(p, HEAD + 2)])
def test_a_host_made_out_to_be_of_another_version_or_role_opens_no_session(
    phone: Phone, change: Callable[[bytes], bytes]
) -> None:
    talk = talk_on(phone)
    talk.change_sent = on_message(wire.Hello.ID, change)
    with pytest.raises(DeviceRefusedError):
        talk.open()
    all_is_well(phone, talk)


@pytest.mark.parametrize("at", [0, 31, 32, 47])
@pytest.mark.parametrize("message", [wire.HandshakeStart, wire.HandshakeAnswer])
def test_an_altered_handshake_opens_no_session(
    phone: Phone, message: type[wire.Message], at: int
) -> None:
    talk = talk_on(phone)
    change = on_message(message.ID, lambda payload: flipped(payload, HEAD + at))
    talk.change = talk.change_sent = change
    with pytest.raises(AuthError):
        talk.open()
    all_is_well(phone, talk)


def test_an_earlier_handshake_repeated_opens_no_session(phone: Phone) -> None:
    host = on(phone)
    host.greet(Role.TECHNICIAN)
    box = Handshake(TECHNICIAN, host._hello, host._reply).first_message()
    assert isinstance(host.ask(wire.HandshakeStart(box)), wire.HandshakeAnswer)
    host.connect()
    host.greet(Role.TECHNICIAN)
    assert code_of(host.ask(wire.HandshakeStart(box))) is FailureCode.AUTHENTICATION


def test_a_wrong_key_opens_no_session(phone: Phone) -> None:
    talk = talk_on(phone, credential=STRANGER)
    with pytest.raises(AuthError):
        talk.open()
    all_is_well(phone, talk)


# In the session


class Meddler:
    """Alters what comes from the handset, once he is told to; the channel's headers stay right."""

    def __init__(self, boxes: Callable[[list[bytes]], bytes | None]) -> None:
        self.seen: list[bytes] = []
        self._boxes = boxes

    def __call__(self, payload: bytes) -> list[bytes]:
        if payload[0] not in (NORMAL, URGENT):
            return [payload]
        self.seen.append(payload[HEADER:])
        box = self._boxes(self.seen)
        return [] if box is None else [payload[:HEADER] + box]


ATTACKS: dict[str, Callable[[list[bytes]], bytes | None]] = {
    "a flipped bit": lambda boxes: flipped(boxes[-1], 0),
    "a flipped bit in the tag": lambda boxes: flipped(boxes[-1], -1 % len(boxes[-1])),
    "a cut message": lambda boxes: boxes[-1][:-1],
    "a cut tag": lambda boxes: boxes[-1][:15],
    "nothing": lambda boxes: b"",
    "more": lambda boxes: boxes[-1] + b"\0",
    "a repeat": lambda boxes: boxes[0],
    "plain text": lambda boxes: (
        bytes((wire.Failure.ID, 1)) + wire.Failure(FailureCode.BUSY, "").encode()
    ),
    "a greeting": lambda boxes: bytes((wire.HelloReply.ID, 1)) + bytes(HELLO_REPLY_BYTES),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_the_handset_did_not_say_so_ends_the_session(phone: Phone, attack: str) -> None:
    talk = talk_on(phone)
    talk.open()
    first = Meddler(lambda boxes: boxes[-1])
    talk.change = first
    assert isinstance(talk.ask(wire.InfoGet()), wire.Info)
    meddler = Meddler(ATTACKS[attack])
    meddler.seen += first.seen
    talk.change = meddler
    with pytest.raises(AuthError):
        talk.ask(wire.StatusGet())
    talk.change = None
    all_is_well(phone, talk)


def test_answers_in_the_wrong_order_end_the_session(phone: Phone) -> None:
    talk = talk_on(phone)
    talk.open()
    held: list[bytes] = []

    def swapped(payload: bytes) -> list[bytes]:
        if payload[0] != NORMAL:
            return [payload]
        held.append(payload)
        if len(held) != 2:
            return []
        one, two = held
        return [one[:HEADER] + two[HEADER:], two[:HEADER] + one[HEADER:]]

    talk.change = swapped
    answers: list[object] = []
    talk.put(wire.InfoGet(), answers.append)
    with pytest.raises(AuthError):
        talk.ask(wire.TimeGet())
    assert not any(isinstance(each, wire.Info) for each in answers)
    all_is_well(phone, talk)


def test_an_answer_of_the_other_lane_ends_the_session(phone: Phone) -> None:
    talk = talk_on(phone)
    talk.open()
    talk.change = lambda payload: [
        bytes((URGENT, 0)) + payload[2:] if payload[0] == NORMAL else payload
    ]
    with pytest.raises(AuthError):
        talk.ask(wire.InfoGet())
    all_is_well(phone, talk)


# Nonces


def test_a_host_whose_nonces_are_used_up_sends_no_more(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tocsin_host.session.lanes, "_COUNTER_MASK", 3)
    talk = talk_on(phone)
    talk.open()
    for _ in range(3):
        assert isinstance(talk.ask(wire.InfoGet()), wire.Info)
    with pytest.raises(AuthError, match="session is over"):
        talk.ask(wire.InfoGet())
    monkeypatch.undo()
    all_is_well(phone, talk)


def test_a_handset_whose_nonces_are_used_up_tells_no_more_and_dials(make_phone: MakePhone) -> None:
    phone = make_phone(FEW_NONCES, config=dict(KEYS))
    talk = talk_on(phone)
    talk.open()
    assert isinstance(talk.ask(wire.TraceSubscribe(1)), wire.TraceSubscribed)
    phone.press()
    phone.run(5)
    assert len(talk.events) == 3
    assert phone.dialled_us()
    with pytest.raises(ChannelClosedError):
        talk.ask(wire.InfoGet())
    talk.unplug()
    phone.run(60)
    all_is_well(phone, talk)


# Who may send what


def senders(number: int) -> frozenset[Role]:
    """The roles that may send this message; none of what is not sent by a host in a session."""
    message = wire.MESSAGES.get(number)
    is_of_host = any(
        each.id == number and each.direction is Direction.TO_HANDSET for each in schema.MESSAGES
    )
    return message.ROLES if message is not None and is_of_host else frozenset()


REFUSED: dict[Role, set[type[wire.Message]]] = {
    Role.TECHNICIAN: {wire.Claim, wire.Wipe},
    Role.FACTORY: {wire.TestCall, wire.ActivationCancel},
    Role.FIXTURE: {wire.ConfigSet, wire.ConfigReset, wire.JournalAck, wire.Claim, wire.Wipe},
}


@pytest.mark.parametrize("credential", [TECHNICIAN, FACTORY, FIXTURE])
def test_no_role_sends_what_only_others_may(phone: Phone, credential: Credential) -> None:
    host = on(phone)
    host.open(credential)
    refused = set()
    numbers = itertools.cycle(range(1, 256))
    for number in range(256):
        if credential.role in senders(number):
            continue
        request = next(numbers)
        host.send_plain(bytes((number, request)))
        code = code_of(host.reply_to(request))
        if code is FailureCode.NOT_ALLOWED:
            refused.add(number)
        else:
            assert code is FailureCode.UNKNOWN_MESSAGE, number
    assert refused >= {each.ID for each in REFUSED[credential.role]}
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)
