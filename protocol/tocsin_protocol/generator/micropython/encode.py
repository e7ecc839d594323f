"""Write the method that encodes a message on the handset."""

from tocsin_protocol.generator.layout import bracketed, indented, quoted
from tocsin_protocol.generator.runs import Run, integers, message_runs, runs, struct_format
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Blob, Field, Integer, Octets, Text

BUFFER = '"bytearray | memoryview"'


def encode_method(message: Message) -> list[str]:
    """`encode_into`, which returns the offset after the body."""
    cut = message_runs(message)
    lines = [f"def encode_into(self, buf: {BUFFER}, offset: int) -> int:"]
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
        put = "put_long" if isinstance(word, Blob) and word.is_long else "put"
        return [f"{step} {put}(buf, offset, {data}, {word.limit}, {field})"]
    if isinstance(word, Octets):
        return [f"{step} put_octets(buf, offset, {owner}{name}, {word.size}, {field})"]
    if isinstance(word, Array):
        return _encode_array(run[0], word, owner, last, levels)
    raise TypeError(f"{name} is not a word of the vocabulary")


def _encode_integers(run: Run, owner: str, blame: str, last: bool, levels: int) -> list[str]:
    lines = []
    for name, word in integers(run):
        lines.append(f"if {refuses(f'{owner}{name}', word)}:")
        lines += indented([f"raise EncodeError({quoted(blame or name)})"])
    values = [f"{owner}{name}" for name, _ in integers(run)]
    start = [quoted(struct_format(run)), "buf", "offset"]
    lines += bracketed("pack_into(", [*start, *values], ")", levels)
    size = sum(word.max_bytes for _, word in integers(run))
    return [*lines, f"return offset + {size}" if last else f"offset += {size}"]


def refuses(name: str, word: Integer) -> str:
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
