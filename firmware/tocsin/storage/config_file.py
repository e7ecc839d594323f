"""The settings' file and values, as they lie on flash and go over the wire: loaded when needed."""

from micropython import const

from tocsin.storage import atomic, wire
from tocsin.wire import DecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from tocsin.storage.config import Config

# 1: at most 16 keys. 2: at most 32, those of another version included.
_SCHEMA_VERSION = const(2)


def read(config: "Config") -> None:
    """Fill `config` from its file; a key whose value this firmware cannot use is at its default.

    Of another version's file, older or newer, all is taken that this one knows, a number as near
    as it may be; `foreign` gets the rest, to be kept.
    """
    file = _file(config.path)
    config.is_damaged = file is None
    file = file or wire.ConfigFile()
    config.generation = file.generation
    config.schema_version = max(file.schema_version, _SCHEMA_VERSION)
    values = {}
    for key, value in file.entries:
        usable = _usable(find_field(key), value)
        if usable is None:
            config.foreign[key] = value
        else:
            values[key] = usable
    fill(config, values)


def fill(config: "Config", values: "dict[int, bytes]") -> None:
    """Give it these wire values, each known to be right, and all other keys their defaults."""
    config.stored = values
    for field in wire.CONFIG_FIELDS:
        key, name, default = field[0], field[1], field[5]
        config.values[name] = decode(field, values[key]) if key in values else default


def _file(path: str) -> "wire.ConfigFile | None":
    content = atomic.load(path)
    if content is None:
        return wire.ConfigFile() if atomic.is_missing(path) else None
    try:
        return wire.ConfigFile().decode_from(memoryview(content), 0, len(content))
    except DecodeError:
        return None


def find_field(key: int) -> "Any":
    """The field of wire.CONFIG_FIELDS with this key, None for an unknown one."""
    for field in wire.CONFIG_FIELDS:
        if field[0] == key:
            return field
    return None


def _usable(field: "Any", data: bytes) -> "bytes | None":
    """The value itself, or the nearest number that the field allows; None without one."""
    if field is None or decode(field, data) is not None:
        return data if field else None
    if field[2] != wire.KIND_UINT or len(data) != 4:
        return None
    value = int.from_bytes(data, "little")
    return int(max(field[3], min(value, field[4]))).to_bytes(4, "little")


def decode(field: "Any", data: bytes) -> "Any":
    """A wire value as bool, int, str or bytes; None when the field does not allow it."""
    _, _, kind, minimum, maximum, _, _ = field
    if kind == wire.KIND_BOOL or kind == wire.KIND_UINT:
        value = int.from_bytes(data, "little")
        size = 1 if kind == wire.KIND_BOOL else 4
        if len(data) != size or not minimum <= value <= maximum:
            return None
        return value == 1 if kind == wire.KIND_BOOL else value
    if data and not minimum <= len(data) <= maximum:
        return None
    return _number(data) if kind == wire.KIND_TEXT else bytes(data)


def _number(data: bytes) -> "str | None":
    """Every text setting is a telephone number: "" or E.164, + and 8 to 15 digits."""
    if data and data[:1] != b"+":
        return None
    for code in data[1:]:
        if not 48 <= code <= 57:
            return None
    return bytes(data).decode()
