"""What a handset has left in its flash, read as a depot would."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from tocsin_host import wire
from tocsin_host.keys import HandsetKeys
from tocsin_sim.vm.flash import read_flash

_CRC_BYTES = 4
_BODY_BYTES = wire.JournalEntry.MAX_BYTES
_RECORD_BYTES = _BODY_BYTES + _CRC_BYTES


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


def read_keys(flash: Path) -> HandsetKeys | None:
    """Return the keys a flash image holds, None when nobody has claimed its handset."""
    stored = read_flash(flash).get("/config")
    if stored is None:
        return None
    config = wire.ConfigFile.decode(stored[:-_CRC_BYTES])
    values = {entry.key: entry.value for entry in config.entries}
    names = {role: f"{role.name.lower()}_key" for role in wire.Role}
    held = {role: values.get(wire.CONFIG[name].key, b"") for role, name in names.items()}
    identity = wire.CONFIG["identity"]
    number = identity.decode(values.get(identity.key, identity.encode(identity.default)))
    by_role = {role: key for role, key in held.items() if key}
    return HandsetKeys(int(number), by_role) if by_role else None
