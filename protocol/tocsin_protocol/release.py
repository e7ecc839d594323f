"""What a released schema promised its peers, as plain values fit for JSON."""

import json
from typing import NotRequired, TypedDict

from tocsin_protocol import schema
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Field,
    Flags,
    Integer,
    Octets,
    Text,
    Word,
)

Version = tuple[int, int]


class Limits(TypedDict):
    """A kind, with the limits of the number or of the length; enumerations have members instead."""

    kind: str
    minimum: NotRequired[int]
    maximum: NotRequired[int]


class FieldRelease(Limits):
    """A field of a message or record."""

    name: str
    since: str


class ConfigRelease(Limits):
    """A configuration key; stored under its number."""

    name: str


class MessageRelease(TypedDict):
    """A message."""

    id: int
    direction: str
    since: str
    fields: list[FieldRelease]


class Release(TypedDict):
    """A whole schema."""

    version: str
    messages: dict[str, MessageRelease]
    records: dict[str, list[FieldRelease]]
    names: dict[str, dict[str, int]]
    config: dict[str, ConfigRelease]
    removed_ids: list[int]


def describe() -> Release:
    """The schema as it is now."""
    return {
        "version": version_text((schema.MAJOR, schema.MINOR)),
        "messages": {each.name: _message(each) for each in schema.MESSAGES},
        "records": {each.name: _fields(each.fields) for each in schema.RECORDS},
        "names": {
            each.name: {member.name: member.value for member in each.members}
            for each in (*schema.ENUMS, *schema.FLAGS)
        },
        "config": {
            str(each.key): {
                "name": each.name,
                "kind": each.kind.name.lower(),
                "minimum": each.minimum,
                "maximum": each.maximum,
            }
            for each in schema.CONFIG
        },
        "removed_ids": sorted(schema.REMOVED_IDS),
    }


def render(release: Release) -> str:
    """The text of the file that keeps it."""
    return json.dumps(release, indent=1) + "\n"


def version_text(version: Version) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"


def version_of(text: str) -> Version:
    """The version a text of that form says. Raises ValueError."""
    major, minor = map(int, text.split("."))
    return major, minor


def _message(message: Message) -> MessageRelease:
    return {
        "id": message.id,
        "direction": message.direction.value,
        "since": version_text(message.since),
        "fields": _fields(message.fields),
    }


def _fields(fields: tuple[Field, ...]) -> list[FieldRelease]:
    return [_field(each) for each in fields]


def _field(field: Field) -> FieldRelease:
    described: FieldRelease = {
        "name": field.name,
        "kind": _kind(field.word),
        "since": version_text(field.since),
    }
    if isinstance(field.word, Choice | Flags | Octets):
        return described
    if isinstance(field.word, Integer):
        return {**described, "minimum": field.word.minimum, "maximum": field.word.maximum}
    if isinstance(field.word, Text | Blob | Array):
        return {**described, "maximum": field.word.limit}
    raise TypeError(f"{field.name} is not a word of the vocabulary")


def _kind(word: Word) -> str:
    if isinstance(word, Choice | Flags):
        return f"{'enum' if isinstance(word, Choice) else 'flags'} {word.names.name}"
    if isinstance(word, Integer):
        return word.kind
    if isinstance(word, Array):
        return f"array of {word.record.name}"
    if isinstance(word, Octets):
        return f"{word.size} octets"
    if isinstance(word, Text):
        return "text"
    return "long blob" if isinstance(word, Blob) and word.is_long else "blob"
