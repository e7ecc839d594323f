"""Write the host's codec: typed, straight-line CPython."""

from tocsin_protocol import schema
from tocsin_protocol.generator.host.config import config
from tocsin_protocol.generator.host.message import message_class, record_class
from tocsin_protocol.generator.host.names import enum, flags, reporters
from tocsin_protocol.generator.layout import exploded, quoted

_HEAD = '''\
"""The wire codec of the host. Generated from the protocol's schema: do not edit.

Each message encodes to its body and decodes from one; the id is not part of the body.
A body may be longer than expected: a newer minor version only appends.
"""

from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from struct import pack, unpack_from
from typing import ClassVar, NamedTuple, Protocol, Self

from tocsin_protocol.codec import (
    check,
    check_decoded,
    need,
    put_blob,
    put_count,
    put_text,
    take_blob,
    take_count,
    take_text,
)
from tocsin_protocol.config_field import ConfigField, ConfigKind
from tocsin_protocol.errors import DecodeError, EncodeError, WireValueError
from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.wire_enum import WireEnum
'''

_MESSAGE = '''\
class Message(Protocol):
    """What all messages have in common.

    FLOW is the place in an exchange and REPLIES the ids of possible answers; ROLES are those who
    may exchange it in a session, none when it needs no session; SINCE is (major, minor).
    """

    ID: ClassVar[int]
    MAX_BYTES: ClassVar[int]
    FLOW: ClassVar[Flow]
    REPLIES: ClassVar[frozenset[int]]
    ROLES: ClassVar[frozenset[Role]]
    LANE: ClassVar[Lane]
    SINCE: ClassVar[tuple[int, int]]

    def encode(self) -> bytes:
        """The body. Raises EncodeError."""
        ...

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """The message in a body. Raises DecodeError."""
        ...
'''

_RUNTIME = (
    "ConfigField",
    "ConfigKind",
    "DecodeError",
    "EncodeError",
    "Flow",
    "Lane",
    "WireValueError",
)


def render() -> str:
    """The text of the host's wire.py."""
    lines = [*_HEAD.splitlines(), "", *_exports(), ""]
    lines += [f"PROTOCOL_MAJOR = {schema.MAJOR}", f"PROTOCOL_MINOR = {schema.MINOR}"]
    lines += [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}"]
    blocks = [reporters(), *map(enum, schema.ENUMS), *map(flags, schema.FLAGS)]
    blocks += [*map(record_class, schema.RECORDS), _MESSAGE.splitlines()]
    blocks += map(message_class, schema.MESSAGES)
    for block in blocks:
        lines += ["", "", *block]
    return "\n".join([*lines, "", "", *_registry(), "", *config()]) + "\n"


def _exports() -> list[str]:
    own = ["CONFIG", "MAX_PAYLOAD_BYTES", "MESSAGES", "PROTOCOL_MAJOR", "PROTOCOL_MINOR"]
    classes = ["Message", "Reporter", *_RUNTIME]
    for group in (schema.ENUMS, schema.FLAGS, schema.RECORDS, schema.MESSAGES):
        classes += [each.name for each in group]
    return exploded("__all__ = [", [quoted(name) for name in own + sorted(classes)], "]")


def _registry() -> list[str]:
    rows = [f"{message.name}.ID: {message.name}" for message in schema.MESSAGES]
    return exploded("MESSAGES: dict[int, type[Message]] = {", rows, "}")
