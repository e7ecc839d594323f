"""Write the method that decodes a message on the host."""

from collections.abc import Sequence

from tocsin_protocol.generator.host.encode import octets_kind
from tocsin_protocol.generator.layout import bracketed, exploded, indented, quoted
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
    Octets,
    Text,
)


def decode_method(message: Message) -> list[str]:
    """`decode`, which makes the message in a body."""
    head = ["@classmethod", "def decode(cls, body: bytes) -> Self:"]
    if not message.fields:
        head[1] += "  # noqa: ARG003  # nothing to read"
    lines: list[str] = []
    values: list[str] = []
    at = "0"
    for number, part in enumerate(message.parts):
        if number:
            lines += [f"if len(body) == {at}:  # an older peer's"]
            lines += indented(bracketed("return cls(", values, ")", 3))
        taken, at = _decode_fields(part, at, "", 2)
        lines += taken
        values += [_value(each) for each in part]
    if lines and not isinstance(message.fields[-1].word, Integer | Array):
        lines[-1] = lines[-1].replace(", at =", ", _ =")
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
    if isinstance(word, Text | Blob | Octets):
        limit = word.size if isinstance(word, Octets) else word.limit
        take = f"take_{octets_kind(word)}({quoted_name}, body, {at}, {limit})"
        return [f"{name}, at = {take}"], "at"
    if isinstance(word, Array):
        return _decode_array(name, word, at, levels), "at"
    raise TypeError(f"{name} is not a word of the vocabulary")


def _decode_integers(run: Run, at: str, blame: str, levels: int) -> tuple[list[str], str]:
    end = _plus(at, sum(word.max_bytes for _, word in integers(run)))
    names = [name for name, _ in integers(run)]
    tail = f" = unpack_from({quoted(struct_format(run))}, body, {at})"
    lines = [f"if len(body) < {end}:"]
    lines += indented([f"raise too_short({quoted(blame or names[0])}, body, {end})"])
    lines += _targets(names, tail, levels)
    for name, word in integers(run):
        if is_narrower(word):
            limits = f"{word.minimum}, {word.maximum}"
            lines += [f"if not {word.minimum} <= {name} <= {word.maximum}:"]
            lines += indented([f"raise out_of_range({quoted(blame or name)}, {name}, {limits})"])
    return lines, end


def _targets(names: list[str], tail: str, levels: int) -> list[str]:
    if len(names) == 1:
        return [f"({names[0]},){tail}"]
    line = bracketed("", names, tail, levels)
    return line if len(line) == 1 else exploded("(", names, f"){tail}")


def _decode_array(name: str, word: Array, at: str, levels: int) -> list[str]:
    inner, end = _decode_fields(word.record.fields, "at", name, levels + 1)
    values = ", ".join(_value(each) for each in word.record.fields)
    inner += [] if end == "at" else [f"at = {end}"]
    return [
        f"count = take_count({quoted(name)}, body, {at}, {word.limit})",
        f"at = {_plus(at, 1)}",
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
    if isinstance(each.word, Choice):
        return f"{table(each.word.names)}[{each.name}]"
    if isinstance(each.word, Flags):
        return f"{each.word.names.name}({each.name})"
    return each.name


def table(names: Names) -> str:
    """What the module calls the members of an enumeration by their numbers."""
    return f"_{names.prefix}"


def tables(messages: Sequence[Message]) -> list[str]:
    """A line for each enumeration that these messages decode."""
    fields = [each for message in messages for each in message.fields]
    arrays = [each.word for each in fields if isinstance(each.word, Array)]
    fields += [each for word in arrays for each in word.record.fields]
    found = {
        each.word.names.name: each.word.names for each in fields if isinstance(each.word, Choice)
    }
    return [f"{table(found[name])} = by_number({name})" for name in sorted(found)]
