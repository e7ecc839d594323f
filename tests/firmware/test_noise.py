"""What the handset's end of a session refuses, its key changes, and when a press gets through."""

import ast
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noise.connection import Keypair, NoiseConnection
from portable_cases import noise_cases

from tocsin.link.lanes import NoiseError, SealedLanes
from tocsin.link.noise import Handshake, KeyPair, ephemeral, prologue_of
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
PSK = bytes(range(32))
KEYS = bytes(range(32)), bytes(range(32, 64))
PROLOGUE = prologue_of(b"\x01\x00\x01", b"\x01\x00")
LAST_COUNTER = (1 << 63) - 2
SLICE_LIMIT_US, SLOWEST_BOARD_FACTOR = 20_000, 110  # architecture, section 8

STRETCHES_SCRIPT = """\
import sys, time
from portable_cases import noise_stretches
from tocsin.crypto import chacha20, chacha20poly1305, poly1305
if sys.argv[1] == "bytecode":
    chacha20poly1305.use(chacha20.key_stream, poly1305.tag)
print(chacha20poly1305._authenticator is poly1305.tag)
print(noise_stretches.run(time.ticks_us))
"""


async def no_pause() -> None:
    """Let nobody else run."""


def end(is_initiator: bool, psk: bytes = PSK, prologue: bytes = PROLOGUE) -> Handshake:
    return Handshake(is_initiator, psk, prologue, asyncio.run(ephemeral(no_pause)))


def write(handshake: Handshake) -> bytes:
    return asyncio.run(handshake.write(b"", no_pause))


def read(handshake: Handshake, message: bytes) -> bytes:
    return asyncio.run(handshake.read(message, no_pause))


def seal(lanes: SealedLanes, message: bytes, lane: int = 0) -> bytes:
    return asyncio.run(lanes.seal(message, lane, no_pause))


def opened(lanes: SealedLanes, box: bytes, lane: int = 0) -> bytes:
    return asyncio.run(lanes.open_box(box, lane, no_pause))


def two_ends() -> tuple[SealedLanes, SealedLanes]:
    return SealedLanes(*KEYS), SealedLanes(*reversed(KEYS))


def test_published_vector_and_refusals_hold_on_cpython() -> None:
    noise_cases.run()


def test_published_vector_and_refusals_hold_on_the_vm() -> None:
    source = "from portable_cases import noise_cases\nnoise_cases.run()"
    result = run_script(source, [FIRMWARE, HERE], heap_bytes=320 * 1024)
    assert (result.status, result.output) == (0, "")


def test_the_copied_vector_is_the_published_one(shared_data: Path) -> None:
    path = shared_data / "crypto/noise_nnpsk0_25519_chachapoly_sha256.json"
    (vector,) = json.loads(path.read_text())["vectors"]
    boxes = [bytes.fromhex(each["ciphertext"]) for each in vector["messages"]]
    payloads = [bytes.fromhex(each["payload"]) for each in vector["messages"]]
    then = [(payload, box.hex()) for payload, box in zip(payloads, boxes, strict=True)][2:]
    assert (payloads[0], boxes[0]) == noise_cases.FIRST
    assert (payloads[1], boxes[1]) == noise_cases.SECOND
    assert tuple(then) == noise_cases.THEN
    assert bytes.fromhex(vector["handshake_hash"]) == noise_cases.HASH
    assert bytes.fromhex(vector["init_psks"][0]) == noise_cases.PSK
    keys = (vector["init_ephemeral"], vector["resp_ephemeral"])
    assert tuple(map(bytes.fromhex, keys)) == noise_cases.PRIVATE


@pytest.mark.parametrize(
    ("psk", "prologue"),
    [
        (PSK[:-1] + b"\x00", PROLOGUE),
        (PSK, prologue_of(b"\x01\x00\x02", b"\x01\x00")),
        (PSK, prologue_of(b"\x01\x00\x01", b"\x02\x00")),
        (PSK, prologue_of(b"\x01\x00", b"\x01\x01\x00")),
    ],
    ids=["other key", "other role", "other reply", "other boundary between the greetings"],
)
def test_another_key_or_greeting_is_refused_by_either_end(psk: bytes, prologue: bytes) -> None:
    initiator = end(True)
    with pytest.raises(NoiseError, match="wrong key"):
        read(end(False, psk, prologue), write(initiator))
    stranger = end(True, psk, prologue)
    responder = end(False, psk, prologue)
    read(responder, write(stranger))
    with pytest.raises(NoiseError, match="wrong key"):
        read(initiator, write(responder))


@settings(max_examples=30)
@given(st.data())
def test_any_flipped_bit_of_the_first_message_is_refused(data: st.DataObject) -> None:
    message = bytearray(write(end(True)))
    message[data.draw(st.integers(0, len(message) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NoiseError):
        read(end(False), bytes(message))


def test_any_truncation_of_the_first_message_is_refused() -> None:
    message = write(end(True))
    for length in range(len(message)):
        with pytest.raises(NoiseError):
            read(Handshake(False, PSK, PROLOGUE, KeyPair(PSK, PSK)), message[:length])


def test_a_replayed_first_message_gives_no_session() -> None:
    message = write(end(True))
    victim = end(False)
    read(victim, message)
    write(victim)
    again = end(False)
    read(again, message)
    write(again)
    assert victim.keys() != again.keys()


def test_a_failed_handshake_stays_failed() -> None:
    initiator, responder = end(True), end(False)
    message = write(initiator)
    with pytest.raises(NoiseError):
        read(responder, message[:-1] + bytes([message[-1] ^ 1]))
    with pytest.raises(NoiseError, match="out of turn"):
        read(responder, message)
    with pytest.raises(NoiseError, match="not complete"):
        responder.keys()


@pytest.mark.parametrize(("is_initiator", "step"), [(True, read), (False, write)])
def test_a_message_out_of_turn_is_refused(is_initiator: bool, step: Callable[..., bytes]) -> None:
    message = write(end(True))
    with pytest.raises(NoiseError, match="out of turn"):
        step(*((end(is_initiator), message) if step is read else (end(is_initiator),)))


@pytest.mark.filterwarnings("ignore:One of ephemeral keypairs is already set")
def test_a_public_key_of_small_order_is_refused() -> None:
    library = NoiseConnection.from_name(b"Noise_NNpsk0_25519_ChaChaPoly_SHA256")
    library.set_as_initiator()
    library.set_psks(PSK)
    library.set_prologue(PROLOGUE)
    library.set_keypair_from_public_bytes(Keypair.EPHEMERAL, bytes(32))
    library.start_handshake()
    responder = end(False)
    read(responder, bytes(library.write_message()))
    with pytest.raises(NoiseError, match="small order"):
        write(responder)


def test_a_pre_shared_key_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Handshake(True, PSK[:-1], PROLOGUE, KeyPair(PSK, PSK))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=80)), max_size=8))
def test_lanes_deliver_whatever_their_order_between_them(
    messages: list[tuple[bool, bytes]],
) -> None:
    sender, receiver = two_ends()
    boxes = [(seal(sender, message, lane), lane, message) for lane, message in messages]
    for box, lane, message in sorted(boxes, key=lambda each: not each[1]):  # urgent ones first
        assert opened(receiver, box, lane) == message


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
    *good, bad = disturb([seal(sender, bytes([number] * 20)) for number in range(3)])
    for box in good:
        opened(receiver, box)
    with pytest.raises(NoiseError, match="altered"):
        opened(receiver, bad)
    assert not receiver.is_open
    with pytest.raises(NoiseError, match="over"):
        seal(receiver, b"more")


def test_a_message_of_the_other_lane_or_direction_is_refused() -> None:
    sender, receiver = two_ends()
    box = seal(sender, b"normal", 0)
    with pytest.raises(NoiseError):
        opened(receiver, box, 1)
    with pytest.raises(NoiseError):
        opened(sender, box, 0)


def test_plain_text_is_refused_in_a_session() -> None:
    with pytest.raises(NoiseError):
        opened(two_ends()[1], b"\x03\x01 a request nobody sealed")


def test_keys_change_when_due_and_messages_go_on() -> None:
    sender, receiver = two_ends()
    at(sender, receiver, 65_535)
    before, after = seal(sender, b"same"), seal(sender, b"same")
    assert opened(receiver, before) == opened(receiver, after) == b"same"
    assert sender._sending[0]._key == receiver._receiving[0]._key != KEYS[0]
    assert sender._sending[1]._key == KEYS[0]


@pytest.mark.parametrize("lane", [0, 1])
def test_the_session_ends_before_a_nonce_comes_twice(lane: int) -> None:
    sender, receiver = two_ends()
    at(sender, receiver, LAST_COUNTER, lane)
    assert opened(receiver, seal(sender, b"last", lane), lane) == b"last"
    with pytest.raises(NoiseError, match="used up"):
        seal(sender, b"one more", lane)
    with pytest.raises(NoiseError, match="over"):
        seal(sender, b"another lane's", 1 - lane)
    with pytest.raises(NoiseError, match="used up"):
        opened(receiver, bytes(20), lane)


def at(sender: SealedLanes, receiver: SealedLanes, counter: int, lane: int = 0) -> None:
    sender._sending[lane]._counter = receiver._receiving[lane]._counter = counter


def test_messages_sealed_at_the_same_time_never_share_a_nonce() -> None:
    sender, receiver = two_ends()

    async def both() -> list[bytes]:
        work: list[Awaitable[bytes]] = [sender.seal(b"", 0, switch) for _ in range(2)]
        return await asyncio.gather(*work)

    async def switch() -> None:
        await asyncio.sleep(0)

    assert [opened(receiver, box) for box in asyncio.run(both())] == [b"", b""]


@pytest.mark.parametrize("code", ["the port's", "bytecode"])
def test_no_stretch_of_a_session_holds_a_press_up_on_the_vm(code: str) -> None:
    # A heap that needs no collection: whoever allocates next pays for one.
    result = run_script(
        STRETCHES_SCRIPT, [FIRMWARE, HERE], heap_bytes=16 * 1024 * 1024, arguments=[code]
    )
    assert result.status == 0, result.output
    is_bytecode, found = map(ast.literal_eval, result.output.splitlines())
    stretches: dict[str, tuple[int, int, int]] = found
    pauses = {name: each[0] for name, each in stretches.items()}
    ladder_and_inversion = 255 + 253
    # Machine code takes one step for the key stream and one for the tag.
    sealing, long_sealing = (1 + 10 + 4 + 1, 8 + 480 // 16 + 1) if is_bytecode else (2, 0)
    assert pauses["ephemeral key"] == ladder_and_inversion
    assert pauses["second message"] >= ladder_and_inversion + sealing
    assert pauses["480 bytes sealed"] == sealing + long_sealing
    longest_us = max(each[1] for each in stretches.values())
    # Of bytecode, which seals a report and is the ports' fallback here, only the steps are certain.
    assert is_bytecode or longest_us * SLOWEST_BOARD_FACTOR <= SLICE_LIMIT_US, stretches
    assert stretches["report sealed"][1] * SLOWEST_BOARD_FACTOR <= SLICE_LIMIT_US, stretches
