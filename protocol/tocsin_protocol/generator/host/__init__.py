"""Write the host's codec: typed, straight-line CPython; a package with a module an area."""

from collections.abc import Sequence
from itertools import chain

from tocsin_protocol import schema
from tocsin_protocol.generator.host.config import config
from tocsin_protocol.generator.host.decode import tables
from tocsin_protocol.generator.host.message import message_class, record_class
from tocsin_protocol.generator.host.names import enum, flags, reporters
from tocsin_protocol.generator.imports import imports
from tocsin_protocol.generator.layout import exploded, quoted
from tocsin_protocol.message import Message

_PATH = "host/tocsin_host/wire"
_MARK = "Generated from the protocol's schema: do not edit."

_HEAD = f'''\
"""The wire codec of the host. {_MARK}

Each message encodes to its body and decodes from one; the id is not part of the body.
A body may be longer than expected: a newer minor version only appends.
"""
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

_STANDARD = {
    "dataclasses": ["dataclass", "field"],
    "enum": ["IntFlag", "StrEnum"],
    "struct": ["pack", "unpack_from"],
    "typing": ["ClassVar", "NamedTuple", "Protocol", "Self"],
}
_TAKEN = ("octets", "blob", "count", "long_blob", "text")
_OURS = {
    "tocsin_protocol.codec": [
        *("by_number", "check", "out_of_range", "too_short"),
        *(f"{step}_{word}" for step in ("put", "take") for word in _TAKEN),
    ],
    "tocsin_protocol.config_field": ["ConfigField", "ConfigKind"],
    "tocsin_protocol.errors": ["DecodeError", "EncodeError", "WireValueError"],
    "tocsin_protocol.flow": ["Flow", "Lane"],
    "tocsin_protocol.wire_enum": ["WireEnum"],
}
_RUNTIME = [
    *("ConfigField", "ConfigKind", "DecodeError", "EncodeError"),
    *("Flow", "Lane", "WireValueError"),
]

_Blocks = Sequence[Sequence[str]]


def render() -> dict[str, str]:
    """Path and text of every module of the host's codec."""
    names = [reporters(), *map(enum, schema.ENUMS), *map(flags, schema.FLAGS)]
    records = [record_class(each) for each in schema.RECORDS]
    modules = {
        "names": _module("The enumerations of the wire.", names),
        "records": _module("The entries of arrays.", records),
        "message": _module("What every message offers.", [_MESSAGE.splitlines()]),
        "config_keys": _module("Every configuration key with its limits.", [config()]),
        "__init__": _opening(),
    }
    for area, messages in schema.AREAS.items():
        if messages:
            blocks = [message_class(each) for each in messages]
            doc = f"The messages of area {area}."
            modules[area] = _module(doc, blocks, tables(messages))
    return {f"{_PATH}/{name}.py": text for name, text in modules.items()}


def _module(doc: str, blocks: _Blocks, opening: Sequence[str] = ()) -> str:
    """A module with the imports that its code turns out to need."""
    code = ["", *opening] if opening else []
    code += [line for block in blocks for line in ["", "", *block]]
    lines = [f'"""{doc} {_MARK}"""']
    siblings = {".names": _name_classes(), ".records": [each.name for each in schema.RECORDS]}
    for offered in (_STANDARD, _OURS, siblings):
        found = imports(code, offered)
        lines += ["", *found] if found else []
    return _text([*lines, *(code[1:] if blocks[0][0].startswith("CONFIG") else code)])


def _name_classes() -> list[str]:
    return ["Reporter", *(each.name for each in (*schema.ENUMS, *schema.FLAGS))]


def _opening() -> str:
    """The package itself: every name of its modules, and all messages by their ids."""
    code = [*_exports(), "", f"PROTOCOL_MAJOR = {schema.MAJOR}"]
    code += [f"PROTOCOL_MINOR = {schema.MINOR}"]
    code += [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}", "", *_registry()]
    offered = {name: _names_of(messages) for name, messages in schema.AREAS.items()}
    offered |= {"config_keys": ["CONFIG"], "message": ["Message"], "names": _name_classes()}
    offered |= {"records": [each.name for each in schema.RECORDS]}
    every = [*_RUNTIME, *chain(*offered.values())]
    own = {f".{name}": offered[name] for name in sorted(offered)}
    lines = [*_HEAD.splitlines(), "", *imports(every, _OURS), "", *imports(every, own)]
    return _text([*lines, "", *code])


def _names_of(messages: Sequence[Message]) -> list[str]:
    return [each.name for each in messages]


def _exports() -> list[str]:
    own = ["CONFIG", "MAX_PAYLOAD_BYTES", "MESSAGES", "PROTOCOL_MAJOR", "PROTOCOL_MINOR"]
    classes = ["Message", *_RUNTIME, *_name_classes()]
    classes += [each.name for group in (schema.RECORDS, schema.MESSAGES) for each in group]
    return exploded("__all__ = [", [quoted(name) for name in own + sorted(classes)], "]")


def _registry() -> list[str]:
    rows = [f"{message.name}.ID: {message.name}" for message in schema.MESSAGES]
    return exploded("MESSAGES: dict[int, type[Message]] = {", rows, "}")


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
