"""Write the method that encodes a message on the host."""

from tocsin_protocol.generator.layout import bracketed, indented, quoted
from tocsin_protocol.generator.runs import Run, integers, message_runs, runs, struct_format
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Blob, Integer, Octets, Text, Word


def encode_method(message: Message) -> list[str]:
    """`encode`, which returns the body."""
    cut = message_runs(message)
    head = "def encode(self) -> bytes:"
    if not cut:
        return [head, *indented(['return b""'])]
    if len(cut) == 1 and not isinstance(cut[0][0].word, Array):
        return [head, *indented(_encode_run(cut[0], "self.", "", "return", 2))]
    lines = _encode_run(cut[0], "self.", "", "body =", 2)
    for run in cut[1:]:
        lines += _encode_run(run, "self.", "", "body +=", 2)
    return [head, *indented([*lines, "return body"])]


def _encode_run(run: Run, owner: str, blame: str, step: str, levels: int) -> list[str]:
    """Append one run of `owner`'s fields; an error names `blame`, or the field itself."""
    word, name = run[0].word, run[0].name
    value, quoted_name = f"{owner}{name}", quoted(blame or name)
    if isinstance(word, Integer):
        return _encode_integers(run, owner, blame, step, levels)
    if isinstance(word, Text | Blob | Octets):
        limit = word.size if isinstance(word, Octets) else word.limit
        return [f"{step} put_{octets_kind(word)}({quoted_name}, {value}, {limit})"]
    if isinstance(word, Array):
        lines = [f"{step} put_count({quoted_name}, len({value}), {word.limit})"]
        lines += [f"for {', '.join(each.name for each in word.record.fields)} in {value}:"]
        for each in runs(word.record.fields):
            lines += indented(_encode_run(each, "", name, "body +=", levels + 1))
        return lines
    raise TypeError(f"{name} is not a word of the vocabulary")


def octets_kind(word: Word) -> str:
    """The end of the names of the functions that encode and decode a word of many octets."""
    if isinstance(word, Octets):
        return "octets"
    if isinstance(word, Text):
        return "text"
    return "long_blob" if isinstance(word, Blob) and word.is_long else "blob"


def _encode_integers(run: Run, owner: str, blame: str, step: str, levels: int) -> list[str]:
    lines = [
        f"check({quoted(blame or name)}, {owner}{name}, {word.minimum}, {word.maximum})"
        for name, word in integers(run)
    ]
    values = [f"{owner}{each.name}" for each in run]
    return lines + bracketed(f"{step} pack(", [quoted(struct_format(run)), *values], ")", levels)
