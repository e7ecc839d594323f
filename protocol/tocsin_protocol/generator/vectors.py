"""Write the golden vectors: bytes and values every codec must agree on, and what it refuses."""

import json
from collections.abc import Iterator
from dataclasses import replace

from tocsin_protocol import reference, schema
from tocsin_protocol.generator import samples
from tocsin_protocol.generator.runs import Run, is_narrower, message_runs, runs
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Blob, Integer, Octets, Text, Word

Vector = dict[str, object]


def render() -> str:
    """The text of vectors.json: one vector a line; octets inside fields are {"hex": ...}."""
    groups = {
        "messages": [each for message in schema.MESSAGES for each in _good(message)],
        "older_bodies": [each for message in schema.MESSAGES for each in _older(message)],
        "bad_bodies": [each for message in schema.MESSAGES for each in _bad_bodies(message)],
        "bad_fields": [each for message in schema.MESSAGES for each in _bad_fields(message)],
    }
    written = [_group(name, vectors) for name, vectors in groups.items() if vectors]
    version = f'  "protocol": "{schema.MAJOR}.{schema.MINOR}"'
    return "{\n" + ",\n".join([version, *written]) + "\n}\n"


def _group(name: str, vectors: list[Vector]) -> str:
    lines = ",\n".join(f"    {json.dumps(each, default=_as_hex)}" for each in vectors)
    return f'  "{name}": [\n{lines}\n  ]'


def _as_hex(octets: bytes) -> dict[str, str]:
    return {"hex": octets.hex()}


def _good(message: Message) -> Iterator[Vector]:
    """All fields unset, lowest, highest, and each one highest among unset others."""
    unset = samples.defaults(message.fields)
    yield _vector(message, "unset", unset)
    if not message.fields:
        return
    words = {each.name: each.word for each in message.fields}
    yield _vector(message, "lowest", {name: samples.lowest(word) for name, word in words.items()})
    yield _vector(message, "highest", _highest(message))
    for name, word in words.items():
        yield _vector(message, f"{name} highest", {**unset, name: samples.highest(word)})


def _highest(message: Message) -> dict[str, object]:
    return {each.name: samples.highest(each.word) for each in message.fields}


def _vector(message: Message, what: str, fields: dict[str, object]) -> Vector:
    body = reference.encode(message, fields)
    return _named(message, what, fields=fields, hex=body.hex())


def _named(message: Message, what: str, **rest: object) -> Vector:
    return {"name": f"{message.name}: {what}", "message": message.name, **rest}


def _older(message: Message) -> Iterator[Vector]:
    """Bodies of peers that lack some or all of the optional tail, and what they decode to."""
    for number, part in enumerate(message.parts[1:], 1):
        known = [each for older in message.parts[:number] for each in older]
        fields = {each.name: samples.highest(each.word) for each in known}
        body = reference.encode(replace(message, fields=tuple(known)), fields)
        what = f"before {part[0].name}"
        fields |= samples.defaults(message.fields[len(known) :])
        yield _named(message, what, fields=fields, hex=body.hex())


def _bad_bodies(message: Message) -> Iterator[Vector]:
    """Bodies every decoder refuses, and the field it names."""
    offset, body = 0, reference.encode(message, samples.defaults(message.fields))
    cut, optional = message_runs(message), [part[0] for part in message.parts[1:]]
    for run in cut:
        name = run[0].name
        if run[0] not in optional:
            yield _named(message, f"cut before {name}", hex=body[:offset].hex(), field=name)
        yield from _bad_values(message, run, offset, body)
        offset += _default_bytes(run)
    full = reference.encode(message, _highest(message))
    if cut and full[:-1].hex() not in [each["hex"] for each in _older(message)]:
        yield _named(message, "one octet short", hex=full[:-1].hex(), field=cut[-1][0].name)


def _default_bytes(run: Run) -> int:
    """Octets of a run in which nothing is set: numbers, octets, or a length of zero."""
    word = run[0].word
    if isinstance(word, Integer | Octets):
        return sum(each.word.max_bytes for each in run)
    return word.length_bytes if isinstance(word, Blob) else 1


def _bad_values(message: Message, run: Run, offset: int, body: bytes) -> Iterator[Vector]:
    for each in run:
        for number, bad in enumerate(_bad_octets(each.word), 1):
            changed = body[:offset] + bad + body[offset + len(bad) :]
            what = f"{each.name} refused {number}"
            yield _named(message, what, hex=changed.hex(), field=each.name)
        offset += each.word.max_bytes


def _bad_octets(word: Word) -> list[bytes]:
    """Octets at the place of a word that it refuses, complete but for their meaning."""
    if isinstance(word, Integer):
        return _bad_numbers(word) if is_narrower(word) else []
    if isinstance(word, Text):
        return [bytes((word.limit + 1,)) + b"x" * (word.limit + 1), b"\x01\xff"]
    if isinstance(word, Blob):
        length = (word.limit + 1).to_bytes(word.length_bytes, "little")
        return [length + bytes(word.limit + 1)]
    if isinstance(word, Octets):
        return []
    if isinstance(word, Array):
        empty = sum(map(_default_bytes, runs(word.record.fields)))
        return [bytes((word.limit + 1,)) + bytes((word.limit + 1) * empty)]
    raise TypeError(f"{word} is not a word of the vocabulary")


def _bad_numbers(word: Integer) -> list[bytes]:
    """Just beyond the range, where the octets can hold it."""
    signed = word.minimum < 0
    half = 1 << 8 * word.max_bytes - 1
    held = range(-half, half) if signed else range(2 * half)
    return [
        value.to_bytes(word.max_bytes, "little", signed=signed)
        for value in (word.minimum - 1, word.maximum + 1)
        if value in held
    ]


def _bad_fields(message: Message) -> Iterator[Vector]:
    """Values every encoder refuses, and the field it names."""
    unset = samples.defaults(message.fields)
    for each in message.fields:
        for number, bad in enumerate(samples.refused(each.word), 1):
            fields = {**unset, each.name: bad}
            what = f"{each.name} refused {number}"
            yield _named(message, what, fields=fields, field=each.name)
