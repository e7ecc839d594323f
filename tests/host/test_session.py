"""The host's end of a session, with the library at the other end."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noise.connection import NoiseConnection

from tocsin_host import wire
from tocsin_host.errors import AuthError, ConfigError
from tocsin_host.session import Credential, Handshake, Lane, Role, SealedLanes
from tocsin_host.session.handshake import PROTOCOL_NAME, prologue
from tocsin_host.session.lanes import KEY_MESSAGES

PSK = bytes(range(32))
HELLO, REPLY = b"\x01\x00\x01", b"\x01\x00\xfb\x01\x03\x00\x00\x00"


def handset(psk: bytes = PSK, hello: bytes = HELLO, reply: bytes = REPLY) -> NoiseConnection:
    end = NoiseConnection.from_name(PROTOCOL_NAME)
    end.set_as_responder()
    end.set_psks(psk)
    end.set_prologue(prologue(hello, reply))
    end.start_handshake()
    return end


def host(psk: bytes = PSK, hello: bytes = HELLO, reply: bytes = REPLY) -> Handshake:
    return Handshake(Credential(Role.TECHNICIAN, psk), hello, reply)


def answer(end: NoiseConnection, message: bytes) -> bytes:
    end.read_message(message)
    return bytes(end.write_message())


def two_ends() -> tuple[SealedLanes, SealedLanes]:
    """Return the lanes of a host and of what it talks to."""
    end, handshake = handset(), host()
    lanes = handshake.finish(answer(end, handshake.first_message()))
    return lanes, SealedLanes(end.noise_protocol)


def test_the_first_lane_is_the_librarys_own_transport() -> None:
    end, handshake = handset(), host()
    lanes = handshake.finish(answer(end, handshake.first_message()))
    for message in (b"one", b"", b"\xff" * 480):
        assert end.decrypt(lanes.seal(message)) == message
        assert lanes.open_box(end.encrypt(message)) == message


def test_a_handset_with_another_key_or_greeting_is_refused() -> None:
    for other in (
        {"psk": bytes(32)},
        {"hello": b"\x01\x00\x02"},
        {"reply": b"\x02" + REPLY[1:]},
        {"hello": HELLO + REPLY[:1], "reply": REPLY[1:]},
    ):
        handshake = host()
        handshake.first_message()
        stranger = host(**other)
        with pytest.raises(AuthError, match="did not prove that it holds the technician key"):
            handshake.finish(answer(handset(**other), stranger.first_message()))


@pytest.mark.parametrize("damage", [b"", b"\x01", bytes(31), bytes(48), bytes(500)])
def test_an_answer_that_is_none_is_refused(damage: bytes) -> None:
    handshake = host()
    handshake.first_message()
    with pytest.raises(AuthError):
        handshake.finish(damage)


@settings(max_examples=50)
@given(st.data())
def test_any_cut_or_flipped_bit_of_the_answer_is_refused(data: st.DataObject) -> None:
    handshake = host()
    good = bytearray(answer(handset(), handshake.first_message()))
    if data.draw(st.booleans()):
        good = good[: data.draw(st.integers(0, len(good) - 1))]
    else:
        good[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(AuthError):
        handshake.finish(bytes(good))


def test_an_answer_to_an_earlier_handshake_is_refused() -> None:
    earlier, now = host(), host()
    old = answer(handset(), earlier.first_message())
    now.first_message()
    with pytest.raises(AuthError):
        now.finish(old)


@given(st.lists(st.tuples(st.sampled_from(Lane), st.binary(max_size=80)), max_size=8))
def test_lanes_deliver_whatever_their_order_between_them(
    messages: list[tuple[Lane, bytes]],
) -> None:
    sender, receiver = two_ends()
    boxes = [(sender.seal(message, lane), lane, message) for lane, message in messages]
    for box, lane, message in sorted(boxes, key=lambda each: -each[1]):  # urgent ones first
        assert receiver.open_box(box, lane) == message


@pytest.mark.parametrize(
    "disturb",
    [
        lambda boxes: [boxes[0], boxes[0]],
        lambda boxes: [boxes[1]],
        lambda boxes: [boxes[0], boxes[2]],
        lambda boxes: [boxes[0][:-1]],
        lambda boxes: [boxes[0] + b"\x00"],
        lambda boxes: [b""],
        lambda boxes: [bytes([boxes[0][0] ^ 1]) + boxes[0][1:]],
    ],
    ids=["replay", "reorder", "loss", "truncation", "addition", "empty", "flipped bit"],
)
def test_a_disturbed_lane_ends_the_session(
    disturb: Callable[[list[bytes]], list[bytes]],
) -> None:
    sender, receiver = two_ends()
    *good, bad = disturb([sender.seal(bytes([number] * 20)) for number in range(3)])
    for box in good:
        receiver.open_box(box)
    with pytest.raises(AuthError, match="altered, repeated or lost"):
        receiver.open_box(bad)
    with pytest.raises(AuthError, match="over"):
        receiver.seal(b"more")
    assert not receiver.is_open


def test_a_message_of_the_other_lane_is_refused() -> None:
    sender, receiver = two_ends()
    with pytest.raises(AuthError):
        receiver.open_box(sender.seal(b"normal", Lane.NORMAL), Lane.URGENT)


def test_plain_text_is_refused_in_a_session() -> None:
    with pytest.raises(AuthError):
        two_ends()[1].open_box(b"\x03\x01 a reply nobody sealed")


def test_keys_change_when_due() -> None:
    sender, receiver = two_ends()
    first_key = sender._sending[Lane.URGENT].k
    for number in (KEY_MESSAGES - 1, KEY_MESSAGES):
        message = number.to_bytes(4)
        for end in (sender._sending, receiver._receiving):
            end[Lane.URGENT].set_nonce(1 << 63 | number)
        assert receiver.open_box(sender.seal(message, Lane.URGENT), Lane.URGENT) == message
    assert sender._sending[Lane.URGENT].k == receiver._receiving[Lane.URGENT].k != first_key
    assert sender._sending[Lane.NORMAL].k == first_key


@pytest.mark.parametrize("lane", Lane)
def test_the_session_ends_before_a_nonce_comes_twice(lane: Lane) -> None:
    sender, receiver = two_ends()
    for end in (sender._sending, receiver._receiving):
        end[lane].set_nonce(lane << 63 | (1 << 63) - 2)
    assert receiver.open_box(sender.seal(b"last", lane), lane) == b"last"
    with pytest.raises(AuthError, match="over"):
        sender.seal(b"one more", lane)
    with pytest.raises(AuthError, match="over"):
        receiver.open_box(bytes(20), lane)


def test_a_key_of_another_size_is_refused_without_being_shown() -> None:
    with pytest.raises(ConfigError, match="technician key is 4 bytes instead of 32"):
        Credential(Role.TECHNICIAN, b"oops")
    assert "1f" not in repr(Credential(Role.FACTORY, PSK))


def test_no_message_shows_a_secret() -> None:
    entry = wire.ConfigEntry(wire.CONFIG["technician_key"].key, PSK)
    claim = wire.Claim(7001, PSK, PSK, PSK)
    for message in (
        wire.ConfigSet([entry]),
        wire.ConfigDiff([entry]),
        wire.ConfigFile(1, 1, [entry]),
        wire.ConfigValue(entry.key, 0, PSK),
        claim,
    ):
        assert repr(PSK)[2:-1] not in repr(message)
        assert PSK.hex() not in repr(message)
