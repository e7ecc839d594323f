"""Configuration keys by name, with an answer for names that do not exist."""

from __future__ import annotations

import difflib

from tocsin_host import wire
from tocsin_host.errors import ConfigError
from tocsin_protocol.config_field import Value

__all__ = ["Value", "config_field", "field_of", "parse_assignments"]


def config_field(name: str) -> wire.ConfigField:
    """Return the key called `name`. Raises ConfigError, suggesting a near one."""
    field = wire.CONFIG.get(name)
    if field is None:
        near = difflib.get_close_matches(name, wire.CONFIG, n=1)
        keys = f"keys: {', '.join(wire.CONFIG)}"
        hint = f"did you mean {near[0]}? {keys}" if near else keys
        raise ConfigError(f"there is no setting {name!r}", hint)
    return field


def field_of(key: int) -> wire.ConfigField | None:
    """Return the key of that number, None when a newer handset has invented it."""
    return next((each for each in wire.CONFIG.values() if each.key == key), None)


def parse_assignments(texts: tuple[str, ...]) -> dict[str, Value]:
    """Read `KEY=VALUE` texts, each value by its key's rules. Raises ConfigError."""
    values: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        field = config_field(name)
        if not equals:
            raise ConfigError(f"{name} is given no value", f"write {name}=VALUE ({field.allowed})")
        try:
            values[name] = field.parse(value)
        except wire.WireValueError as error:
            raise ConfigError(str(error), "nothing was changed") from error
    return values
