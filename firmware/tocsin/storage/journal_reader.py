"""The journal as a host reads it: from a sequence number on, and acknowledged up to one."""

import binascii
import os
import struct

from micropython import const

from tocsin import wire
from tocsin.refusal import Refusal
from tocsin.storage import atomic
from tocsin.wire_dialogue import FAILURE_OUT_OF_RANGE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause
    from tocsin.storage.journal import Journal

_BODY_BYTES = wire.JournalEntry.MAX_BYTES
_RECORD_BYTES = _BODY_BYTES + 4
_AT_ONCE = const(4)


class JournalReader:
    """Reads one `journal` in small steps, `pause` between them."""

    def __init__(self, journal: "Journal", pause: "Pause") -> None:
        self._journal = journal
        self._pause = pause

    async def read(self, from_sequence: int, limit: int) -> "list[wire.JournalEntry]":
        """At most `limit` entries from a sequence number on, in order; a gap is what is lost."""
        found: list[wire.JournalEntry] = []
        for path in self._journal.paths():
            slot = max(0, from_sequence - await self._first(path))
            records = _records(path, slot)
            while records and len(found) < limit:
                found.extend([e for e in _entries(records) if e.sequence >= from_sequence])
                await self._pause()
                slot += _AT_ONCE
                records = _records(path, slot)
        return found[:limit]

    async def oldest(self) -> int:
        """The sequence number of the oldest entry held; the next one's when there is none."""
        for path in self._journal.paths():
            first = await self._first(path)
            if first < self._journal.next_sequence:
                return first
        return self._journal.next_sequence

    async def _first(self, path: str) -> int:
        """Of the first entry of a file; the next one's in an empty file."""
        slot = 0
        records = _records(path, slot)
        while records:
            for entry in _entries(records):
                return entry.sequence
            await self._pause()
            slot += _AT_ONCE
            records = _records(path, slot)
        return self._journal.next_sequence

    # -- what a host has

    def acknowledged(self) -> int:
        """The sequence number up to which a host has all entries; 0 for none."""
        content = atomic.load(self._acknowledged_path())
        if content is None or len(content) != 4:
            return 0
        (through,) = struct.unpack("<I", content)
        return int(min(through, self._journal.next_sequence - 1))

    async def acknowledge(self, through: int) -> int:
        """Remember what a host has, and drop the older file once that is all of it.

        An acknowledgement is never taken back; raises Refusal for entries that never were.
        """
        if through >= self._journal.next_sequence:
            raise Refusal(
                FAILURE_OUT_OF_RANGE, "the last is %d" % (self._journal.next_sequence - 1)
            )
        through = max(through, self.acknowledged())
        atomic.replace(self._acknowledged_path(), struct.pack("<I", through), 4)
        await self._pause()
        newer = self._journal.paths()[1]
        first = await self._first(newer)
        await self._pause()
        # An entry written meanwhile may have begun another file, in place of the older one.
        older = self._journal.paths()[0]
        if older != newer and first <= through + 1 and _exists(older):
            os.remove(older)
        return through

    def _acknowledged_path(self) -> str:
        return self._journal.directory + "/journal.acknowledged"


def _records(path: str, slot: int) -> memoryview:
    """A few records from a slot on, whatever they hold; empty past the end."""
    buf = bytearray(_AT_ONCE * _RECORD_BYTES)
    n = 0
    if _exists(path):
        with open(path, "rb") as file:
            file.seek(slot * _RECORD_BYTES)
            n = file.readinto(buf)
    return memoryview(buf)[: n // _RECORD_BYTES * _RECORD_BYTES]


def _entries(records: memoryview) -> "list[wire.JournalEntry]":
    entries = []
    for start in range(0, len(records), _RECORD_BYTES):
        end = start + _BODY_BYTES
        (crc,) = struct.unpack_from("<I", records, end)
        if crc != binascii.crc32(records[start:end]):
            continue
        try:
            entries.append(wire.JournalEntry().decode_from(records, start, end))
        except wire.DecodeError:
            continue
    return entries


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True
