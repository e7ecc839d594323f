"""Settings as a host sees them: by key, changed all together or not at all."""

from micropython import const

from tocsin import wire, wire_dialogue
from tocsin.storage import atomic
from tocsin.storage.config import decode, find_field

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from tocsin.storage.config import Config

_SCHEMA_VERSION = const(1)


class ConfigError(Exception):
    """A refused setting: `code` is a FAILURE_*, `detail` names the key and its range."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class ConfigEditor:
    """Reads and changes the settings of one `config`."""

    def __init__(self, config: "Config") -> None:
        self._config = config

    def value_bytes(self, key: int) -> bytes:
        """Value as on the wire; raises ConfigError for an unknown or secret key."""
        _, name, kind, _, _, default, secret = _known(key)
        if secret:
            raise ConfigError(wire_dialogue.FAILURE_SECRET, name + " can only be set")
        value = self._config.stored.get(key)
        return _encode(kind, default) if value is None else value

    def is_default(self, key: int) -> bool:
        """Whether a key was left alone; raises ConfigError for an unknown key."""
        return _known(key)[0] not in self._config.stored

    def apply(self, entries: "list[tuple[int, bytes]]") -> None:
        """Set (key, wire value) pairs and store them before they count.

        Raises ConfigError, and changes nothing, when one is refused or the flash fails.
        """
        values = dict(self._config.stored)
        for key, data in entries:
            field = _known(key)
            value = decode(field, data)
            if value is None:
                raise _out_of_range(field)
            if value == field[5]:
                values.pop(key, None)
            else:
                values[key] = bytes(data)
        self._store(values)
        self._config.take(values)

    def _store(self, values: "dict[int, bytes]") -> None:
        generation = self._config.generation + 1
        entries = [wire.ConfigEntry(key, values[key]) for key in sorted(values)]
        buf = bytearray(wire.ConfigFile.MAX_BYTES)
        end = wire.ConfigFile(_SCHEMA_VERSION, generation, entries).encode_into(buf, 0)
        try:
            atomic.replace(self._config.path, buf, end)
        except OSError as error:
            raise ConfigError(wire_dialogue.FAILURE_STORAGE, "flash: %s" % error) from error
        self._config.generation = generation


def _known(key: int) -> "Any":
    field = find_field(key)
    if field is None:
        raise ConfigError(wire_dialogue.FAILURE_UNKNOWN_KEY, "key %d" % key)
    return field


def _encode(kind: int, value: "Any") -> bytes:
    if kind == wire.KIND_BOOL:
        return bytes((value,))
    if kind == wire.KIND_UINT:
        return int(value).to_bytes(4, "little")
    return bytes(value.encode() if kind == wire.KIND_TEXT else value)


def _out_of_range(field: "Any") -> ConfigError:
    _, name, kind, minimum, maximum, _, _ = field
    if kind == wire.KIND_TEXT:
        wanted = 'nothing or "+" and %d..%d digits' % (minimum - 1, maximum - 1)
    elif kind == wire.KIND_BLOB:
        wanted = "nothing or %d bytes" % maximum
    else:
        wanted = "%d..%d" % (minimum, maximum)
    return ConfigError(wire_dialogue.FAILURE_OUT_OF_RANGE, "%s: %s" % (name, wanted))
