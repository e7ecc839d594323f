"""Jobs for the codecs under test, drawn by Hypothesis from the schema; arrays are lists of tuples.

Beside plain values each word offers its limits, so that every run tries them.
"""

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tocsin_protocol import reference, schema
from tocsin_protocol.generator import samples
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Blob, Field, Integer, Octets, Record, Text, Word

if TYPE_CHECKING:
    from tests.protocol.conftest import Fields, Job

_BEYOND = (1 << 8, 1 << 16, 1 << 30, 1 << 31, 1 << 32, 1 << 40, 1 << 64)


def values(word: Word) -> st.SearchStrategy[Any]:
    """What a word takes."""
    if isinstance(word, Integer):
        limits = [word.minimum, word.maximum, word.default, word.maximum - 1]
        return st.integers(word.minimum, word.maximum) | st.sampled_from(limits)
    if isinstance(word, Text):
        return st.text(max_size=word.limit).filter(lambda text: not word.problem(text))
    if isinstance(word, Blob):
        return st.binary(max_size=word.limit) | st.just(samples.highest(word))
    if isinstance(word, Octets):
        return st.binary(min_size=word.size, max_size=word.size)
    assert isinstance(word, Array)
    return st.lists(entries(word.record), max_size=word.limit)


def entries(record: Record) -> st.SearchStrategy[tuple[Any, ...]]:
    """A record of an array."""
    return st.tuples(*(values(each.word) for each in record.fields))


def filled(message: Message) -> "st.SearchStrategy[Fields]":
    """Fields the message takes."""
    return st.fixed_dictionaries({each.name: values(each.word) for each in message.fields})


def writing(message: Message) -> "st.SearchStrategy[Job]":
    """To encode a message."""
    return st.tuples(st.just(message.name), filled(message))


def reading(message: Message, bodies: st.SearchStrategy[bytes]) -> "st.SearchStrategy[Job]":
    """To decode a body."""
    names = [each.name for each in message.fields]
    return st.tuples(st.just(message.name), st.tuples(bodies, st.just(names)))


@st.composite
def spoilt(draw: st.DrawFn, message: Message) -> bytes:
    """A good body in which some octets are changed, left out or put in."""
    body = bytearray(encoded(message, draw(filled(message))))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(body)))
        body[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(body)


@st.composite
def refused(draw: st.DrawFn, message: Message) -> "tuple[Job, str]":
    """To encode a message of which one field is beyond its limits, and that field's name."""
    field = draw(st.sampled_from(message.fields))
    fields = {**draw(filled(message)), field.name: draw(_beyond(field))}
    return (message.name, fields), field.name


def _beyond(field: Field) -> st.SearchStrategy[Any]:
    word = field.word
    if isinstance(word, Integer):
        far = [word.minimum - each for each in _BEYOND] + [word.maximum + each for each in _BEYOND]
        return st.sampled_from([word.minimum - 1, word.maximum + 1, *far])
    if isinstance(word, Text | Blob):
        longer = word.limit + 1
        drawn: st.SearchStrategy[Any] = st.binary(min_size=longer, max_size=longer + 300)
        return drawn if isinstance(word, Blob) else drawn.map(lambda octets: "x" * len(octets))
    if isinstance(word, Octets):
        return st.binary(max_size=word.size + 300).filter(lambda octets: len(octets) != word.size)
    assert isinstance(word, Array)
    longer = word.limit + 1
    too_many = entries(word.record).map(lambda entry: [entry] * longer)
    return too_many | _with_a_bad_entry(word)


@st.composite
def _with_a_bad_entry(draw: st.DrawFn, word: Array) -> list[tuple[Any, ...]]:
    good = draw(st.lists(entries(word.record), max_size=word.limit - 1))
    bad = list(draw(entries(word.record)))
    place = draw(st.integers(0, len(bad) - 1))
    bad[place] = draw(_beyond(word.record.fields[place]))
    good.insert(draw(st.integers(0, len(good))), tuple(bad))
    return good


def encoded(message: Message, fields: "Fields") -> bytes:
    """The reference's body of fields in which arrays are lists of tuples."""
    plain = dict(fields)
    for each in message.fields:
        if isinstance(each.word, Array):
            names = [inner.name for inner in each.word.record.fields]
            plain[each.name] = [dict(zip(names, it, strict=True)) for it in fields[each.name]]
    return reference.encode(message, plain)


def older_bodies(message: Message, fields: "Fields") -> "dict[int, Fields]":
    """Where the body of these fields may end, as an older peer's, and what is read then."""
    found = {}
    known: tuple[Field, ...] = ()
    for part in message.parts[:-1]:
        known += part
        rest = samples.defaults(message.fields[len(known) :])
        short = Message(message.name, message.id, message.direction, "", known)
        found[len(encoded(short, fields))] = fields | rest
    return found


def one_of_all(strategy: Any, messages: Any = schema.MESSAGES) -> st.SearchStrategy[Any]:
    """What `strategy` makes of any of the messages."""
    return st.one_of([strategy(each) for each in messages])
