"""AEAD_CHACHA20_POLY1305: the example of RFC 8439 section 2.8.2."""

import asyncio
import sys
from binascii import unhexlify

from portable_cases.impaired_line import Dice
from tocsin.crypto import chacha20, poly1305
from tocsin.crypto.chacha20poly1305 import open_box, seal, use

KEY = bytes(range(0x80, 0xA0))
NONCE = unhexlify("070000004041424344454647")
AAD = unhexlify("50515253c0c1c2c3c4c5c6c7")
PLAINTEXT = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)
BOX = unhexlify(
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
    "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
    "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
    "3ff4def08e4b7a9de576d26586cec64b6116"
    "1ae10b594f09e26a7e902ecbd0600691"
)


async def no_pause() -> None:
    """Let nobody else run."""


async def check() -> None:
    assert await seal(KEY, NONCE, AAD, PLAINTEXT, no_pause) == BOX
    assert await open_box(KEY, NONCE, AAD, BOX, no_pause) == PLAINTEXT
    for place in (0, 64, len(BOX) - 1):
        forged = bytearray(BOX)
        forged[place] ^= 0x80
        assert await open_box(KEY, NONCE, AAD, bytes(forged), no_pause) is None
    assert await open_box(KEY, NONCE, AAD + b"\x00", BOX, no_pause) is None
    assert await open_box(KEY, NONCE, b"", b"", no_pause) is None


async def machine_code_agrees_with_bytecode() -> None:
    """On random input, and on the largest there is."""
    from tocsin.crypto import viper

    dice = Dice(1)
    for count in range(200):
        inputs = b"\xff" * 700 if count % 5 == 0 else dice.octets(700)
        key, nonce, message = inputs[:32], inputs[32:44], inputs[44 : 44 + 16 * (count % 40)]
        blocks = 1 + count % 20
        stream = await chacha20.key_stream(key, nonce, blocks, no_pause)
        assert bytes(await viper.key_stream(key, nonce, blocks, no_pause)) == stream
        tag = await poly1305.tag(key, message, no_pause)
        assert await viper.tag(key, message, no_pause) == tag


def run() -> None:
    asyncio.run(check())
    if getattr(sys.implementation, "_mpy", 0) >> 10:
        from tocsin.crypto import viper

        asyncio.run(machine_code_agrees_with_bytecode())
        use(viper.key_stream, viper.tag)
        asyncio.run(check())
