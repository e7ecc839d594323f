"""Write the dissector for Wireshark: tables of the schema in Lua, and what walks them."""

from collections.abc import Iterable
from pathlib import Path

from tocsin_protocol import schema
from tocsin_protocol.frame import MAX_FRAME_BYTES
from tocsin_protocol.generator.runs import is_narrower
from tocsin_protocol.message import Message
from tocsin_protocol.schema.session import HANDSHAKE_ANSWER, HANDSHAKE_START
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
-- Dissector of the tocsin wire protocol for Wireshark. Generated from the protocol's schema: do not
-- edit.
--
-- Reads traces of `tocsin trace record` (packets of link type USER1, 148), and frames off a
-- captured serial line (USER0, 147, cut anywhere) or TCP, where what a session says is sealed:
--   tshark -X lua_script:tocsin.lua -r capture.pcapng
--   tshark -X lua_script:tocsin.lua -d tcp.port==PORT,tocsin -r capture.pcap
"""

_PARTS = ("fields", "frames", "messages", "channel", "packets")
_HEADER_OCTETS = 2
_BOXES = (HANDSHAKE_START, HANDSHAKE_ANSWER)
_KEYS = "ConfigKey"


def render() -> str:
    """The text of tocsin.lua."""
    blocks = [
        _HEAD,
        _constants(),
        _table("names", _names()),
        "-- The enumeration of a code, by that of the kind beside it and the kind's number.",
        _table("codes", _codes()),
        _table("records", _records()),
        _table("messages", _messages()),
        *(Path(__file__).with_name(f"{part}.lua").read_text(encoding="utf-8") for part in _PARTS),
    ]
    return "\n".join(blocks)


def _constants() -> str:
    numbers = {
        "MAX_FRAME_OCTETS": MAX_FRAME_BYTES,
        "HEADER_OCTETS": _HEADER_OCTETS,
        "HANDSHAKE_ANSWER": HANDSHAKE_ANSWER.id,
    }
    return "".join(f"local {name} = {number}\n" for name, number in numbers.items())


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
    return [f"  {_spec(each, message.fields, *_marks(message, each))}," for each in message.fields]


def _marks(message: Message, field: Field) -> list[str]:
    """`tail` is where an older peer's body may end; `noise` is a message of the handshake."""
    tail = field in [part[0] for part in message.parts[1:]]
    noise = message in _BOXES and field.name == "box"
    return ["tail = true"] * tail + ["noise = true"] * noise


def _spec(field: Field, beside: tuple[Field, ...], *marks: str) -> str:
    return "{ " + ", ".join([f'name = "{field.name}"', *_word(field.word, beside), *marks]) + " }"


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
