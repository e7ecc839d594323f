"""The handset's settings: defaults until set, changed all together or not at all."""

from micropython import const

from tocsin import wire
from tocsin.storage import atomic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SCHEMA_VERSION = const(1)
_FIELDS: "Any" = wire.CONFIG_FIELDS
_KEY, _NAME, _KIND, _MIN, _MAX, _DEFAULT, _SECRET = range(7)


class ConfigError(Exception):
    """A refused setting: `code` is a wire.FAILURE_*, `detail` names the key and its range."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Config:
    """Settings of a handset; on flash a ConfigFile body in `directory`/config, by storage.atomic.

    Values not set, and a missing or torn file, read as the defaults of a blank device.
    """

    def __init__(self, directory: str) -> None:
        self.generation: int = 0
        self._path = directory + "/config"
        self._set: "dict[int, bytes]" = {}
        self._values: "dict[str, Any]" = {}
        self._take({})

    def load(self) -> None:
        """Read the settings; a value this firmware cannot use is left at its default."""
        stored = self._stored()
        self.generation = stored.generation
        values = {}
        for key, value in stored.entries:
            try:
                _decode(_field(key), value)
            except ConfigError:
                continue
            values[key] = value
        self._take(values)

    def get(self, name: str) -> "Any":
        """Value by name: bool, int, str or bytes."""
        return self._values[name]

    def value_bytes(self, key: int) -> bytes:
        """Value as on the wire; raises ConfigError for an unknown or secret key."""
        field = _field(key)
        if field[_SECRET]:
            raise ConfigError(wire.FAILURE_SECRET, field[_NAME] + " can only be set")
        return self._set[key] if key in self._set else _encode(field, field[_DEFAULT])

    def is_default(self, key: int) -> bool:
        """Whether a key was left alone; raises ConfigError for an unknown key."""
        return _field(key)[_KEY] not in self._set

    def apply(self, entries: "list[tuple[int, bytes]]") -> None:
        """Set (key, wire value) pairs and store them before they count.

        Raises ConfigError, and changes nothing, when one is refused or the flash fails.
        """
        values = dict(self._set)
        for key, value in entries:
            field = _field(key)
            if _decode(field, value) == field[_DEFAULT]:
                values.pop(key, None)
            else:
                values[key] = bytes(value)
        self._store(values)
        self._take(values)

    def _take(self, values: "dict[int, bytes]") -> None:
        self._set = values
        for field in _FIELDS:
            value = values.get(field[_KEY])
            self._values[field[_NAME]] = field[_DEFAULT] if value is None else _decode(field, value)

    def _stored(self) -> "wire.ConfigFile":
        content = atomic.load(self._path)
        if content is None:
            return wire.ConfigFile()
        try:
            return wire.ConfigFile().decode_from(memoryview(content), 0, len(content))
        except wire.DecodeError:
            return wire.ConfigFile()

    def _store(self, values: "dict[int, bytes]") -> None:
        generation = self.generation + 1
        entries = [wire.ConfigEntry(key, values[key]) for key in sorted(values)]
        buf = bytearray(wire.ConfigFile.MAX_BYTES)
        end = wire.ConfigFile(_SCHEMA_VERSION, generation, entries).encode_into(buf, 0)
        try:
            atomic.replace(self._path, buf, end)
        except OSError as error:
            raise ConfigError(wire.FAILURE_STORAGE, "flash: %s" % error) from error
        self.generation = generation


def _field(key: int) -> "Any":
    for field in _FIELDS:
        if field[_KEY] == key:
            return field
    raise ConfigError(wire.FAILURE_UNKNOWN_KEY, "key %d" % key)


def _encode(field: "Any", value: "Any") -> bytes:
    if field[_KIND] == wire.KIND_BOOL:
        return bytes((value,))
    if field[_KIND] == wire.KIND_UINT:
        return int(value).to_bytes(4, "little")
    return bytes(value.encode() if field[_KIND] == wire.KIND_TEXT else value)


def _decode(field: "Any", data: bytes) -> "Any":
    if field[_KIND] == wire.KIND_BOOL:
        return _decode_number(field, data, 1) == 1
    if field[_KIND] == wire.KIND_UINT:
        return _decode_number(field, data, 4)
    if data and not field[_MIN] <= len(data) <= field[_MAX]:
        raise _out_of_range(field)
    return _decode_text(field, data) if field[_KIND] == wire.KIND_TEXT else bytes(data)


def _decode_number(field: "Any", data: bytes, size: int) -> int:
    value = int.from_bytes(data, "little")
    if len(data) != size or not field[_MIN] <= value <= field[_MAX]:
        raise _out_of_range(field)
    return value


def _decode_text(field: "Any", data: bytes) -> str:
    """Every text setting is a telephone number: "" or E.164, + and 8 to 15 digits."""
    if data and data[:1] != b"+":
        raise _out_of_range(field)
    for code in data[1:]:
        if not 48 <= code <= 57:
            raise _out_of_range(field)
    return bytes(data).decode()


def _out_of_range(field: "Any") -> ConfigError:
    if field[_KIND] == wire.KIND_TEXT:
        wanted = 'nothing or "+" and %d..%d digits' % (field[_MIN] - 1, field[_MAX] - 1)
    elif field[_KIND] == wire.KIND_BLOB:
        wanted = "nothing or %d bytes" % field[_MAX]
    else:
        wanted = "%d..%d" % (field[_MIN], field[_MAX])
    return ConfigError(wire.FAILURE_OUT_OF_RANGE, "%s: %s" % (field[_NAME], wanted))
