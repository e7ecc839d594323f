"""Write the firmware's codec: straight-line MicroPython, and no allocation for numbers."""

from tocsin_protocol import schema
from tocsin_protocol.config_field import ConfigKind
from tocsin_protocol.generator.layout import bracketed, exploded, indented, literal, quoted
from tocsin_protocol.generator.runs import Run, integers, is_narrower, runs, struct_format
from tocsin_protocol.message import Message
from tocsin_protocol.schema.stages import FIRMWARE
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Field,
    Integer,
    Names,
    Record,
    Text,
    Word,
)

_BUFFER = '"bytearray | memoryview"'

_HEAD = '''\
"""The wire codec of the firmware. Generated from the protocol's schema: do not edit.

A message that leaves the handset encodes its body, without the id, into a buffer that holds
MAX_BYTES from the offset on. A message that reaches it fills itself from a body; after a
DecodeError its fields are not to be used. A body may be longer than expected: a newer minor
version only appends. In range checks `x >> bits` is true for negative and too large numbers alike.
"""

from collections import namedtuple
from struct import pack_into, unpack_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


class EncodeError(ValueError):
    """A field's value cannot go on the wire; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DecodeError(ValueError):
    """Bytes are not the message; `field` is where they stop making sense."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def _put(buf: "bytearray | memoryview", offset: int, data: bytes, limit: int, field: str) -> int:
    end = offset + 1 + len(data)
    # A slice past the end would grow a bytearray instead of failing.
    if len(data) > limit or end > len(buf):
        raise EncodeError(field)
    buf[offset] = len(data)
    buf[offset + 1 : end] = data
    return end


def _take(buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str) -> bytes:
    if offset >= end or buf[offset] > limit or offset + 1 + buf[offset] > end:
        raise DecodeError(field)
    return bytes(buf[offset + 1 : offset + 1 + buf[offset]])


def _text(data: bytes, field: str) -> str:
    try:
        return data.decode()
    except UnicodeError:
        pass  # raised below: the VM cannot chain exceptions
    raise DecodeError(field)
'''


def render() -> str:
    """The text of the firmware's wire.py."""
    lines = [*_HEAD.splitlines(), "", ""]
    lines += [f"PROTOCOL_MAJOR = {schema.MAJOR}", f"PROTOCOL_MINOR = {schema.MINOR}"]
    lines += [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}", ""]
    for names in (*schema.ENUMS, *schema.FLAGS):
        lines += [*_constants(names), ""]
    lines += [*_patterns(), "", *_config()]
    lines += [""]
    for record in schema.RECORDS:
        lines += [_record(record)]
    for message in schema.MESSAGES:
        lines += ["", "", *_message(message)]
    return "\n".join(lines) + "\n"


def _constants(names: Names) -> list[str]:
    """A constant a name; stages the firmware may not report have none, so it cannot name them."""
    return [
        f"{names.prefix}_{member.name} = {member.value}"
        for member in names.members
        if FIRMWARE in member.extra.get("reporters", (FIRMWARE,))
    ]


def _patterns() -> list[str]:
    """Each notice's haptic pattern, under its number."""
    notice = next(names for names in schema.ENUMS if names.name == "Notice")
    rows = [
        f"{notice.prefix}_{member.name}: {literal(member.extra['pattern'])}"
        for member in notice.members
    ]
    head = "NOTICE_PATTERNS: dict[int, tuple[int, ...]] = {"
    return ["# On and off times in milliseconds, by turns.", *exploded(head, rows, "}")]


def _config() -> list[str]:
    kinds = [f"KIND_{kind.name} = {kind.value}" for kind in ConfigKind]
    rows = []
    for each in schema.CONFIG:
        row = (each.key, each.name, int(each.kind), each.minimum, each.maximum)
        rows.append(literal((*row, each.default, each.secret)))
    about = (
        "# (key, name, kind, minimum, maximum, default, secret): limits of an integer's value, and",
        "# of the length in octets of a text or blob that is not empty; empty means not set.",
    )
    head = 'CONFIG_FIELDS: "tuple[tuple[int, str, int, int, int, bool | int | str | bytes, bool], '
    return [*kinds, "", *about, *exploded(head + '...]" = (', rows, ")")]


def _record(record: Record) -> str:
    names = ", ".join(quoted(each.name) for each in record.fields)
    made = f"{record.name} = namedtuple({quoted(record.name)}, ({names}))"
    return f"{made}  # noqa: PYI024  # no typing on the VM"


def _message(message: Message) -> list[str]:
    """The class of one message, with the codec in the directions the handset needs."""
    lines = [f"class {message.name}:", *indented([f'"""{message.doc}"""', ""])]
    lines += indented([f"ID = 0x{message.id:02X}", f"MAX_BYTES = {message.max_bytes}"])
    if message.direction.leaves_handset:
        lines += indented(["", *_init(message), ""] if message.fields else [""])
        lines += indented(_encode(message))
    elif message.fields:
        lines += ["", *indented(f"{each.name}: {_type(each.word)}" for each in message.fields)]
    if message.direction.reaches_handset:
        lines += ["", *indented(_decode(message))]
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
    return {Text: "str", Blob: "bytes"}.get(type(word), "int")


def _annotated(word: Word) -> str:
    """A parameter's type and default: the enumeration's first name, or the number nearest 0."""
    if isinstance(word, Array):
        return _type(word)[:-1] + ' | None" = None'
    if isinstance(word, Choice):
        return f"int = {word.names.prefix}_{word.names.members[0].name}"
    if isinstance(word, Integer):
        return f"int = {max(0, word.minimum)}"
    return 'str = ""' if isinstance(word, Text) else 'bytes = b""'


def _encode(message: Message) -> list[str]:
    cut = runs(message.fields)
    lines = [f"def encode_into(self, buf: {_BUFFER}, offset: int) -> int:"]
    for run in cut:
        last = run is cut[-1]
        lines += indented(_encode_run(run, "self.", "", last, 2))
    return lines if cut else [*lines, *indented(["return offset"])]


def _encode_run(run: Run, owner: str, blame: str, last: bool, levels: int) -> list[str]:
    """Encode one run of `owner`'s fields; an error names `blame`, or the field itself."""
    step = "return" if last else "offset ="
    word, name = run[0].word, run[0].name
    field = quoted(blame or name)
    if isinstance(word, Integer):
        return _encode_integers(run, owner, blame, last, levels)
    if isinstance(word, Text | Blob):
        data = f"{owner}{name}" + (".encode()" if isinstance(word, Text) else "")
        return [f"{step} _put(buf, offset, {data}, {word.limit}, {field})"]
    if isinstance(word, Array):
        return _encode_array(run[0], word, owner, last, levels)
    raise TypeError(f"{name} is not a word of the vocabulary")


def _encode_integers(run: Run, owner: str, blame: str, last: bool, levels: int) -> list[str]:
    lines = []
    for name, word in integers(run):
        lines.append(f"if {_refuses(f'{owner}{name}', word)}:")
        lines += indented([f"raise EncodeError({quoted(blame or name)})"])
    values = [f"{owner}{name}" for name, _ in integers(run)]
    start = [quoted(struct_format(run)), "buf", "offset"]
    lines += bracketed("pack_into(", [*start, *values], ")", levels)
    size = sum(word.max_bytes for _, word in integers(run))
    return [*lines, f"return offset + {size}" if last else f"offset += {size}"]


def _refuses(name: str, word: Integer) -> str:
    """A condition that is true outside the range; the shortest that costs no allocation."""
    bits = word.maximum.bit_length()
    if word.minimum == 0 and word.maximum == (1 << bits) - 1:
        return f"{name} >> {bits}"
    return f"not {word.minimum} <= {name} <= {word.maximum}"


def _encode_array(field: Field, word: Array, owner: str, last: bool, levels: int) -> list[str]:
    items = f"{owner}{field.name}"
    lines = [f"if len({items}) > {word.limit}:"]
    lines += indented([f"raise EncodeError({quoted(field.name)})"])
    lines += [f"buf[offset] = len({items})", "offset += 1"]
    lines += [f"for {', '.join(each.name for each in word.record.fields)} in {items}:"]
    for run in runs(word.record.fields):
        lines += indented(_encode_run(run, "", field.name, False, levels + 1))
    return lines + (["return offset"] if last else [])


def _decode(message: Message) -> list[str]:
    cut = runs(message.fields)
    lines = [f'def decode_from(self, buf: {_BUFFER}, offset: int, end: int) -> "Self":']
    for run in cut:
        lines += indented(_decode_run(run, "self.", "", run is cut[-1], 2))
    return [*lines, *indented(["return self"])]


def _decode_run(run: Run, owner: str, blame: str, last: bool, levels: int) -> list[str]:
    word, name = run[0].word, run[0].name
    if isinstance(word, Integer):
        return _decode_integers(run, owner, blame, last, levels)
    if isinstance(word, Text | Blob):
        return _decode_octets(run[0], word, owner, blame, last)
    if isinstance(word, Array):
        return _decode_array(run[0], word, owner, levels)
    raise TypeError(f"{name} is not a word of the vocabulary")


def _decode_integers(run: Run, owner: str, blame: str, last: bool, levels: int) -> list[str]:
    size = sum(word.max_bytes for _, word in integers(run))
    lines = [f"if end - offset < {size}:"]
    lines += indented([f"raise DecodeError({quoted(blame or run[0].name)})"])
    lines += _unpack([f"{owner}{each.name}" for each in run], struct_format(run), levels)
    for name, word in integers(run):
        if is_narrower(word):
            lines.append(f"if {_refuses(f'{owner}{name}', word)}:")
            lines += indented([f"raise DecodeError({quoted(blame or name)})"])
    return lines if last else [*lines, f"offset += {size}"]


def _unpack(targets: list[str], form: str, levels: int) -> list[str]:
    if len(targets) == 1:
        source = "buf[offset]" if form == "<B" else f"unpack_from({quoted(form)}, buf, offset)[0]"
        return [f"{targets[0]} = {source}"]
    tail = f" = unpack_from({quoted(form)}, buf, offset)"
    line = bracketed("", targets, tail, levels)
    return line if len(line) == 1 else exploded("(", targets, f"){tail}")


def _decode_octets(
    field: Field, word: Text | Blob, owner: str, blame: str, last: bool
) -> list[str]:
    name = quoted(blame or field.name)
    taken = f"_take(buf, offset, end, {word.limit}, {name})"
    target = f"{owner}{field.name}"
    if isinstance(word, Blob):
        lines, length = [f"{target} = {taken}"], f"len({target})"
    else:
        lines, length = [f"data = {taken}", f"{target} = _text(data, {name})"], "len(data)"
    return lines if last else [*lines, f"offset += 1 + {length}"]


def _decode_array(field: Field, word: Array, owner: str, levels: int) -> list[str]:
    names = ", ".join(each.name for each in word.record.fields)
    lines = [f"if offset >= end or buf[offset] > {word.limit}:"]
    lines += indented([f"raise DecodeError({quoted(field.name)})"])
    lines += ["count = buf[offset]", "offset += 1", f"{owner}{field.name} = []"]
    lines += ["for _ in range(count):"]
    for run in runs(word.record.fields):
        lines += indented(_decode_run(run, "", field.name, False, levels + 1))
    return [*lines, *indented([f"{owner}{field.name}.append({word.record.name}({names}))"])]
