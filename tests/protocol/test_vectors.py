"""The golden vectors through all four codecs."""

from typing import TYPE_CHECKING, Any

from tocsin_protocol import schema

if TYPE_CHECKING:
    from tests.protocol.conftest import Codec, Job, Outcome

FIELD_NAMES = {message.name: [each.name for each in message.fields] for message in schema.MESSAGES}


def check(codec: "Codec", expected: "list[tuple[str, Job, Outcome]]") -> None:
    """Run what the codec can do; compare by name, so a failure says which vector."""
    todo = [each for each in expected if codec.can(each[1])]
    assert todo
    outcomes = codec.run([job for _, job, _ in todo])
    got = {name: outcome for (name, _, _), outcome in zip(todo, outcomes, strict=True)}
    assert got == {name: outcome for name, _, outcome in todo}


def decoding(vector: dict[str, Any], tail: bytes = b"") -> "Job":
    body = bytes.fromhex(vector["hex"]) + tail
    return vector["message"], (body, FIELD_NAMES[vector["message"]])


def test_fields_encode_to_the_bytes(codec: "Codec", vectors: dict[str, Any]) -> None:
    good = vectors["messages"]
    check(
        codec,
        [(v["name"], (v["message"], v["fields"]), ("ok", bytes.fromhex(v["hex"]))) for v in good],
    )


def test_bytes_decode_to_the_fields(codec: "Codec", vectors: dict[str, Any]) -> None:
    check(codec, [(v["name"], decoding(v), ("ok", v["fields"])) for v in vectors["messages"]])


def test_an_older_peers_bodies_decode_with_the_rest_at_default(
    codec: "Codec", vectors: dict[str, Any]
) -> None:
    older = [(v["name"], decoding(v), ("ok", v["fields"])) for v in vectors["older_bodies"]]
    todo = [each for each in older if codec.can(each[1])]
    assert codec.run([job for _, job, _ in todo]) == [outcome for _, _, outcome in todo]


def test_a_longer_tail_is_ignored(codec: "Codec", vectors: dict[str, Any]) -> None:
    good = vectors["messages"]
    check(codec, [(v["name"], decoding(v, b"\xff\x00\x07"), ("ok", v["fields"])) for v in good])


def test_values_out_of_range_are_refused_by_name(codec: "Codec", vectors: dict[str, Any]) -> None:
    bad = vectors["bad_fields"]
    check(codec, [(v["name"], (v["message"], v["fields"]), ("refused", v["field"])) for v in bad])


def test_bad_bodies_are_refused_by_name(codec: "Codec", vectors: dict[str, Any]) -> None:
    bad = vectors["bad_bodies"]
    if codec.name == "reference":  # names the very field, where the others name a run's first
        bad = [v for v in bad if not v["name"].endswith("one octet short")]
    check(codec, [(v["name"], decoding(v), ("refused", v["field"])) for v in bad])


def test_every_truncation_is_refused_but_an_older_peers_body(
    codec: "Codec", vectors: dict[str, Any]
) -> None:
    full = [v for v in vectors["messages"] if v["name"].endswith(": highest")]
    jobs = [
        (v["message"], (bytes.fromhex(v["hex"])[:length], FIELD_NAMES[v["message"]]))
        for v in full
        for length in range(len(v["hex"]) // 2)
    ]
    todo = [job for job in jobs if codec.can(job)]
    outcomes = codec.run(todo)
    accepted = [job for job, (state, _) in zip(todo, outcomes, strict=True) if state == "ok"]
    older = [decoding(v) for v in vectors["older_bodies"]]
    assert accepted == [job for job in older if codec.can(job)]


def test_vectors_cover_every_message_and_field(vectors: dict[str, Any]) -> None:
    names = {vector["name"] for vector in vectors["messages"]}
    for message in schema.MESSAGES:
        assert f"{message.name}: unset" in names
        assert {f"{message.name}: {each.name} highest" for each in message.fields} <= names
