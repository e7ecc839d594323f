"""Random messages and random bytes: the four codecs agree."""

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin_protocol import schema
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Blob, Integer, Octets, Text, Word

if TYPE_CHECKING:
    from tests.protocol.conftest import Codec, Job


def values(word: Word) -> st.SearchStrategy[Any]:
    if isinstance(word, Integer):
        return st.integers(word.minimum, word.maximum)
    if isinstance(word, Text):
        limit = word.limit
        return st.text(max_size=limit).filter(lambda text: len(text.encode()) <= limit)
    if isinstance(word, Blob):
        return st.binary(max_size=word.limit)
    if isinstance(word, Octets):
        return st.binary(min_size=word.size, max_size=word.size)
    assert isinstance(word, Array)
    entry = st.tuples(*(values(each.word) for each in word.record.fields))
    return st.lists(entry, max_size=word.limit)


def filled(message: Message) -> "st.SearchStrategy[Job]":
    fields = st.fixed_dictionaries({each.name: values(each.word) for each in message.fields})
    return st.tuples(st.just(message.name), fields)


def raw(message: Message) -> "st.SearchStrategy[Job]":
    names = [each.name for each in message.fields]
    return st.tuples(st.just(message.name), st.tuples(st.binary(max_size=60), st.just(names)))


MESSAGES = st.lists(st.one_of([filled(each) for each in schema.MESSAGES]), min_size=10, max_size=60)
BODIES = st.lists(st.one_of([raw(each) for each in schema.MESSAGES]), min_size=10, max_size=60)

batches = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@batches
@given(MESSAGES)
def test_all_codecs_write_the_same_bytes_and_read_them_back(
    codecs: "list[Codec]", messages: "list[Job]"
) -> None:
    bodies = [body for _, body in codecs[0].run(messages)]
    pairs = list(zip(messages, bodies, strict=True))
    for codec in codecs:
        write = [(message, ("ok", body)) for message, body in pairs]
        read = [((name, (body, list(fields))), ("ok", fields)) for (name, fields), body in pairs]
        for expected in (write, read):
            able = [(job, outcome) for job, outcome in expected if codec.can(job)]
            assert codec.run([job for job, _ in able]) == [outcome for _, outcome in able]


@batches
@given(BODIES)
def test_all_codecs_accept_and_refuse_the_same_bytes(
    codecs: "list[Codec]", bodies: "list[Job]"
) -> None:
    expected = codecs[0].run(bodies)
    for codec in codecs[1:]:
        todo = [pair for pair in zip(bodies, expected, strict=True) if codec.can(pair[0])]
        for outcome, (job, wanted) in zip(codec.run([j for j, _ in todo]), todo, strict=True):
            assert outcome[0] == wanted[0], job
            assert wanted[0] == "refused" or outcome == wanted, job
