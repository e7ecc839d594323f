"""The journal: what happened and when, the latest entries kept through any power cut."""

import binascii
import struct

from micropython import const

from tocsin import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterator

_BODY_BYTES = wire.JournalEntry.MAX_BYTES
_RECORD_BYTES = _BODY_BYTES + 4
_FILES = const(2)


class Journal:
    """Two files used in turn: the older is emptied when the newer is full.

    A record is a JournalEntry body and its CRC-32; a torn one keeps its place and is passed over.
    """

    def __init__(self, directory: str, entries_per_file: int = 128) -> None:
        self.directory = directory
        self.next_sequence: int = 1
        self._paths = [directory + "/journal.%d" % index for index in range(_FILES)]
        self._entries_per_file = entries_per_file
        self._record = bytearray(_RECORD_BYTES)
        self._entry = wire.JournalEntry()
        self._current = 0
        self._slots = 0

    def open(self) -> None:
        """Find where the journal ends; imports tocsin.storage.journal_file."""
        from tocsin.storage.journal_file import find_end

        self.next_sequence, self._current, self._slots = find_end(self._paths)

    def append(self, kind: int, code: int, value: int, ticks_ms: int, utc_s: int) -> None:
        """Write an entry (kind wire.JOURNAL_*); raises EncodeError, or OSError from flash."""
        entry = self._entry
        entry.sequence = self.next_sequence
        entry.ticks_ms = ticks_ms
        entry.utc_s = utc_s
        entry.kind = kind
        entry.code = code
        entry.value = value
        entry.encode_into(self._record, 0)
        crc = binascii.crc32(memoryview(self._record)[:_BODY_BYTES])
        struct.pack_into("<I", self._record, _BODY_BYTES, crc)
        self._write()
        self.next_sequence += 1

    def entries(self) -> "Iterator[wire.JournalEntry]":
        """Every entry still held, oldest first."""
        from tocsin.storage.journal_file import entries

        for path in self.paths():
            yield from entries(path)

    def paths(self) -> "list[str]":
        """The files, the older one first; one may be empty, or not there."""
        return [self._paths[(self._current + 1 + step) % _FILES] for step in range(_FILES)]

    def _write(self) -> None:
        mode = "ab"
        if self._slots >= self._entries_per_file:
            self._current = (self._current + 1) % _FILES
            self._slots = 0
            mode = "wb"
        with open(self._paths[self._current], mode) as file:
            file.write(self._record)
        self._slots += 1
