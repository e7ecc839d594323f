"""Hosts of other versions on the real firmware's link: older, newer, and of another major."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest

from tocsin_host import wire
from tocsin_host.wire import FailureCode, Role
from tocsin_protocol.frame import FrameDecoder, encode_frame

from .conftest import FACTS, MakePhone, Phone
from .host_on_line import HostOnLine
from .test_session import FACTORY, KEYS, TECHNICIAN, all_is_well, code_of, on

LAST_CODE_OF_1_0 = FailureCode.BUSY
NEXT_MINOR = wire.PROTOCOL_MINOR + 1


class OldHost:
    """A host of 1.0: a frame is `id u8 | request u8 | body`, and there is nothing below it."""

    def __init__(self, phone: Phone) -> None:
        self.replies: list[bytes] = []
        self._line = phone.handset.uart(FACTS.LINK_UART)
        self._decoder = FrameDecoder()
        self._line.on_bytes(self._take)
        self._line.send(b"\0")
        self._phone = phone

    def ask(self, *payload: int) -> list[bytes]:
        self.replies.clear()
        self._line.send(encode_frame(bytes(payload)))
        self._phone.run(1)
        return self.replies

    def _take(self, data: bytes) -> None:
        self.replies += [
            each for each in self._decoder.feed(data) if len(each) > 1 and each[1]
        ]  # a request's number is never 0


@dataclass
class HelloOfNextMinor:
    """A Hello with a field that nobody knows yet."""

    role: Role

    ID = wire.Hello.ID

    def encode(self) -> bytes:
        hello = wire.Hello(wire.PROTOCOL_MAJOR, NEXT_MINOR, self.role).encode()
        return hello + struct.pack("<I", 0xFFFFFFFF)


@pytest.fixture
def phone(make_phone: MakePhone) -> Phone:
    """Return a claimed handset."""
    return make_phone(config=dict(KEYS))


REQUESTS_OF_1_0 = {
    "Hello": (0x01, 7, 1, 0),
    "InfoGet": (0x03, 7),
    "ConfigGet": (0x10, 7, 3),
    "ConfigSet": (0x12, 7, 0),
    "ConfigSet of one": (0x12, 7, 1, 8, 4, 0, 1, 0, 0),
    "Restart": (0x14, 7),
}


@pytest.mark.parametrize("name", REQUESTS_OF_1_0)
def test_a_host_of_1_0_is_told_the_version_in_its_own_words(phone: Phone, name: str) -> None:
    replies = OldHost(phone).ask(*REQUESTS_OF_1_0[name])
    assert [each[:2] for each in replies] == [bytes((wire.Failure.ID, 7))]
    failure = wire.Failure.decode(replies[0][2:])
    assert failure == wire.Failure(FailureCode.VERSION, "1.1")
    all_is_well(phone, on(phone))


def test_a_host_of_1_0_is_told_so_beside_a_session_which_goes_on(phone: Phone) -> None:
    host = on(phone)
    host.open(TECHNICIAN)
    replies = OldHost(phone).ask(0x01, 77, 1, 0)
    assert bytes((wire.Failure.ID, 77)) in [each[:2] for each in replies]
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)


def test_a_host_that_says_1_0_hears_no_code_that_1_0_does_not_know(make_phone: MakePhone) -> None:
    host = on(make_phone(config={"technician_key": TECHNICIAN.key}))
    hello = wire.Hello(1, 0, Role.TECHNICIAN)
    reply = host.ask(hello)
    assert isinstance(reply, wire.HelloReply)
    assert (reply.major, reply.minor) == (wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR)
    for message in (
        wire.InfoGet(),
        wire.HandshakeStart(bytes(48)),
        wire.Hello(1, 0, Role.FIXTURE),
        wire.ConfigSet([]),
    ):
        code = code_of(host.ask(message))
        assert code is FailureCode.UNKNOWN_MESSAGE, message
        assert code <= LAST_CODE_OF_1_0
    assert code_of(host.ask(wire.Hello(1, 1, Role.FIXTURE))) is FailureCode.NO_KEY
    host.open(TECHNICIAN)


def test_a_host_of_a_later_minor_version_opens_a_session(phone: Phone) -> None:
    host: HostOnLine = on(phone)
    hello = HelloOfNextMinor(FACTORY.role)
    host.greet_with(hello)
    assert isinstance(host.shake(FACTORY), wire.HandshakeAnswer)
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)
    host.send_plain(bytes((wire.ConfigGet.ID, 200, 8)) + b"appended since")
    assert isinstance(host.reply_to(200), wire.ConfigValue)
    host.send_plain(bytes((0x2F, 201)) + b"a message of later")
    assert code_of(host.reply_to(201)) is FailureCode.UNKNOWN_MESSAGE


@pytest.mark.parametrize("major", [0, 2, 255])
@pytest.mark.parametrize("minor", [0, 1, 200])
def test_another_major_version_is_refused_in_words_of_any(
    phone: Phone, major: int, minor: int
) -> None:
    host = on(phone)
    failure = host.ask(wire.Hello(major, minor, Role.TECHNICIAN))
    assert failure == wire.Failure(FailureCode.VERSION, "1.1")
    assert code_of(host.ask(wire.HandshakeStart(bytes(48)))) in (
        FailureCode.NO_SESSION,
        FailureCode.UNKNOWN_MESSAGE,
    )
    all_is_well(phone, host)
