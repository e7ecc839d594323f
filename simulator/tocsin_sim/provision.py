"""What a depot would have written to a handset's flash before handing it out."""

import hashlib
import struct
import zlib

from tocsin_host import wire
from tocsin_sim.world.setting import Setting

_SCHEMA_VERSION = 1
_KEY_BYTES = 32


def report_key(seed: int) -> bytes:
    """Return the report key of the handset of this seed: 32 bytes, the same for the same seed."""
    return hashlib.blake2b(f"report key {seed}".encode(), digest_size=_KEY_BYTES).digest()


def provisioned_files(setting: Setting, key: bytes) -> dict[str, bytes]:
    """Return the files of a provisioned handset's flash, by path from the data directory's root.

    A setting that is not `issued` gives a blank handset: no file at all.
    """
    if not setting.issued:
        return {}
    numbers = setting.numbers
    values: dict[str, bool | int | str | bytes] = {
        "issued": True,
        "identity": setting.identity,
        "call_number": numbers.call,
        "text_number": numbers.text,
        "report_number": numbers.report,
        "report_key": key,
    }
    entries = [
        wire.ConfigEntry(wire.CONFIG[name].key, wire.CONFIG[name].encode(value))
        for name, value in values.items()
    ]
    return {"/config": _with_crc(wire.ConfigFile(_SCHEMA_VERSION, 1, entries).encode())}


def _with_crc(content: bytes) -> bytes:
    return content + struct.pack("<I", zlib.crc32(content))
