"""The handset's settings: defaults until set."""

from micropython import const

from tocsin import wire
from tocsin.storage import atomic

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


class Config:
    """Settings of a handset; on flash a ConfigFile body in `directory`/config, by storage.atomic.

    Values not set, and a missing or damaged file, read as the defaults of a blank device. `stored`
    holds the wire values of the keys that were set. `is_damaged`: there is a file that cannot be
    read, so whose handset this is is not known.
    """

    def __init__(self, directory: str) -> None:
        self.path = directory + "/config"
        self.generation: int = 0
        self.is_damaged: bool = False
        self.stored: "dict[int, bytes]" = {}
        self._values: "dict[str, Any]" = {}
        self.take({})

    def load(self) -> None:
        """Read the settings; a value this firmware cannot use is left at its default."""
        file = self._file()
        self.is_damaged = file is None
        file = file or wire.ConfigFile()
        self.generation = file.generation
        values = {}
        for key, value in file.entries:
            field = find_field(key)
            if field is not None and decode(field, value) is not None:
                values[key] = value
        self.take(values)

    def get(self, name: str) -> "Any":
        """Value by name: bool, int, str or bytes."""
        return self._values[name]

    def take(self, values: "dict[int, bytes]") -> None:
        """Have these wire values, each known to be right, and all other keys at their defaults."""
        self.stored = values
        for field in wire.CONFIG_FIELDS:
            key, name, default = field[0], field[1], field[5]
            self._values[name] = decode(field, values[key]) if key in values else default

    def _file(self) -> "wire.ConfigFile | None":
        content = atomic.load(self.path)
        if content is None:
            return wire.ConfigFile() if atomic.is_missing(self.path) else None
        try:
            return wire.ConfigFile().decode_from(memoryview(content), 0, len(content))
        except wire.DecodeError:
            return None


def find_field(key: int) -> "Any":
    """The field of wire.CONFIG_FIELDS with this key, None for an unknown one."""
    for field in wire.CONFIG_FIELDS:
        if field[0] == key:
            return field
    return None


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
