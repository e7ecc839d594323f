"""One end of a session, played from a script of what the other end sends."""

import asyncio

from tocsin.crypto.x25519 import public_key
from tocsin.link.lanes import SealedLanes
from tocsin.link.noise import Handshake, KeyPair


async def no_pause() -> None:
    """Let nobody else run."""


async def play(
    is_initiator: bool, private: bytes, psk: bytes, prologue: bytes, received: "list[bytes]"
) -> "list[bytes]":
    """Return all that this end sends, after its own handshake message an echo of each message.

    Messages go to lane 0, 1, 0 ... in either direction; the same arguments send the same.
    """
    pair = KeyPair(private, await public_key(private, no_pause))
    end = Handshake(is_initiator, psk, prologue, pair)
    if is_initiator:
        sent = [await end.write(b"", no_pause)]
        if not received:
            return sent
        await end.read(received[0], no_pause)
    else:
        await end.read(received[0], no_pause)
        sent = [await end.write(b"", no_pause)]
    lanes = SealedLanes(end.keys()[0], end.keys()[1])
    for number, box in enumerate(received[1:]):
        message = await lanes.open_box(box, number & 1, no_pause)
        sent.append(await lanes.seal(message, number & 1, no_pause))
    return sent


def run(
    is_initiator: bool, private: bytes, psk: bytes, prologue: bytes, received: "list[bytes]"
) -> "list[bytes]":
    return asyncio.run(play(is_initiator, private, psk, prologue, received))
