"""AEAD_CHACHA20_POLY1305 of RFC 8439, in steps that let a press through.

Plain integers throughout: on a 31-bit VM the 32-bit words become long integers, which is right
but slow, so `pause` is awaited after every double round.
"""

import struct

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_KEY_BYTES = const(32)
_NONCE_BYTES = const(12)
_TAG_BYTES = const(16)
_BLOCK_BYTES = const(64)
_DOUBLE_ROUNDS = const(10)
_WORD = 0xFFFFFFFF
_CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)
_QUARTER_ROUNDS = (
    (0, 4, 8, 12),
    (1, 5, 9, 13),
    (2, 6, 10, 14),
    (3, 7, 11, 15),
    (0, 5, 10, 15),
    (1, 6, 11, 12),
    (2, 7, 8, 13),
    (3, 4, 9, 14),
)

_PRIME = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


async def seal(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes, pause: "Pause") -> bytes:
    """Ciphertext and 16-byte tag; key 32 bytes, nonce 12 and never used twice with one key.

    Raises ValueError for a key or nonce of another size.
    """
    ciphertext = await _xor_stream(key, nonce, plaintext, pause)
    return ciphertext + await _tag(key, nonce, aad, ciphertext, pause)


async def open_box(
    key: bytes, nonce: bytes, aad: bytes, box: bytes, pause: "Pause"
) -> "bytes | None":
    """Plaintext of ciphertext and tag, None when the tag is wrong.

    Raises ValueError for a key or nonce of another size.
    """
    if len(box) < _TAG_BYTES:
        return None
    ciphertext = box[:-_TAG_BYTES]
    expected = await _tag(key, nonce, aad, ciphertext, pause)
    if not _same(expected, box[-_TAG_BYTES:]):
        return None
    return await _xor_stream(key, nonce, ciphertext, pause)


async def _xor_stream(key: bytes, nonce: bytes, data: bytes, pause: "Pause") -> bytes:
    out = bytearray(data)
    for start in range(0, len(data), _BLOCK_BYTES):
        stream = await _block(key, 1 + start // _BLOCK_BYTES, nonce, pause)
        for index in range(start, min(start + _BLOCK_BYTES, len(data))):
            out[index] ^= stream[index - start]
    return bytes(out)


async def _tag(key: bytes, nonce: bytes, aad: bytes, ciphertext: bytes, pause: "Pause") -> bytes:
    one_time_key = (await _block(key, 0, nonce, pause))[:_KEY_BYTES]
    lengths = struct.pack("<QQ", len(aad), len(ciphertext))
    message = aad + _padding(aad) + ciphertext + _padding(ciphertext) + lengths
    r = int.from_bytes(one_time_key[:16], "little") & _CLAMP
    s = int.from_bytes(one_time_key[16:], "little")
    accumulator = 0
    for start in range(0, len(message), 16):
        number = int.from_bytes(message[start : start + 16], "little") + (1 << 128)
        accumulator = (accumulator + number) * r % _PRIME
        await pause()
    return ((accumulator + s) & ((1 << 128) - 1)).to_bytes(16, "little")


def _padding(data: bytes) -> bytes:
    return bytes(-len(data) % 16)


async def _block(key: bytes, counter: int, nonce: bytes, pause: "Pause") -> bytes:
    if len(key) != _KEY_BYTES or len(nonce) != _NONCE_BYTES:
        raise ValueError("key must be 32 bytes and nonce 12, not %d, %d" % (len(key), len(nonce)))
    first = list(_CONSTANTS + struct.unpack("<8L", key) + (counter,) + struct.unpack("<3L", nonce))
    state = list(first)
    for _ in range(_DOUBLE_ROUNDS):
        for a, b, c, d in _QUARTER_ROUNDS:
            _quarter_round(state, a, b, c, d)
        await pause()
    for index in range(16):
        state[index] = state[index] + first[index] & _WORD
    return struct.pack("<16L", *state)


def _quarter_round(state: "list[int]", a: int, b: int, c: int, d: int) -> None:
    wa, wb, wc, wd = state[a], state[b], state[c], state[d]
    wa = wa + wb & _WORD
    wd ^= wa
    wd = wd << 16 & _WORD | wd >> 16
    wc = wc + wd & _WORD
    wb ^= wc
    wb = wb << 12 & _WORD | wb >> 20
    wa = wa + wb & _WORD
    wd ^= wa
    wd = wd << 8 & _WORD | wd >> 24
    wc = wc + wd & _WORD
    wb ^= wc
    wb = wb << 7 & _WORD | wb >> 25
    state[a], state[b], state[c], state[d] = wa, wb, wc, wd


def _same(one: bytes, other: bytes) -> bool:
    """Compare in a time that does not tell where they differ."""
    difference = 0
    for index in range(_TAG_BYTES):
        difference |= one[index] ^ other[index]
    return difference == 0
