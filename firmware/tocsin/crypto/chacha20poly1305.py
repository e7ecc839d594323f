"""AEAD_CHACHA20_POLY1305 of RFC 8439, in steps that let a press through."""

import struct

from micropython import const

from tocsin.crypto.chacha20 import key_stream

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_TAG_BYTES = const(16)
_BLOCK_BYTES = const(64)

_PRIME = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


async def seal(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes, pause: "Pause") -> bytes:
    """Ciphertext and 16-byte tag; key 32 bytes, nonce 12 and never used twice with one key.

    Raises ValueError for a key or nonce of another size.
    """
    stream = await key_stream(key, nonce, _blocks(plaintext), pause)
    ciphertext = _xored(plaintext, stream)
    return ciphertext + await _tag(stream, aad, ciphertext, pause)


async def open_box(
    key: bytes, nonce: bytes, aad: bytes, box: bytes, pause: "Pause"
) -> "bytes | None":
    """Plaintext of ciphertext and tag, None when the tag is wrong.

    Raises ValueError for a key or nonce of another size.
    """
    if len(box) < _TAG_BYTES:
        return None
    ciphertext = box[:-_TAG_BYTES]
    stream = await key_stream(key, nonce, _blocks(ciphertext), pause)
    expected = await _tag(stream, aad, ciphertext, pause)
    if not _same(expected, box[-_TAG_BYTES:]):
        return None
    return _xored(ciphertext, stream)


def _blocks(data: bytes) -> int:
    """One that keys Poly1305, and those that hide `data`."""
    return 1 - -len(data) // _BLOCK_BYTES


def _xored(data: bytes, stream: bytes) -> bytes:
    size = len(data)
    pad = int.from_bytes(stream[_BLOCK_BYTES : _BLOCK_BYTES + size], "little")
    return (int.from_bytes(data, "little") ^ pad).to_bytes(size, "little")


async def _tag(stream: bytes, aad: bytes, ciphertext: bytes, pause: "Pause") -> bytes:
    """Poly1305, keyed by the start of the key stream."""
    lengths = struct.pack("<QQ", len(aad), len(ciphertext))
    message = aad + _padding(aad) + ciphertext + _padding(ciphertext) + lengths
    r = int.from_bytes(stream[:16], "little") & _CLAMP
    s = int.from_bytes(stream[16:32], "little")
    accumulator = 0
    for start in range(0, len(message), 16):
        number = int.from_bytes(message[start : start + 16], "little") + (1 << 128)
        accumulator = (accumulator + number) * r % _PRIME
        await pause()
    return ((accumulator + s) & ((1 << 128) - 1)).to_bytes(16, "little")


def _padding(data: bytes) -> bytes:
    return bytes(-len(data) % 16)


def _same(one: bytes, other: bytes) -> bool:
    """Compare in a time that does not tell where they differ."""
    difference = 0
    for index in range(_TAG_BYTES):
        difference |= one[index] ^ other[index]
    return difference == 0
