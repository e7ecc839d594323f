"""Settings as a host sees them: by key, changed all together or not at all."""

from micropython import const

from tocsin.refusal import Refusal
from tocsin.storage import atomic, wire
from tocsin.storage.config_file import decode, fill, find_field
from tocsin.wire_dialogue import (
    FAILURE_OUT_OF_RANGE,
    FAILURE_READ_ONLY,
    FAILURE_SECRET,
    FAILURE_STORAGE,
    FAILURE_UNKNOWN_KEY,
)
from tocsin.wire_dialogue.config import CONFIG_ROLES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from tocsin.storage.config import Config

_FACTORY_KEY = const(13)
_SECRET = const(6)  # place of a field of wire.CONFIG_FIELDS


class ConfigEditor:
    """Reads and changes the settings of one `config`.

    What changes them raises Refusal, and changes nothing, when one key is refused or flash fails;
    `role` is wire_dialogue.ROLE_*: some keys are not for every role.
    """

    def __init__(self, config: "Config") -> None:
        self._config = config

    def value_bytes(self, key: int) -> bytes:
        """Value as on the wire; raises Refusal for an unknown or secret key."""
        _, name, kind, _, _, default, secret = _known(key)
        if secret:
            raise Refusal(FAILURE_SECRET, name + " can only be set")
        value = self._config.stored.get(key)
        return _encode(kind, default) if value is None else value

    def is_default(self, key: int) -> bool:
        """Whether a key was left alone; raises Refusal for an unknown key."""
        return _known(key)[0] not in self._config.stored

    def differing(self, after_key: int) -> "list[wire.ConfigEntry]":
        """The keys beyond one that are not at their defaults; a secret's value is left out."""
        stored = self._config.stored
        return [
            wire.ConfigEntry(field[0], b"" if field[_SECRET] else stored[field[0]])
            for field in wire.CONFIG_FIELDS
            if field[0] > after_key and field[0] in stored
        ]

    def apply(self, entries: "Iterable[tuple[int, bytes]]", role: int) -> None:
        """Set (key, wire value) pairs and store them before they count."""
        values = dict(self._config.stored)
        foreign = dict(self._config.foreign)
        for key, data in entries:
            field = _settable(key, role)
            value = decode(field, data)
            foreign.pop(key, None)
            if value is None:
                raise _out_of_range(field)
            if value == field[5]:
                values.pop(key, None)
            else:
                values[key] = bytes(data)
        self._replace(values, foreign)

    def reset(self, keys: "Iterable[int]", role: int) -> None:
        """Put these keys back to their defaults, or all that make no difference who may set them.

        The others say which handset this is and who may speak to it: they go only when named.
        """
        keys = list(keys)
        for key in keys:
            _settable(key, role)
        gone = keys or [key for key in self._config.stored if key not in CONFIG_ROLES]
        config = self._config
        kept, foreign = (
            {k: v for k, v in each.items() if k not in gone}
            for each in (config.stored, config.foreign)
        )
        self._replace(kept, foreign)

    def _replace(self, values: "dict[int, bytes]", foreign: "dict[int, bytes]") -> None:
        if _FACTORY_KEY in self._config.stored and _FACTORY_KEY not in values:
            # Without it the handset would be whoever's claims it first.
            raise Refusal(FAILURE_READ_ONLY, "factory_key: goes only with a wipe")
        generation = self._config.generation + 1
        both = dict(foreign)
        both.update(values)
        entries = [wire.ConfigEntry(key, both[key]) for key in sorted(both)]
        buf = bytearray(wire.ConfigFile.MAX_BYTES)
        version = self._config.schema_version
        end = wire.ConfigFile(version, generation, entries).encode_into(buf, 0)
        try:
            atomic.replace_proven(self._config.path, buf, end)
        except OSError as error:
            raise Refusal(FAILURE_STORAGE, "flash: %s" % error)  # noqa: B904 - ports chain none
        self._config.generation = generation
        self._config.foreign = foreign
        fill(self._config, values)


def _known(key: int) -> "Any":
    field = find_field(key)
    if field is None:
        raise Refusal(FAILURE_UNKNOWN_KEY, "key %d" % key)
    return field


def _settable(key: int, role: int) -> "Any":
    field = _known(key)
    roles = CONFIG_ROLES.get(key)
    if roles is not None and not roles >> role & 1:
        raise Refusal(FAILURE_READ_ONLY, "%s: not for this role" % field[1])
    return field


def _encode(kind: int, value: "Any") -> bytes:
    if kind == wire.KIND_BOOL:
        return bytes((value,))
    if kind == wire.KIND_UINT:
        return int(value).to_bytes(4, "little")
    return bytes(value.encode() if kind == wire.KIND_TEXT else value)


def _out_of_range(field: "Any") -> Refusal:
    _, name, kind, minimum, maximum, _, _ = field
    if kind == wire.KIND_TEXT:
        wanted = 'nothing or "+" and %d..%d digits' % (minimum - 1, maximum - 1)
    elif kind == wire.KIND_BLOB:
        wanted = "nothing or %d bytes" % maximum
    else:
        wanted = "%d..%d" % (minimum, maximum)
    return Refusal(FAILURE_OUT_OF_RANGE, "%s: %s" % (name, wanted))
