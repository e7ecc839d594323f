"""Write the class of one message or record."""

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
    Record,
    Text,
    Word,
)


def record_class(record: Record) -> list[str]:
    """A tuple with names, for the entries of arrays."""
    lines = [f"class {record.name}(NamedTuple):", *indented([f'"""{record.doc}"""', ""])]
    return lines + indented(_attribute(each) for each in record.fields)


def message_class(message: Message) -> list[str]:
    """A dataclass with its codec."""
    lines = ["@dataclass(slots=True)", f"class {message.name}:"]
    lines += indented([f'"""{message.doc}"""', "", f"ID: ClassVar[int] = 0x{message.id:02X}"])
    lines += indented([f"MAX_BYTES: ClassVar[int] = {message.max_bytes}"])
    if message.fields:
        lines += ["", *indented(_attribute(each) for each in message.fields)]
    lines += ["", *indented(encode_method(message)), ""]
    return lines + indented(decode_method(message))


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
