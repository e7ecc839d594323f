"""Write the class of one message or record."""

from tocsin_protocol.flow import Lane
from tocsin_protocol.generator.layout import bracketed, indented, quoted
from tocsin_protocol.generator.micropython.decode import decode_method
from tocsin_protocol.generator.micropython.encode import encode_method
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.vocabulary import Array, Blob, Choice, Integer, Octets, Record, Text, Word


def record_line(record: Record) -> str:
    """A tuple with names, for the entries of arrays."""
    names = ", ".join(quoted(each.name) for each in record.fields)
    made = f"{record.name} = namedtuple({quoted(record.name)}, ({names}))"
    return f"{made}  # noqa: PYI024  # no typing on the VM"


def message_class(message: Message) -> list[str]:
    """The class of one message, with the codec in the directions the handset needs."""
    lines = [f"class {message.name}:", *indented([f'"""{message.doc}"""', ""])]
    lines += indented([f"ID = 0x{message.id:02X}", f"MAX_BYTES = {message.max_bytes}"])
    lines += indented(_use(message))
    if message.direction.leaves_handset:
        lines += indented(["", *_init(message), ""] if message.fields else [""])
        lines += indented(encode_method(message))
    elif message.fields:
        lines += ["", *indented(f"{each.name}: {_type(each.word)}" for each in message.fields)]
    if message.direction.reaches_handset:
        lines += ["", *indented(decode_method(message))]
    return lines


def _use(message: Message) -> list[str]:
    """What the handset must know of a message besides its codec."""
    lines = []
    if message.direction is Direction.TO_HOST and message.lane is not Lane.NORMAL:
        lines += [f"LANE = {message.lane.value}"]
    return lines


def _init(message: Message) -> list[str]:
    arguments = ["self", *(f"{each.name}: {_annotated(each.word)}" for each in message.fields)]
    lines = bracketed("def __init__(", arguments, ") -> None:", 1)
    for each in message.fields:
        value = f"{each.name} or []" if isinstance(each.word, Array) else each.name
        kind = f": {_type(each.word)}" if isinstance(each.word, Array) else ""
        lines += indented([f"self.{each.name}{kind} = {value}"])
    return lines


def _type(word: Word) -> str:
    if isinstance(word, Array):
        return f'"list[{word.record.name}]"'
    if isinstance(word, Blob) and word.is_long:
        return '"bytes | memoryview"'
    if isinstance(word, Blob | Octets):
        return "bytes"
    return "str" if isinstance(word, Text) else "int"


def _annotated(word: Word) -> str:
    """A parameter's type and default: the enumeration's first name, or the number nearest 0."""
    if isinstance(word, Array):
        return _type(word)[:-1] + ' | None" = None'
    if isinstance(word, Choice):
        return f"int = {word.names.prefix}_{word.names.members[0].name}"
    if isinstance(word, Integer):
        return f"int = {max(0, word.minimum)}"
    if isinstance(word, Text):
        return 'str = ""'
    empty = f"bytes({word.size})" if isinstance(word, Octets) else 'b""'
    return f"{_type(word)} = {empty}"
