"""Take the secrets out of a message and leave everything else where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin_host import wire
from tocsin_host.describe import is_secret
from tocsin_protocol import schema
from tocsin_protocol.vocabulary import Array, Field

_HEAD = 2  # id and request
_FIELDS = {each.id: each.fields for each in schema.MESSAGES}


def redacted(message: bytes) -> bytes:
    """`id | request | body` with zeros for every octet of a secret, or of what might be one.

    What does not decode, what a newer version appended and the values of unknown keys might.
    """
    head, body = message[:_HEAD], message[_HEAD:]
    made = wire.MESSAGES.get(head[0]) if head else None
    try:
        known = _without_secrets(made.decode(body)).encode() if made else b""
    except (wire.DecodeError, wire.EncodeError):
        known = b""
    return head + known[: len(body)] + bytes(max(0, len(body) - len(known)))


def _without_secrets(message: wire.Message) -> wire.Message:
    fields = _FIELDS[message.ID]
    values = {each.name: getattr(message, each.name) for each in fields}
    for name, value in _cleaned(fields, values).items():
        setattr(message, name, value)
    return message


def _cleaned(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    return {each.name: _value(each, values) for each in fields}


def _value(field: Field, values: Mapping[str, Any]) -> Any:
    value = values[field.name]
    if is_secret(field, values):
        return bytes(len(value))
    if isinstance(field.word, Array):
        inner = field.word.record.fields
        return [type(each)(**_cleaned(inner, each._asdict())) for each in value]
    return value
