"""ChaCha20's key stream and Poly1305 as machine code: no allocation a block, and no waiting.

It serves the link; modules chacha20 and poly1305 are the same in bytecode, and tests prove the two
equal. Here no result depends on how wide a machine word is: words of 32 bits are kept in memory,
limbs of 13 bits never add up to more than 31, and what an arithmetic shift brings in is masked.
"""

from array import array

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from tocsin.parts import Pause

    ptr8: TypeAlias = Any  # noqa: PYI042  # viper's own names
    ptr32: TypeAlias = Any  # noqa: PYI042

_STATE_WORDS = const(16)
_BLOCK_BYTES = const(64)
_COUNTER = const(12)
_CONSTANTS = b"expand 32-byte k"

# Poly1305's memory, in limbs of 13 bits: 5 times r, r, the accumulator, the next accumulator.
_LIMBS = const(10)
_LIMB_BITS = const(13)
_LIMB = const(0x1FFF)
_R = const(10)
_SUM = const(20)
_NEXT = const(30)
_HASHED_BYTES = const(16)
_PRIME = (1 << 130) - 5
_CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


async def key_stream(key: bytes, nonce: bytes, blocks: int, pause: "Pause") -> "bytes | bytearray":
    """`blocks` times 64 bytes, from block 0 on; key 32 bytes, nonce 12."""
    state = array("I", _CONSTANTS + key + bytes(4) + nonce)
    stream = bytearray(blocks * _BLOCK_BYTES)
    end = 0
    for block in range(blocks):
        state[_COUNTER] = block
        end = _block(state, stream, end)
    await pause()
    return stream


async def tag(key: bytes, message: bytes, pause: "Pause") -> bytes:
    """16 bytes; key 32 bytes and never used twice, the message whole blocks of 16."""
    r = int.from_bytes(key[:16], "little") & _CLAMP
    limbs = [r >> _LIMB_BITS * index & _LIMB for index in range(_LIMBS)]
    memory = array("I", [5 * limb for limb in limbs] + limbs + [0] * (2 * _LIMBS))
    _hash(memory, message, len(message) // _HASHED_BYTES)
    await pause()
    accumulator = 0
    for index in range(_LIMBS):
        accumulator += memory[_SUM + index] << _LIMB_BITS * index
    total = accumulator % _PRIME + int.from_bytes(key[16:], "little")
    return (total & ((1 << 128) - 1)).to_bytes(16, "little")


@micropython.viper
def _block(state: ptr32, stream: ptr32, start: int) -> int:
    """Write ChaCha20's block of `state` into the stream from word `start` on; returns its end."""
    for word in range(_STATE_WORDS):
        stream[start + word] = state[word]
    for step in range(80):
        turned = (step >> 2) & 1  # columns, then diagonals
        a = start + (step & 3)
        b = start + 4 + (step + turned & 3)
        c = start + 8 + (step + 2 * turned & 3)
        d = start + 12 + (step + 3 * turned & 3)
        stream[a] = stream[a] + stream[b]
        x = stream[d] ^ stream[a]
        stream[d] = x << 16 | x >> 16 & 0xFFFF
        stream[c] = stream[c] + stream[d]
        x = stream[b] ^ stream[c]
        stream[b] = x << 12 | x >> 20 & 0xFFF
        stream[a] = stream[a] + stream[b]
        x = stream[d] ^ stream[a]
        stream[d] = x << 8 | x >> 24 & 0xFF
        stream[c] = stream[c] + stream[d]
        x = stream[b] ^ stream[c]
        stream[b] = x << 7 | x >> 25 & 0x7F
    for word in range(_STATE_WORDS):
        stream[start + word] = stream[start + word] + state[word]
    return start + _STATE_WORDS


@micropython.viper
def _hash(memory: ptr32, message: ptr8, blocks: int) -> int:
    """For each block: the accumulator plus it, times r, modulo 2^130 - 5; returns `blocks`."""
    for block in range(blocks):
        start = block * _HASHED_BYTES
        for index in range(_LIMBS):
            at = start + (_LIMB_BITS * index >> 3)
            limb = message[at] | message[at + 1] << 8
            limb |= message[at + 2] << 16 if index < _LIMBS - 1 else 1 << 16
            limb = limb >> (_LIMB_BITS * index & 7) & _LIMB
            memory[_SUM + index] = memory[_SUM + index] + limb
        carry = 0
        for index in range(_LIMBS):
            limb = carry
            carry = 0
            for other in range(_LIMBS):
                limb += memory[_SUM + other] * memory[_R + index - other]
                if other == 4:  # before it no longer fits
                    carry = limb >> _LIMB_BITS
                    limb &= _LIMB
            carry += limb >> _LIMB_BITS
            memory[_NEXT + index] = limb & _LIMB
        carry = carry * 5 + memory[_NEXT]
        memory[_SUM] = carry & _LIMB
        memory[_SUM + 1] = memory[_NEXT + 1] + (carry >> _LIMB_BITS)
        for index in range(2, _LIMBS):
            memory[_SUM + index] = memory[_NEXT + index]
    return blocks
