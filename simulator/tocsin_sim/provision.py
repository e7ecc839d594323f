"""What a depot would have written to a handset's flash before handing it out."""

import hashlib
import struct
import zlib

from tocsin_host import wire
from tocsin_host.credential import KEY_BYTES
from tocsin_host.keys import HandsetKeys
from tocsin_sim.world.setting import Setting

_SCHEMA_VERSION = 1


def report_key(seed: int) -> bytes:
    """Return the report key of the handset of this seed: 32 bytes, the same for the same seed."""
    return _key("report", seed)


def handset_keys(seed: int, identity: int) -> HandsetKeys:
    """Return the keys of every role of the handset of this seed, the same for the same seed."""
    return HandsetKeys(identity, {role: _key(role.name.lower(), seed) for role in wire.Role})


def _key(name: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{name} key {seed}".encode(), digest_size=KEY_BYTES).digest()


def provisioned_files(setting: Setting, seed: int) -> dict[str, bytes]:
    """Return the files of a provisioned handset's flash, by path from the data directory's root.

    A setting that is `blank` gives a handset that nobody has claimed: no file at all.
    """
    if setting.blank:
        return {}
    numbers = setting.numbers
    values: dict[str, bool | int | str | bytes] = {
        "issued": setting.issued,
        "identity": setting.identity,
        "call_number": numbers.call,
        "text_number": numbers.text,
        "report_number": numbers.report,
        "report_key": report_key(seed),
        **setting.config,
    }
    for role, key in handset_keys(seed, setting.identity).by_role.items():
        values[f"{role.name.lower()}_key"] = key
    entries = [
        wire.ConfigEntry(wire.CONFIG[name].key, wire.CONFIG[name].encode(value))
        for name, value in values.items()
    ]
    return {"/config": _with_crc(wire.ConfigFile(_SCHEMA_VERSION, 1, entries).encode())}


def _with_crc(content: bytes) -> bytes:
    return content + struct.pack("<I", zlib.crc32(content))
