"""Random messages and random bytes: all codecs agree, and so does what they refuse."""

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.protocol.strategies import (
    encoded,
    filled,
    older_bodies,
    one_of_all,
    reading,
    refused,
    spoilt,
    writing,
)

from tocsin_protocol import schema

if TYPE_CHECKING:
    from tests.protocol.conftest import Codec, Fields, Job, Outcome

BY_NAME = {each.name: each for each in schema.MESSAGES}
WITH_FIELDS = [each for each in schema.MESSAGES if each.fields]
BODIES = one_of_all(lambda each: reading(each, st.binary(max_size=60) | spoilt(each)))

batches = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


def outcomes(codec: "Codec", expected: "list[tuple[Job, Any]]") -> "list[tuple[Job, Any, Outcome]]":
    """What the codec makes of the jobs it can do, beside what is expected."""
    todo = [(job, wanted) for job, wanted in expected if codec.can(job)]
    found = codec.run([job for job, _ in todo])
    return [(job, wanted, got) for (job, wanted), got in zip(todo, found, strict=True)]


@batches
@given(st.lists(one_of_all(writing), min_size=10, max_size=60))
def test_all_codecs_write_the_same_bytes_and_read_them_back(
    codecs: "list[Codec]", messages: "list[Job]"
) -> None:
    bodies = [encoded(BY_NAME[name], fields) for name, fields in messages]
    pairs = list(zip(messages, bodies, strict=True))
    for codec in codecs:
        write = [(message, ("ok", body)) for message, body in pairs]
        read = [((name, (body, list(fields))), ("ok", fields)) for (name, fields), body in pairs]
        for job, wanted, got in outcomes(codec, write + read):
            assert got == wanted, (codec.name, job)


@batches
@given(st.lists(BODIES, min_size=10, max_size=60))
def test_all_codecs_accept_and_refuse_the_same_bytes(
    codecs: "list[Codec]", bodies: "list[Job]"
) -> None:
    expected = list(zip(bodies, codecs[0].run(bodies), strict=True))
    for codec in codecs[1:]:
        for job, wanted, got in outcomes(codec, expected):
            assert got[0] == wanted[0], (codec.name, job)
            assert wanted[0] == "refused" or got == wanted, (codec.name, job)


@batches
@given(st.lists(one_of_all(refused, WITH_FIELDS), min_size=10, max_size=60))
def test_every_encoder_refuses_what_is_out_of_range_and_names_the_field(
    codecs: "list[Codec]", messages: "list[tuple[Job, str]]"
) -> None:
    expected = [(job, ("refused", field)) for job, field in messages]
    for codec in codecs:
        for job, wanted, got in outcomes(codec, expected):
            assert got == wanted, (codec.name, job)


@batches
@given(
    st.lists(
        one_of_all(lambda each: st.tuples(st.just(each.name), filled(each)), WITH_FIELDS),
        min_size=3,
        max_size=12,
    )
)
def test_no_truncation_is_taken_but_the_body_of_an_older_peer(
    codecs: "list[Codec]", messages: "list[tuple[str, Fields]]"
) -> None:
    expected: list[tuple[Job, Any]] = []
    for name, fields in messages:
        body, older = encoded(BY_NAME[name], fields), older_bodies(BY_NAME[name], fields)
        for length in range(len(body)):
            wanted = ("ok", older[length]) if length in older else ("refused", None)
            expected.append(((name, (body[:length], list(fields))), wanted))
    for codec in codecs:
        for job, wanted, got in outcomes(codec, expected):
            assert got[0] == wanted[0], (codec.name, job)
            assert wanted[0] == "refused" or got == wanted, (codec.name, job)
