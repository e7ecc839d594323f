"""HMAC-SHA256 (RFC 2104) and HKDF (RFC 5869) on the port's own SHA-256."""

import hashlib

from micropython import const

_BLOCK_BYTES = const(64)
_HASH_BYTES = const(32)
_INNER_PAD = int.from_bytes(b"\x36" * 64, "little")
_OUTER_PAD = int.from_bytes(b"\x5c" * 64, "little")


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """The 32-byte authentication code of `message`; any length of key."""
    if len(key) > _BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    number = int.from_bytes(key, "little")
    inner: bytes = hashlib.sha256(_block(number ^ _INNER_PAD) + message).digest()
    outer: bytes = hashlib.sha256(_block(number ^ _OUTER_PAD) + inner).digest()
    return outer


def extract(salt: bytes, material: bytes) -> bytes:
    """The 32-byte pseudorandom key of `material`: RFC 5869 section 2.2."""
    return hmac_sha256(salt, material)


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """`length` bytes of keys for `info`: RFC 5869 section 2.3.

    Raises ValueError for more than 8,160 bytes.
    """
    if length > 255 * _HASH_BYTES:
        raise ValueError("at most 8160 bytes, not %d" % length)
    output = block = b""
    while len(output) < length:
        block = hmac_sha256(key, block + info + bytes((len(output) // _HASH_BYTES + 1,)))
        output += block
    return output[:length]


def _block(number: int) -> bytes:
    return number.to_bytes(_BLOCK_BYTES, "little")
