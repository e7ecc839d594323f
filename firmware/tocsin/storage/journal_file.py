"""The journal's files as they are found: in memory while a handset starts."""

import binascii
import os
import struct

from micropython import const

from tocsin import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator

_BODY_BYTES = wire.JournalEntry.MAX_BYTES
_RECORD_BYTES = _BODY_BYTES + 4
# What cannot be mended is left as it is, and the other file goes on.
_FULL = const(1 << 20)


def find_end(paths: "list[str]") -> "tuple[int, int, int]":
    """The next sequence number, the place of the file in use, and how many slots of it are."""
    following = 1
    current = 0
    for index, path in enumerate(paths):
        for entry in entries(path):
            if entry.sequence >= following:
                following = entry.sequence + 1
                current = index
    return following, current, _slots(paths[current])


def _slots(path: str) -> int:
    try:
        return mend(path)
    except OSError:
        return _FULL


def mend(path: str) -> int:
    """Fill up a torn last record so that the next one stands in its place; number of slots."""
    size = _size(path)
    torn = size % _RECORD_BYTES
    if torn:
        with open(path, "ab") as file:
            file.write(bytes(_RECORD_BYTES - torn))
    return (size + _RECORD_BYTES - 1) // _RECORD_BYTES


def _size(path: str) -> int:
    try:
        return int(os.stat(path)[6])
    except OSError:
        return 0


def entries(path: str) -> "Iterator[wire.JournalEntry]":
    """Every intact entry of a file, in the order they were written."""
    if not _size(path):
        return
    record = bytearray(_RECORD_BYTES)
    with open(path, "rb") as file:
        while file.readinto(record) == _RECORD_BYTES:
            (crc,) = struct.unpack_from("<I", record, _BODY_BYTES)
            if crc != binascii.crc32(memoryview(record)[:_BODY_BYTES]):
                continue
            try:
                yield wire.JournalEntry().decode_from(record, 0, _BODY_BYTES)
            except wire.DecodeError:
                continue
