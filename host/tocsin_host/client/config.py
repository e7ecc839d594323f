"""A handset's settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tocsin_host import wire
from tocsin_host.client.asking import Asking
from tocsin_host.config_keys import Value, config_field, field_of
from tocsin_host.errors import ConfigError, ProtocolError


@dataclass(frozen=True, slots=True)
class Setting:
    """One configuration value read from a handset; a secret one has no value."""

    name: str
    value: Value | None
    is_default: bool
    is_secret: bool = False


class Configuration:
    """Reads and writes settings by name; every method raises ConfigError for an unknown one."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def get(self, name: str) -> Setting:
        """Return one setting."""
        field = config_field(name)
        if field.secret:
            return Setting(name, None, is_default=False, is_secret=True)
        reply = self._asking.ask(wire.ConfigGet(key=field.key), wire.ConfigValue)
        return Setting(name, _decoded(field, reply.value), bool(reply.is_default))

    def set(self, values: Mapping[str, Value]) -> int:
        """Set all `values` or none; return the configuration's new generation.

        Raises ConfigError when a key or value is invalid, by our or the handset's judgement.
        """
        entries = [_entry(name, value) for name, value in values.items()]
        return self._asking.ask(wire.ConfigSet(entries=entries), wire.ConfigApplied).generation

    def diff(self) -> list[Setting]:
        """Return the settings that differ from their defaults; of a secret one, that it is set."""
        return list(self._differing())

    def _differing(self) -> Iterator[Setting]:
        after, more = 0, True
        while more:
            reply = self._asking.ask(wire.ConfigDiffGet(after), wire.ConfigDiff)
            for entry in reply.entries:
                yield _differing(entry)
            more = bool(reply.more and reply.entries)
            after = reply.entries[-1].key if reply.entries else after

    def reset(self, names: Sequence[str] = ()) -> int:
        """Give settings their defaults, all that may be when none is named; return as `set`."""
        keys = bytes(config_field(name).key for name in names)
        return self._asking.ask(wire.ConfigReset(keys), wire.ConfigApplied).generation


def _differing(entry: wire.ConfigEntry) -> Setting:
    field = field_of(entry.key)
    if field is None:  # the handset is newer
        return Setting(f"key_{entry.key}", entry.value, is_default=False)
    if field.secret:
        return Setting(field.name, None, is_default=False, is_secret=True)
    return Setting(field.name, _decoded(field, entry.value), is_default=False)


def _decoded(field: wire.ConfigField, value: bytes) -> Value:
    try:
        return field.decode(value)
    except wire.WireValueError as error:
        raise ProtocolError(f"the handset holds an invalid {error}", "set it again") from error


def _entry(name: str, value: Value) -> wire.ConfigEntry:
    field = config_field(name)
    try:
        return wire.ConfigEntry(key=field.key, value=field.encode(value))
    except wire.WireValueError as error:
        raise ConfigError(str(error), "nothing was changed") from error
