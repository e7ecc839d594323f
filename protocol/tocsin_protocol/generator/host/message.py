"""Write the class of one message or record."""

from tocsin_protocol import schema
from tocsin_protocol.generator.host.decode import decode_method
from tocsin_protocol.generator.host.encode import encode_method
from tocsin_protocol.generator.layout import indented
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Field,
    Flags,
    Integer,
    Octets,
    Record,
    Secret,
    Text,
    Value,
    Word,
)


def record_class(record: Record) -> list[str]:
    """A tuple with names, for the entries of arrays."""
    lines = [f"class {record.name}(NamedTuple):", *indented([f'"""{record.doc}"""', ""])]
    lines += indented(_attribute(each, of_record=True) for each in record.fields)
    return lines + (indented(_discreet(record)) if _has_secrets(record) else [])


def _has_secrets(record: Record) -> bool:
    return any(isinstance(each.word, Value) for each in record.fields)


def _discreet(record: Record) -> list[str]:
    """How a record is shown that may hold a secret: a dataclass leaves such a field out."""
    shown = [each.name for each in record.fields if not isinstance(each.word, Value)]
    inner = ", ".join(f"{name}={{self.{name}!r}}" for name in shown)
    return ["", "def __repr__(self) -> str:", *indented([f'return f"{record.name}({inner})"'])]


def message_class(message: Message) -> list[str]:
    """A dataclass with its codec."""
    lines = ["@dataclass(slots=True)", f"class {message.name}:"]
    lines += indented([f'"""{message.doc}"""', "", f"ID: ClassVar[int] = 0x{message.id:02X}"])
    lines += indented([f"MAX_BYTES: ClassVar[int] = {message.max_bytes}"])
    lines += indented(_use(message))
    if message.fields:
        lines += ["", *indented(_attribute(each) for each in message.fields)]
    lines += ["", *indented(encode_method(message)), ""]
    return lines + indented(decode_method(message))


def _use(message: Message) -> list[str]:
    """How the message may be used; replies by their ids, for they may come later in the file."""
    known = {each.name: f"0x{each.id:02X}" for each in schema.MESSAGES}
    replies = [known[name] for name in message.replies]
    roles = ", ".join(f"Role.{name}" for name in message.roles)
    return [
        f"FLOW: ClassVar[Flow] = Flow.{message.flow.name}",
        f"REPLIES: ClassVar[frozenset[int]] = {_frozen(', '.join(replies))}",
        f"ROLES: ClassVar[frozenset[Role]] = {_frozen(roles)}",
        f"LANE: ClassVar[Lane] = Lane.{message.lane.name}",
        f"SINCE: ClassVar[tuple[int, int]] = {message.since}",
    ]


def _frozen(inner: str) -> str:
    return f"frozenset({{{inner}}})" if inner else "frozenset()"


def _attribute(field: Field, *, of_record: bool = False) -> str:
    default = _default(field.word)
    if isinstance(field.word, Value) and not of_record:
        default = f"field(default={default}, repr=False)"
    return f"{field.name}: {_type(field.word)} = {default}"


def _type(word: Word) -> str:
    if isinstance(word, Choice | Flags):
        return word.names.name
    if isinstance(word, Array):
        return f"list[{word.record.name}]"
    if isinstance(word, Blob | Octets):
        return "bytes"
    return "str" if isinstance(word, Text) else "int"


def _default(word: Word) -> str:
    if isinstance(word, Choice):
        return f"{word.names.name}.{word.names.members[0].name}"
    if isinstance(word, Flags):
        return f"{word.names.name}.NONE"
    if isinstance(word, Array):
        return "field(default_factory=list)"
    if isinstance(word, Integer):
        return str(max(0, word.minimum))
    if isinstance(word, Secret):
        return f"field(default=bytes({word.size}), repr=False)"
    if isinstance(word, Octets):
        return f"bytes({word.size})"
    return '""' if isinstance(word, Text) else 'b""'
