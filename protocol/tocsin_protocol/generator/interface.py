"""Write the interface document: what an implementer in any language needs, byte by byte."""

from collections.abc import Sequence

from tocsin_protocol import schema
from tocsin_protocol.config_field import ConfigField, ConfigKind
from tocsin_protocol.generator import layers, updates
from tocsin_protocol.generator.diagram import diagram
from tocsin_protocol.generator.prose import AIR, CONFIGURATION, OPENING
from tocsin_protocol.message import Message
from tocsin_protocol.release import version_text
from tocsin_protocol.schema.config import CONFIG_SET
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Field,
    Flags,
    Integer,
    Names,
    Octets,
    Record,
    Text,
    Word,
)

_INDEX_HEAD = ("id", "message", "way", "answered by", "session", "body, octets", "since")


def render() -> str:
    """The text of INTERFACE.md."""
    version = version_text((schema.MAJOR, schema.MINOR))
    blocks = [OPENING.format(version=version), layers.render()]
    blocks += [AIR, updates.render(), "## Messages", _index(), *map(_message, schema.MESSAGES)]
    blocks += ["## Records", *map(_record, schema.RECORDS)]
    blocks += [CONFIGURATION, _config()]
    blocks += ["## Enumerations", *map(_names, schema.ENUMS), *map(_names, schema.FLAGS)]
    return "\n\n".join(block.strip() for block in blocks) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    ruled = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def _link(name: str) -> str:
    return f"[{name}](#{_anchor(name)})"


def _anchor(name: str) -> str:
    return name.lower()


def _heading(name: str, doc: str, before: str = "") -> str:
    return f'<a id="{_anchor(name)}"></a>\n\n### {before}{name}\n\n{doc}'


def _index() -> str:
    rows = [
        (
            f"0x{each.id:02X}",
            _link(each.name),
            each.direction.value,
            _links(each.replies),
            _session(each),
            _octets(each.max_bytes, each.fields),
            version_text(each.since),
        )
        for each in schema.MESSAGES
    ]
    return _table(_INDEX_HEAD, rows)


def _links(names: Sequence[str]) -> str:
    return " or ".join(map(_link, names))


def _session(message: Message) -> str:
    """Who may exchange it, where a session can be."""
    if not message.direction.is_link:
        return ""
    return ", ".join(map(str.lower, message.roles)) or "not needed"


def _octets(size: int, fields: tuple[Field, ...]) -> str:
    fixed = all(isinstance(each.word, Integer | Octets) for each in fields)
    return str(size) if fixed else f"at most {size}"


def _message(message: Message) -> str:
    heading = _heading(message.name, message.doc, f"0x{message.id:02X} ")
    return f"{heading}\n\n{_use(message)}\n\n{_fields(message.fields, message.tail)}"


def _use(message: Message) -> str:
    """Its way, place in an exchange, session, lane and version."""
    answered = f", answered by {_links(message.replies)}" if message.replies else ""
    parts = [message.direction.value, f"{message.flow.value}{answered}"]
    if message.direction.is_link:
        parts += [f"session: {_session(message)}", f"{message.lane.name.lower()} lane"]
    parts += [f"since {version_text(message.since)}"]
    line = "; ".join(parts)
    return f"{line[0].upper()}{line[1:]}."


def _record(record: Record) -> str:
    return f"{_heading(record.name, record.doc)}\n\n{_fields(record.fields)}"


def _fields(fields: tuple[Field, ...], newer: tuple[Field, ...] = ()) -> str:
    if not fields:
        return "The body is empty."
    drawn = diagram([(each.name, _size(each.word)) for each in fields])
    return f"{drawn}\n\n{_field_table(fields, newer)}"


def _size(word: Word) -> str:
    """How many octets a word takes, with those of its length."""
    if isinstance(word, Integer | Octets):
        return str(word.max_bytes)
    if isinstance(word, Array):
        return f"1 + n \u00d7 {_octets(word.record.max_bytes, word.record.fields)}"
    return f"{word.length_bytes if isinstance(word, Blob) else 1} + n"


def _field_table(fields: tuple[Field, ...], newer: tuple[Field, ...]) -> str:
    rows, offset = [], 0
    for each in fields:
        place = _place(offset, each.word)
        doc = each.doc + (f"; since {version_text(each.since)}" if each in newer else "")
        rows.append((place, f"`{each.name}`", _type(each.word), _range(each.word), doc))
        fixed = isinstance(each.word, Integer | Octets) and offset >= 0
        offset = offset + each.word.max_bytes if fixed else -1
    return _table(("octets", "field", "type", "range", "meaning"), rows)


def _place(offset: int, word: Word) -> str:
    """The octets a word takes; after one of varying length only how many."""
    if not isinstance(word, Integer | Octets):
        length = word.length_bytes if isinstance(word, Blob) else 1
        at = f"{offset}\u2013{offset + 1}" if length > 1 else str(offset)
        return f"then {length} + n" if offset < 0 else f"{at}, then n"
    if offset < 0:
        return f"then {word.max_bytes}"
    last = offset + word.max_bytes - 1
    return str(offset) if last == offset else f"{offset}\u2013{last}"


def _type(word: Word) -> str:
    if isinstance(word, Choice):
        return f"u8 {_link(word.names.name)}"
    if isinstance(word, Flags):
        return f"u32 {_link(word.names.name)}"
    if isinstance(word, Integer):
        return word.kind
    if isinstance(word, Array):
        return f"array of {_link(word.record.name)}"
    if isinstance(word, Octets):
        return "octets"
    if isinstance(word, Text):
        return "text"
    return "long blob" if isinstance(word, Blob) and word.is_long else "blob"


def _range(word: Word) -> str:
    if isinstance(word, Flags):
        return "bits"
    if isinstance(word, Integer):
        return f"{word.minimum} to {word.maximum}"
    if isinstance(word, Text | Blob):
        return f"at most {word.limit} octets"
    if isinstance(word, Octets):
        return f"{word.size} octets"
    return f"at most {word.limit} entries" if isinstance(word, Array) else ""


def _config() -> str:
    rows = [
        (
            str(each.key),
            f"`{each.name}`",
            _allowed(each),
            _default(each),
            _setters(each),
            each.doc,
            version_text(each.since),
        )
        for each in schema.CONFIG
    ]
    return _table(("key", "name", "allowed", "default", "set by", "meaning", "since"), rows)


def _setters(each: ConfigField) -> str:
    """Who may set it, among those who may set keys."""
    return ", ".join(role.lower() for role in each.roles or CONFIG_SET.roles)


def _allowed(each: ConfigField) -> str:
    return each.allowed + (" (secret)" if each.secret else "")


def _default(each: ConfigField) -> str:
    if each.kind is ConfigKind.BOOL:
        return str(each.default).lower()
    return str(each.default) if each.default else "0" if each.default == 0 else "nothing"


def _names(names: Names) -> str:
    extras = tuple(names.members[0].extra)
    has_grown = len({each.since for each in names.members}) > 1
    rows = [
        (
            str(each.value),
            f"`{each.name}`",
            each.meaning,
            *(", ".join(map(str, each.extra[key])) for key in extras),
            *([version_text(each.since)] if has_grown else []),
        )
        for each in names.members
    ]
    head = ("value", "name", "meaning", *extras, *(["since"] if has_grown else []))
    return f"{_heading(names.name, names.doc)}\n\n{_table(head, rows)}"
