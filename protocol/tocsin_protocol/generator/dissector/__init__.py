"""Write the dissector for Wireshark: tables of the schema in Lua, and an engine that walks them."""

from collections.abc import Iterable
from pathlib import Path

from tocsin_protocol import schema
from tocsin_protocol.frame import MAX_FRAME_BYTES
from tocsin_protocol.generator.runs import is_narrower
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Code,
    Field,
    Flags,
    Integer,
    Key,
    Names,
    Octets,
    Text,
    Word,
)

_HEAD = """\
-- Dissector of the tocsin wire protocol for Wireshark. Generated from the protocol's schema and
-- engine.lua: do not edit.
--
-- Reads frames off a captured serial line (packets of link type USER0, 147, cut anywhere) and TCP:
--   tshark -X lua_script:tocsin.lua -r capture.pcap
--   tshark -X lua_script:tocsin.lua -d tcp.port==PORT,tocsin -r capture.pcap
"""

_ENGINE = Path(__file__).with_name("engine.lua")
_HEADER_OCTETS = 2
_KEYS = "ConfigKey"


def render() -> str:
    """The text of tocsin.lua."""
    blocks = [
        _HEAD,
        f"local MAX_FRAME_OCTETS = {MAX_FRAME_BYTES}\nlocal HEADER_OCTETS = {_HEADER_OCTETS}\n",
        _table("names", _names()),
        "-- The enumeration of a code, by that of the kind beside it and the kind's number.",
        _table("codes", _codes()),
        _table("records", _records()),
        _table("messages", _messages()),
        _ENGINE.read_text(encoding="utf-8"),
    ]
    return "\n".join(blocks)


def _table(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"local {name} = {{", *(f"  {line}" for line in lines), "}", ""])


def _names() -> list[str]:
    lines = []
    for each in (*schema.ENUMS, *schema.FLAGS):
        lines += _numbered(each.name, {member.value: member.name for member in each.members})
    return lines + _numbered(_KEYS, {each.key: each.name for each in schema.CONFIG})


def _numbered(name: str, texts: dict[int, str]) -> list[str]:
    return [f"{name} = {{", *(f'  [{number}] = "{text}",' for number, text in texts.items()), "},"]


def _codes() -> list[str]:
    lines = []
    for each in schema.ENUMS:
        of = {member.value: member.codes.name for member in each.members if member.codes}
        lines += _numbered(each.name, of) if of else []
    return lines


def _records() -> list[str]:
    lines = []
    for each in schema.RECORDS:
        rows = [f"  {_spec(field, each.fields)}," for field in each.fields]
        lines += [f"{each.name} = {{", *rows, "},"]
    return lines


def _messages() -> list[str]:
    lines = []
    for each in schema.MESSAGES:
        head = f'[0x{each.id:02X}] = {{ name = "{each.name}", fields = {{'
        lines += [head, *_rows(each), "} },"] if each.fields else [head + "} },"]
    return lines


def _rows(message: Message) -> list[str]:
    begins = [part[0] for part in message.parts[1:]]
    return [
        f"  {_spec(each, message.fields, starts_tail=each in begins)}," for each in message.fields
    ]


def _spec(field: Field, beside: tuple[Field, ...], *, starts_tail: bool = False) -> str:
    """One field as the engine reads it; `tail` marks where an older peer's body may end."""
    parts = [f'name = "{field.name}"', *_word(field.word, beside)]
    return "{ " + ", ".join(parts + (["tail = true"] if starts_tail else [])) + " }"


def _word(word: Word, beside: tuple[Field, ...]) -> list[str]:
    if isinstance(word, Flags):
        return ['kind = "flags"', f'names = "{word.names.name}"']
    if isinstance(word, Integer):
        return [f'kind = "{word.kind}"', *_meaning(word, beside), *_range(word)]
    if isinstance(word, Array):
        return ['kind = "array"', f'of = "{word.record.name}"', f"limit = {word.limit}"]
    if isinstance(word, Text | Blob):
        kind = 'kind = "text"' if isinstance(word, Text) else 'kind = "blob"'
        wide = ["wide = true"] if isinstance(word, Blob) and word.is_long else []
        return [kind, f"limit = {word.limit}", *wide]
    if isinstance(word, Octets):
        return ['kind = "octets"', f"size = {word.size}"]
    raise TypeError(f"{word} is not a word of the vocabulary")


def _meaning(word: Integer, beside: tuple[Field, ...]) -> list[str]:
    if isinstance(word, Choice):
        return [f'names = "{word.names.name}"']
    if isinstance(word, Key):
        return [f'names = "{_KEYS}"']
    if isinstance(word, Code):
        return [f'code = "{word.of}"', f'code_names = "{_kinds(word, beside).name}"']
    return []


def _kinds(word: Code, beside: tuple[Field, ...]) -> Names:
    """The enumeration whose members say what a code is of. Raises TypeError."""
    kind = next((each.word for each in beside if each.name == word.of), None)
    if not isinstance(kind, Choice):
        raise TypeError(f"{word.of} is no enumeration beside the code it should explain")
    return kind.names


def _range(word: Integer) -> list[str]:
    """Its limits, unless its octets cannot break them."""
    if not is_narrower(word):
        return []
    return [f"minimum = {word.minimum}", f"maximum = {word.maximum}"]
