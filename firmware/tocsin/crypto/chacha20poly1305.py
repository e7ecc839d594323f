"""AEAD_CHACHA20_POLY1305 of RFC 8439, in steps that let a press through.

By bytecode, which is enough for a report, until something as fast as a link is needed.
"""

import struct

from micropython import const

from tocsin.crypto import chacha20, poly1305

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tocsin.parts import Pause

    KeyStream = Callable[[bytes, bytes, int, Pause], Awaitable[bytes | bytearray]]
    Authenticator = Callable[[bytes, bytes, Pause], Awaitable[bytes]]

_KEY_BYTES = const(32)
_NONCE_BYTES = const(12)
_TAG_BYTES = const(16)
_BLOCK_BYTES = const(64)

_key_stream: "KeyStream" = chacha20.key_stream
_authenticator: "Authenticator" = poly1305.tag


def use(key_stream: "KeyStream", authenticator: "Authenticator") -> None:
    """From now on work by these, which do as `chacha20.key_stream` and `poly1305.tag` do."""
    global _key_stream, _authenticator
    _key_stream, _authenticator = key_stream, authenticator


async def seal(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes, pause: "Pause") -> bytes:
    """Ciphertext and 16-byte tag; key 32 bytes, nonce 12 and never used twice with one key.

    Raises ValueError for a key or nonce of another size.
    """
    stream = await _stream(key, nonce, plaintext, pause)
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
    stream = await _stream(key, nonce, ciphertext, pause)
    expected = await _tag(stream, aad, ciphertext, pause)
    if not _same(expected, box[-_TAG_BYTES:]):
        return None
    return _xored(ciphertext, stream)


async def _stream(key: bytes, nonce: bytes, data: bytes, pause: "Pause") -> "bytes | bytearray":
    """One block that keys Poly1305, and those that hide `data`."""
    if len(key) != _KEY_BYTES or len(nonce) != _NONCE_BYTES:
        raise ValueError("key must be 32 bytes and nonce 12, not %d, %d" % (len(key), len(nonce)))
    return await _key_stream(key, nonce, 1 - -len(data) // _BLOCK_BYTES, pause)


def _xored(data: bytes, stream: "bytes | bytearray") -> bytes:
    size = len(data)
    pad = int.from_bytes(stream[_BLOCK_BYTES : _BLOCK_BYTES + size], "little")
    return (int.from_bytes(data, "little") ^ pad).to_bytes(size, "little")


async def _tag(stream: "bytes | bytearray", aad: bytes, ciphertext: bytes, pause: "Pause") -> bytes:
    """Poly1305, keyed by the start of the key stream."""
    lengths = struct.pack("<QQ", len(aad), len(ciphertext))
    message = aad + _padding(aad) + ciphertext + _padding(ciphertext) + lengths
    return await _authenticator(bytes(stream[:_KEY_BYTES]), message, pause)


def _padding(data: bytes) -> bytes:
    return bytes(-len(data) % 16)


def _same(one: bytes, other: bytes) -> bool:
    """Compare in a time that does not tell where they differ."""
    difference = 0
    for index in range(_TAG_BYTES):
        difference |= one[index] ^ other[index]
    return difference == 0
