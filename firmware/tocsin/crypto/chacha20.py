"""The ChaCha20 key stream of RFC 8439 section 2.4, several blocks at a time.

Each of the state's four rows is one long integer with a lane of 64 bits for every word: column by
column, and within a column block by block. So one operation serves four words of every block,
which on a 31-bit VM, where 32-bit words are long integers as well, is four times as fast.
"""

import struct

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_COLUMNS = const(4)
_LANE_BITS = const(64)
_ROW_BYTES = const(32)
_DOUBLE_ROUNDS = const(10)
_MOST_BLOCKS = const(9)  # the longest message of the link, and the block that keys Poly1305
_CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)


async def key_stream(key: bytes, nonce: bytes, blocks: int, pause: "Pause") -> "bytes | bytearray":
    """`blocks` times 64 bytes, from block 0 on; key 32 bytes, nonce 12."""
    stream = b""
    for first in range(0, blocks, _MOST_BLOCKS):
        stream += await _blocks(key, nonce, first, min(_MOST_BLOCKS, blocks - first), pause)
    return stream


async def _blocks(key: bytes, nonce: bytes, first: int, count: int, pause: "Pause") -> bytes:
    counter_and_nonce = (first,) + struct.unpack("<3L", nonce)
    start = (
        _row(_CONSTANTS, count),
        _row(struct.unpack("<4L", key[:16]), count),
        _row(struct.unpack("<4L", key[16:]), count),
        _row(counter_and_nonce, count) + _numbers(count),
    )
    await pause()
    rows = await _mixed(start, count, pause)
    words = []
    for index in range(len(rows)):
        octets = (rows[index] + start[index]).to_bytes(count * _ROW_BYTES, "little")
        words.append(struct.unpack("<" + "L4x" * (count * _COLUMNS), octets))
        await pause()
    blocks = []
    for block in range(count):
        lanes = range(block, count * _COLUMNS, count)
        blocks.append(struct.pack("<16L", *[row[lane] for row in words for lane in lanes]))
        await pause()
    return b"".join(blocks)


def _row(words: "tuple[int, ...]", count: int) -> int:
    """The four words, each `count` times."""
    ones = _ones(count)
    row = 0
    for word in reversed(words):
        row = row << count * _LANE_BITS | word * ones
    return row


def _numbers(count: int) -> int:
    """0, 1, 2 ... in the first column's lanes."""
    number = 0
    for block in range(count):
        number |= block << block * _LANE_BITS
    return number


def _ones(lanes: int) -> int:
    return ((1 << lanes * _LANE_BITS) - 1) // ((1 << _LANE_BITS) - 1)


async def _mixed(rows: "tuple[int, ...]", count: int, pause: "Pause") -> "tuple[int, ...]":
    a, b, c, d = rows
    column = count * _LANE_BITS
    half, most = 2 * column, 3 * column
    words = _ones(count * _COLUMNS) * 0xFFFFFFFF
    whole = (1 << 4 * column) - 1
    for _ in range(_DOUBLE_ROUNDS):
        for left, right in ((column, most), (most, column)):  # columns, then diagonals
            a = a + b & words
            d ^= a
            d = (d << 16 | d >> 16) & words
            c = c + d & words
            b ^= c
            b = (b << 12 | b >> 20) & words
            a = a + b & words
            d ^= a
            d = (d << 8 | d >> 24) & words
            c = c + d & words
            b ^= c
            b = (b << 7 | b >> 25) & words
            b = (b >> left | b << right) & whole
            c = (c >> half | c << half) & whole
            d = (d >> right | d << left) & whole
        await pause()
    return a, b, c, d
