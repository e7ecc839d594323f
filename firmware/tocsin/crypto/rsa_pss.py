"""RSASSA-PSS verification of RFC 8017, in steps that let a press through.

For one kind of key and signature: modulus of 3072 bits, exponent 65537, SHA-256 for message and
MGF1, salt of 32 octets. Everything here is public, so nothing need take constant time.
"""

import hashlib

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

MODULUS_BYTES = const(384)

_HASH_BYTES = const(32)
_SALT_BYTES = const(32)
_DB_BYTES = const(351)  # data block: what is left of the modulus' size less hash and trailer
_PADDING = bytes(_DB_BYTES - _SALT_BYTES - 1) + b"\x01"
_TRAILER = const(0xBC)
_SQUARINGS = const(16)  # 65537 is 2^16 + 1

# In quarters, the longest step is an estimated 2.8 ms on an RP2040; whole divisions take 12 ms.
_LIMB_BITS = const(768)
_LIMBS = const(4)


async def verify(modulus: bytes, digest: bytes, signature: bytes, pause: "Pause") -> bool:
    """Whether `signature` is by the key of `modulus` over the message with this SHA-256 digest.

    RFC 8017 section 8.1.2. Raises ValueError for a modulus that has not exactly 3072 bits.
    """
    if len(modulus) != MODULUS_BYTES or not modulus[0] & 0x80:
        raise ValueError("modulus must have 3072 bits")
    if len(signature) != MODULUS_BYTES:
        return False
    n = int.from_bytes(modulus, "big")
    s = int.from_bytes(signature, "big")
    if s >= n:
        return False
    encoded = await _to_65537(s, n, pause)
    return await _is_encoding(encoded.to_bytes(MODULUS_BYTES, "big"), digest, pause)


async def _to_65537(value: int, n: int, pause: "Pause") -> int:
    power = value
    for _ in range(_SQUARINGS):
        power = await _product(power, power, n, pause)
    return await _product(power, value, n, pause)


async def _product(a: int, b: int, n: int, pause: "Pause") -> int:
    """The product modulo n, limb by limb of b from the top: the same work, in quarters."""
    product = 0
    mask = (1 << _LIMB_BITS) - 1
    for limb in range(_LIMBS - 1, -1, -1):
        product = (product << _LIMB_BITS) + a * (b >> limb * _LIMB_BITS & mask)
        await pause()
        product %= n
        await pause()
    return product


async def _is_encoding(encoded: bytes, digest: bytes, pause: "Pause") -> bool:
    """EMSA-PSS-VERIFY of RFC 8017 section 9.1.2; the encoding has 3071 bits."""
    if encoded[-1] != _TRAILER or encoded[0] & 0x80:
        return False
    masked = encoded[:_DB_BYTES]
    hashed = encoded[_DB_BYTES:-1]
    mask = await _mgf1(hashed, pause)
    block = int.from_bytes(masked, "big") ^ int.from_bytes(mask, "big")
    data = (block & (1 << _DB_BYTES * 8 - 1) - 1).to_bytes(_DB_BYTES, "big")
    if data[:-_SALT_BYTES] != _PADDING:
        return False
    expected: bytes = hashlib.sha256(bytes(8) + digest + data[-_SALT_BYTES:]).digest()
    return expected == hashed


async def _mgf1(seed: bytes, pause: "Pause") -> bytes:
    """A mask of the data block's size: RFC 8017 appendix B.2.1."""
    mask = b""
    count = 0
    while len(mask) < _DB_BYTES:
        mask += hashlib.sha256(seed + count.to_bytes(4, "big")).digest()
        count += 1
        await pause()
    return mask[:_DB_BYTES]
