"""Write the method that decodes a message on the handset."""

from tocsin_protocol.generator.layout import bracketed, exploded, indented, literal, quoted
from tocsin_protocol.generator.micropython.encode import BUFFER, refuses
from tocsin_protocol.generator.runs import Run, integers, is_narrower, runs, struct_format
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Blob, Field, Integer, Octets, Text


def decode_method(message: Message) -> list[str]:
    """`decode_from`, which fills the message and returns it."""
    lines = [f'def decode_from(self, buf: {BUFFER}, offset: int, end: int) -> "Self":']
    lines += indented(f"self.{each.name} = {literal(each.word.default)}" for each in message.tail)
    for number, part in enumerate(message.parts):
        if number:
            lines += indented(["if offset == end:  # an older peer's", *indented(["return self"])])
        for run in runs(part):
            last = run[-1] is message.fields[-1]
            lines += indented(_decode_run(run, "self.", "", last, 2))
    return [*lines, *indented(["return self"])]


def _decode_run(run: Run, owner: str, blame: str, last: bool, levels: int) -> list[str]:
    word, name = run[0].word, run[0].name
    if isinstance(word, Integer):
        return _decode_integers(run, owner, blame, last, levels)
    if isinstance(word, Text | Blob | Octets):
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
            lines.append(f"if {refuses(f'{owner}{name}', word)}:")
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
    field: Field, word: Text | Blob | Octets, owner: str, blame: str, last: bool
) -> list[str]:
    name, target = quoted(blame or field.name), f"{owner}{field.name}"
    if isinstance(word, Octets):
        lines = [f"{target} = take_octets(buf, offset, end, {word.size}, {name})"]
        step = str(word.size)
    elif isinstance(word, Blob):
        take = "take_long" if word.is_long else "take"
        lines = [f"{target} = {take}(buf, offset, end, {word.limit}, {name})"]
        step = f"{word.length_bytes} + len({target})"
    else:
        lines = [f"data = take(buf, offset, end, {word.limit}, {name})"]
        lines, step = [*lines, f"{target} = read_text(data, {name})"], "1 + len(data)"
    return lines if last else [*lines, f"offset += {step}"]


def _decode_array(field: Field, word: Array, owner: str, levels: int) -> list[str]:
    names = ", ".join(each.name for each in word.record.fields)
    lines = [f"if offset >= end or buf[offset] > {word.limit}:"]
    lines += indented([f"raise DecodeError({quoted(field.name)})"])
    lines += ["count = buf[offset]", "offset += 1", f"{owner}{field.name} = []"]
    lines += ["for _ in range(count):"]
    for run in runs(word.record.fields):
        lines += indented(_decode_run(run, "", field.name, False, levels + 1))
    return [*lines, *indented([f"{owner}{field.name}.append({word.record.name}({names}))"])]
