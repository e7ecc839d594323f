"""What a handset has left in its flash, read as a depot would."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from tocsin_host import wire
from tocsin_sim.vm.flash import read_flash

_BODY_BYTES = wire.JournalEntry.MAX_BYTES
_RECORD_BYTES = _BODY_BYTES + 4


def read_journal(flash: Path) -> list[wire.JournalEntry]:
    """Return every intact journal entry of a flash image, oldest first."""
    files = read_flash(flash)
    entries = [
        entry
        for name, content in files.items()
        if name.startswith("/journal.")
        for entry in _entries(content)
    ]
    return sorted(entries, key=lambda entry: entry.sequence)


def _entries(content: bytes) -> Iterator[wire.JournalEntry]:
    for start in range(0, len(content) - _RECORD_BYTES + 1, _RECORD_BYTES):
        body = content[start : start + _BODY_BYTES]
        (crc,) = struct.unpack_from("<I", content, start + _BODY_BYTES)
        if crc == zlib.crc32(body):
            yield wire.JournalEntry.decode(body)
