"""Peers of each released version and of this one: what either says, the other understands."""

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.protocol.old_schema import OldSchema
from tests.protocol.strategies import encoded, filled

from tocsin_host import wire
from tocsin_protocol import schema
from tocsin_protocol.generator import samples
from tocsin_protocol.vocabulary import Array

if TYPE_CHECKING:
    from tests.protocol.conftest import Codec, Fields, Job

ROOT = Path(__file__).resolve().parents[2]
RELEASED = sorted((ROOT / "protocol" / "released").glob("*.json"))
OLD = {path.stem: OldSchema(path) for path in RELEASED}
NOW = {each.name: each for each in schema.MESSAGES}

few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", params=OLD)
def old(request: pytest.FixtureRequest) -> OldSchema:
    return OLD[request.param]


@pytest.fixture(scope="module")
def old_wire(old: OldSchema, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return old.host_codec(tmp_path_factory.mktemp("old"))


def kept(old: OldSchema) -> list[str]:
    """The messages of the old version that have not been removed since."""
    return [name for name, each in old.messages.items() if each.id not in schema.REMOVED_IDS]


def plain(message: Any, names: list[str]) -> "Fields":
    found = {name: getattr(message, name) for name in names}
    return {
        name: [tuple(each) for each in value] if isinstance(value, list) else value
        for name, value in found.items()
    }


def test_there_is_a_release() -> None:
    assert "1.0" in OLD


@few
@given(st.data())
def test_what_an_old_peer_says_is_understood(
    old: OldSchema, old_wire: ModuleType, codecs: "list[Codec]", data: st.DataObject
) -> None:
    expected: list[tuple[Job, Fields]] = []
    for name in kept(old):
        fields = data.draw(filled(old.messages[name]), name)
        body = old_wire.MESSAGES[NOW[name].id](**fields).encode()
        newer = {each.name: each.word.default for each in NOW[name].fields} | fields
        expected.append(((name, (body, list(newer))), newer))
    for codec in codecs:
        able = [(job, wanted) for job, wanted in expected if codec.can(job)]
        outcomes = codec.run([job for job, _ in able])
        assert outcomes == [("ok", wanted) for _, wanted in able], codec.name


@few
@given(st.data())
def test_what_is_said_to_an_old_peer_is_understood(
    old: OldSchema, old_wire: ModuleType, codecs: "list[Codec]", data: st.DataObject
) -> None:
    """Whatever newer fields say: an old peer passes them over."""
    jobs: list[Job] = []
    for name in kept(old):
        newer = data.draw(filled(NOW[name]), name)
        jobs.append((name, newer | data.draw(filled(old.messages[name]), name)))
    for codec in codecs:
        able = [job for job in jobs if codec.can(job)]
        for (name, fields), (state, body) in zip(able, codec.run(able), strict=True):
            assert state == "ok", (codec.name, name)
            known = [each.name for each in old.messages[name].fields]
            understood = old_wire.MESSAGES[NOW[name].id].decode(body)
            assert plain(understood, known) == {each: fields[each] for each in known}


def test_an_old_peer_and_this_one_open_the_link(old: OldSchema, old_wire: ModuleType) -> None:
    major, minor = old.version
    hello = wire.Hello.decode(old_wire.Hello(major=major, minor=minor).encode())
    assert (hello.major, hello.minor) == (wire.PROTOCOL_MAJOR, minor)
    reply = wire.HelloReply(
        wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR, 512, wire.Capability.CONFIG, b"saltsalt", b"chck"
    )
    told = old_wire.HelloReply.decode(reply.encode())
    assert (told.major, told.minor, told.max_payload_bytes) == (1, wire.PROTOCOL_MINOR, 512)


def test_a_message_that_has_not_changed_has_the_same_bytes(
    old: OldSchema, old_wire: ModuleType
) -> None:
    unchanged = [name for name in kept(old) if not NOW[name].tail]
    assert "AnswerAck" in unchanged
    for name in unchanged:
        fields = {each.name: samples.highest(each.word) for each in old.messages[name].fields}
        for each in old.messages[name].fields:
            if isinstance(each.word, Array):
                fields[each.name] = [tuple(entry.values()) for entry in _entries(fields[each.name])]
        assert old_wire.MESSAGES[NOW[name].id](**fields).encode() == encoded(NOW[name], fields)


def _entries(value: Any) -> list[dict[str, object]]:
    return list(value)
