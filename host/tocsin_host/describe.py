"""A message's fields as people and JSON read them: names for numbers, and no secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin_host import wire
from tocsin_protocol import schema
from tocsin_protocol.vocabulary import Array, Choice, Code, Field, Flags, Key, Names, Secret, Value

Shown = dict[str, Any]

_MESSAGES = {each.id: each for each in schema.MESSAGES}
_KEYS = {each.key: each for each in schema.CONFIG}


def described(message: wire.Message) -> Shown:
    """The fields by name: numbers, text, names, hexadecimal octets, lists; never a secret."""
    fields = _MESSAGES[message.ID].fields
    return _record(fields, {each.name: getattr(message, each.name) for each in fields})


def is_secret(field: Field, values: Mapping[str, Any]) -> bool:
    """Whether a field holds a secret, or the value of a key that might be one."""
    if isinstance(field.word, Value):
        key = _KEYS.get(values["key"])
        return key is None or key.secret
    return isinstance(field.word, Secret)


def _record(fields: Sequence[Field], values: Mapping[str, Any]) -> Shown:
    return {each.name: _value(each, fields, values) for each in fields}


def _value(field: Field, fields: Sequence[Field], values: Mapping[str, Any]) -> Any:
    word, value = field.word, values[field.name]
    if is_secret(field, values):
        return _hidden(field, values, value)
    if isinstance(word, Choice):
        return _named(word.names, value)
    if isinstance(word, Flags):
        return [each.name for each in word.names.members if value & each.value]
    if isinstance(word, Code):
        return _code(word, fields, values, value)
    if isinstance(word, Key):
        return _KEYS[value].name if value in _KEYS else value
    if isinstance(word, Value):
        return _setting(values["key"], value)
    if isinstance(word, Array):
        names = [each.name for each in word.record.fields]
        return [_record(word.record.fields, dict(zip(names, each, strict=True))) for each in value]
    return value.hex() if isinstance(value, bytes) else value


def _named(names: Names, value: int) -> str | int:
    return next((each.name for each in names.members if each.value == value), int(value))


def _code(word: Code, fields: Sequence[Field], values: Mapping[str, Any], value: int) -> str | int:
    """The name of a code whose enumeration the field beside it tells."""
    kind = next(each.word for each in fields if each.name == word.of)
    members = kind.names.members if isinstance(kind, Choice) else ()
    codes = next((each.codes for each in members if each.value == values[word.of]), None)
    return _named(codes, value) if codes else value


def _setting(key: int, value: bytes) -> Any:
    field = _KEYS[key]
    try:
        shown = field.decode(value)
    except wire.WireValueError:
        return f"(not a value of {field.name}: {value.hex()})"
    return shown.hex() if isinstance(shown, bytes) else shown


def _hidden(field: Field, values: Mapping[str, Any], value: bytes) -> str:
    """Of what is secret, or might be, only that it is there."""
    is_known = not isinstance(field.word, Value) or values["key"] in _KEYS
    what = "secret" if is_known else "unknown key"
    return f"({what}, {len(value)} octets)" if value else ""
