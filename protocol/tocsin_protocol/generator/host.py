"""Write the host's codec: typed, straight-line CPython."""

from tocsin_protocol import schema
from tocsin_protocol.config_field import ConfigField
from tocsin_protocol.generator.layout import bracketed, exploded, fits, indented, literal, quoted
from tocsin_protocol.generator.runs import Run, integers, is_narrower, runs, struct_format
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Field,
    Flags,
    Integer,
    Names,
    Record,
    Text,
    Word,
)

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
from tocsin_protocol.wire_enum import WireEnum
'''

_MESSAGE = '''\
class Message(Protocol):
    """What all messages have in common."""

    ID: ClassVar[int]
    MAX_BYTES: ClassVar[int]

    def encode(self) -> bytes:
        """The body. Raises EncodeError."""
        ...

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """The message in a body. Raises DecodeError."""
        ...
'''

_RUNTIME = ("ConfigField", "ConfigKind", "DecodeError", "EncodeError", "WireValueError")


def render() -> str:
    """The text of the host's wire.py."""
    lines = [*_HEAD.splitlines(), "", *_exports(), ""]
    lines += [f"PROTOCOL_MAJOR = {schema.MAJOR}", f"PROTOCOL_MINOR = {schema.MINOR}"]
    lines += [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}"]
    blocks = [_reporters(), *map(_enum, schema.ENUMS), *map(_flags, schema.FLAGS)]
    blocks += [*map(_record, schema.RECORDS), _MESSAGE.splitlines()]
    blocks += map(_message, schema.MESSAGES)
    for block in blocks:
        lines += ["", "", *block]
    return "\n".join([*lines, "", "", *_registry(), "", *_config()]) + "\n"


def _exports() -> list[str]:
    own = ["CONFIG", "MAX_PAYLOAD_BYTES", "MESSAGES", "PROTOCOL_MAJOR", "PROTOCOL_MINOR"]
    classes = ["Message", "Reporter", *_RUNTIME]
    for group in (schema.ENUMS, schema.FLAGS, schema.RECORDS, schema.MESSAGES):
        classes += [each.name for each in group]
    return exploded("__all__ = [", [quoted(name) for name in own + sorted(classes)], "]")


def _reporters() -> list[str]:
    lines = ["class Reporter(StrEnum):", *indented(['"""Who may report a stage."""', ""])]
    return lines + indented(f"{_constant(name)} = {quoted(name)}" for name in schema.REPORTERS)


def _constant(reporter: str) -> str:
    return reporter.upper().replace(" ", "_")


def _enum(names: Names) -> list[str]:
    lines = [f"class {names.name}(WireEnum):", *indented([f'"""{names.doc}"""', ""])]
    extra = {key: "Reporter" if key == "reporters" else "int" for key in names.members[0].extra}
    if extra:
        lines += indented([*_enum_attributes(extra), ""])
    for member in names.members:
        values = [str(member.value), quoted(member.meaning)]
        values += [_extra(key, value) for key, value in member.extra.items()]
        line = f"{member.name} = {', '.join(values)}"
        lines += indented([line] if fits(line, 1) else exploded(f"{member.name} = (", values, ")"))
    return lines


def _enum_attributes(extra: dict[str, str]) -> list[str]:
    arguments = [f"{key}: tuple[{kind}, ...]" for key, kind in extra.items()]
    head = ", ".join(
        ["self", "value: int", 'meaning: str = ""', *(f"{each} = ()" for each in arguments)]
    )
    body = ["super().__init__(value, meaning)", *(f"self.{key} = {key}" for key in extra)]
    return [*arguments, "", f"def __init__({head}) -> None:", *indented(body)]


def _extra(key: str, value: tuple[int, ...] | tuple[str, ...]) -> str:
    if key != "reporters":
        return literal(value)
    inner = ", ".join(f"Reporter.{_constant(str(name))}" for name in value)
    return f"({inner},)" if len(value) == 1 else f"({inner})"


def _flags(names: Names) -> list[str]:
    lines = [f"class {names.name}(IntFlag):", *indented([f'"""{names.doc}"""', "", "NONE = 0"])]
    return lines + indented(f"{member.name} = {member.value}" for member in names.members)


def _record(record: Record) -> list[str]:
    lines = [f"class {record.name}(NamedTuple):", *indented([f'"""{record.doc}"""', ""])]
    return lines + indented(_attribute(each) for each in record.fields)


def _attribute(field: Field) -> str:
    return f"{field.name}: {_type(field.word)} = {_default(field.word)}"


def _type(word: Word) -> str:
    if isinstance(word, Choice | Flags):
        return word.names.name
    if isinstance(word, Array):
        return f"list[{word.record.name}]"
    return {Text: "str", Blob: "bytes"}.get(type(word), "int")


def _default(word: Word) -> str:
    if isinstance(word, Choice):
        return f"{word.names.name}.{word.names.members[0].name}"
    if isinstance(word, Flags):
        return f"{word.names.name}.NONE"
    if isinstance(word, Array):
        return "field(default_factory=list)"
    if isinstance(word, Integer):
        return str(max(0, word.minimum))
    return '""' if isinstance(word, Text) else 'b""'


def _message(message: Message) -> list[str]:
    lines = ["@dataclass(slots=True)", f"class {message.name}:"]
    lines += indented([f'"""{message.doc}"""', "", f"ID: ClassVar[int] = 0x{message.id:02X}"])
    lines += indented([f"MAX_BYTES: ClassVar[int] = {message.max_bytes}"])
    if message.fields:
        lines += ["", *indented(_attribute(each) for each in message.fields)]
    lines += ["", *indented(_encode(message)), ""]
    return lines + indented(_decode(message))


def _encode(message: Message) -> list[str]:
    cut = runs(message.fields)
    head = "def encode(self) -> bytes:"
    if not cut:
        return [head, *indented(['return b""'])]
    if len(cut) == 1 and isinstance(cut[0][0].word, Integer):
        return [head, *indented(_encode_run(cut[0], "self.", "", "return", 2))]
    lines = _encode_run(cut[0], "self.", "", "body =", 2)
    for run in cut[1:]:
        lines += _encode_run(run, "self.", "", "body +=", 2)
    return [head, *indented([*lines, "return body"])]


def _encode_run(run: Run, owner: str, blame: str, step: str, levels: int) -> list[str]:
    """Append one run of `owner`'s fields; an error names `blame`, or the field itself."""
    word, name = run[0].word, run[0].name
    value, quoted_name = f"{owner}{name}", quoted(blame or name)
    if isinstance(word, Integer):
        return _encode_integers(run, owner, blame, step, levels)
    if isinstance(word, Text | Blob):
        put = "put_text" if isinstance(word, Text) else "put_blob"
        return [f"{step} {put}({quoted_name}, {value}, {word.limit})"]
    if isinstance(word, Array):
        lines = [f"{step} put_count({quoted_name}, len({value}), {word.limit})"]
        lines += [f"for {', '.join(each.name for each in word.record.fields)} in {value}:"]
        for each in runs(word.record.fields):
            lines += indented(_encode_run(each, "", name, "body +=", levels + 1))
        return lines
    raise TypeError(f"{name} is not a word of the vocabulary")


def _encode_integers(run: Run, owner: str, blame: str, step: str, levels: int) -> list[str]:
    lines = [
        f"check({quoted(blame or name)}, {owner}{name}, {word.minimum}, {word.maximum})"
        for name, word in integers(run)
    ]
    values = [f"{owner}{each.name}" for each in run]
    return lines + bracketed(f"{step} pack(", [quoted(struct_format(run)), *values], ")", levels)


def _decode(message: Message) -> list[str]:
    head = ["@classmethod", "def decode(cls, body: bytes) -> Self:"]
    if not message.fields:
        head[1] += "  # noqa: ARG003  # nothing to read"
    lines, _ = _decode_fields(message.fields, "0", "", 2)
    if lines and not isinstance(message.fields[-1].word, Integer | Array):
        lines[-1] = lines[-1].replace(", offset =", ", _ =")
    values = [_value(each) for each in message.fields]
    return [*head, *indented([*lines, *bracketed("return cls(", values, ")", 2)])]


def _decode_fields(
    fields: tuple[Field, ...], at: str, blame: str, levels: int
) -> tuple[list[str], str]:
    """Lines that take the fields from `at` on, and where they end."""
    lines: list[str] = []
    for run in runs(fields):
        taken, at = _decode_run(run, at, blame, levels)
        lines += taken
    return lines, at


def _decode_run(run: Run, at: str, blame: str, levels: int) -> tuple[list[str], str]:
    word, name = run[0].word, run[0].name
    quoted_name = quoted(blame or name)
    if isinstance(word, Integer):
        return _decode_integers(run, at, blame, levels)
    if isinstance(word, Text | Blob):
        take = "take_text" if isinstance(word, Text) else "take_blob"
        return [f"{name}, offset = {take}({quoted_name}, body, {at}, {word.limit})"], "offset"
    if isinstance(word, Array):
        return _decode_array(name, word, at, levels), "offset"
    raise TypeError(f"{name} is not a word of the vocabulary")


def _decode_integers(run: Run, at: str, blame: str, levels: int) -> tuple[list[str], str]:
    end = _plus(at, sum(word.max_bytes for _, word in integers(run)))
    names = [name for name, _ in integers(run)]
    tail = f" = unpack_from({quoted(struct_format(run))}, body, {at})"
    lines = [f"need({quoted(blame or names[0])}, body, {end})"]
    lines += _targets(names, tail, levels)
    for name, word in integers(run):
        if is_narrower(word):
            limits = f"{word.minimum}, {word.maximum}"
            lines.append(f"check_decoded({quoted(blame or name)}, {name}, {limits})")
    return lines, end


def _targets(names: list[str], tail: str, levels: int) -> list[str]:
    if len(names) == 1:
        return [f"({names[0]},){tail}"]
    line = bracketed("", names, tail, levels)
    return line if len(line) == 1 else exploded("(", names, f"){tail}")


def _decode_array(name: str, word: Array, at: str, levels: int) -> list[str]:
    inner, end = _decode_fields(word.record.fields, "offset", name, levels + 1)
    values = ", ".join(_value(each) for each in word.record.fields)
    inner += [] if end == "offset" else [f"offset = {end}"]
    return [
        f"count = take_count({quoted(name)}, body, {at}, {word.limit})",
        f"offset = {_plus(at, 1)}",
        f"{name} = []",
        "for _ in range(count):",
        *indented([*inner, f"{name}.append({word.record.name}({values}))"]),
    ]


def _plus(at: str, size: int) -> str:
    """The text of `at` + size, added up where it is known."""
    if at.isdigit():
        return str(int(at) + size)
    base, _, known = at.partition(" + ")
    return f"{base} + {int(known or 0) + size}"


def _value(each: Field) -> str:
    if isinstance(each.word, Choice | Flags):
        return f"{each.word.names.name}({each.name})"
    return each.name


def _registry() -> list[str]:
    rows = [f"{message.name}.ID: {message.name}" for message in schema.MESSAGES]
    return exploded("MESSAGES: dict[int, type[Message]] = {", rows, "}")


def _config() -> list[str]:
    rows: list[str] = []
    for each in schema.CONFIG:
        head, *rest = exploded(f"{quoted(each.name)}: ConfigField(", _arguments(each), ")")
        rows += [head, *rest[:-1], "),"]
    return ["CONFIG: dict[str, ConfigField] = {", *indented(rows), "}"]


def _arguments(each: ConfigField) -> list[str]:
    values = (each.minimum, each.maximum, each.default, each.secret, each.doc)
    own = [str(each.key), quoted(each.name), f"ConfigKind.{each.kind.name}", *map(literal, values)]
    return own + [literal(text) for text in (each.pattern, each.pattern_text) if text]
