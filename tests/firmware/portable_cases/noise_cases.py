"""Noise_NNpsk0_25519_ChaChaPoly_SHA256: the vector of cacophony, and what both ends refuse."""

import asyncio
from binascii import unhexlify

from tocsin.crypto.x25519 import public_key
from tocsin.link.lanes import NoiseError, SealedLanes
from tocsin.link.noise import Handshake, KeyPair, ephemeral

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable

PSK = b"This is my Austrian perspective!"
PROLOGUE = b"John Galt"
PRIVATE = (
    unhexlify("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"),
    unhexlify("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"),
)
HASH = unhexlify("f4d03dc34495c95729ea6de9e1b59004b59733102488b3e24bc441e0be208eaf")
FIRST = (
    b"Ludwig von Mises",
    unhexlify(
        "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
        "79b962b8aff8485742ac32f905ba45369e2465fb59e138a93d67a0d1266b6a54"
    ),
)
SECOND = (
    b"Murray Rothbard",
    unhexlify(
        "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
        "d6062704d5a9c422a8e834423f8c1feada7e8d0d910a1a2cd030fb584221e3"
    ),
)
THEN = (
    (b"F. A. Hayek", "e632c3763d7669067383433197a3baddf146e9e70ad4b4e9e59e0f"),
    (b"Carl Menger", "64c6bee32ea91c8474bb4c21d7a700109ad45af77b29764ba5eb1e"),
    (b"Jean-Baptiste Say", "e2fa0bed0603b62d3ccac2ecabbf3fe33f3e86514909b323361626266cb2471cc8"),
    (
        b"Eugen B\xf6hm von Bawerk",
        "0c01dc9cec1fe4ddd692e8dd32188aa351088dc91183639a53b57aa4692b5ebdef8b8ca111",
    ),
)


async def no_pause() -> None:
    """Let nobody else run."""


async def key_pair(private: bytes) -> KeyPair:
    return KeyPair(private, await public_key(private, no_pause))


async def vector_holds_in_both_roles() -> None:
    initiator = Handshake(True, PSK, PROLOGUE, await key_pair(PRIVATE[0]))
    responder = Handshake(False, PSK, PROLOGUE, await key_pair(PRIVATE[1]))
    assert await initiator.write(FIRST[0], no_pause) == FIRST[1]
    assert await responder.read(FIRST[1], no_pause) == FIRST[0]
    assert await responder.write(SECOND[0], no_pause) == SECOND[1]
    assert await initiator.read(SECOND[1], no_pause) == SECOND[0]
    assert initiator.hash == responder.hash == HASH
    ends = [SealedLanes(*end.keys()) for end in (initiator, responder)]
    for number, (message, text) in enumerate(THEN):
        sender, receiver = ends[number & 1], ends[1 - (number & 1)]
        assert await sender.seal(message, 0, no_pause) == unhexlify(text)
        assert await receiver.open_box(unhexlify(text), 0, no_pause) == message


async def other_keys_and_prologues_are_refused() -> None:
    initiator = Handshake(True, PSK, PROLOGUE, await ephemeral(no_pause))
    message = await initiator.write(b"", no_pause)
    pair = await ephemeral(no_pause)
    for psk, prologue in ((bytes(32), PROLOGUE), (PSK, b"John Gait"), (PSK, b"")):
        await refused(Handshake(False, psk, prologue, pair).read(message, no_pause))
    await Handshake(False, PSK, PROLOGUE, pair).read(message, no_pause)


async def replayed_messages_end_the_session() -> None:
    sender, receiver = SealedLanes(PSK, PSK), SealedLanes(PSK, PSK)
    box = await sender.seal(b"once", 1, no_pause)
    assert await receiver.open_box(box, 1, no_pause) == b"once"
    await refused(receiver.open_box(box, 1, no_pause))
    await refused(receiver.seal(b"", 0, no_pause))


async def refused(work: "Awaitable[object]") -> None:
    try:
        await work
    except NoiseError:
        return
    raise AssertionError("taken")


async def check() -> None:
    await vector_holds_in_both_roles()
    await other_keys_and_prologues_are_refused()
    await replayed_messages_end_the_session()


def run() -> None:
    asyncio.run(check())
