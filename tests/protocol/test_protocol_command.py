"""`tocsin protocol generate` and `release` on schemas that may not be."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tocsin_host.cli import main
from tocsin_protocol import schema
from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.vocabulary import Blob, Field, Text, Word, u8, u16

ROOT = Path(__file__).resolve().parents[2]
VERDICT, USAGE = 11, 2
CURRENT = f"{schema.MAJOR}.{schema.MINOR}"
NEXT = (schema.MAJOR, schema.MINOR + 1)
MORE = Field("more", u8(), "", NEXT)
FIRST = Field("first", u8(), "")


def tocsin(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["protocol", *arguments])


def faults(result: Result) -> list[str]:
    assert result.exit_code == VERDICT, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found["faults"]  # type: ignore[no-any-return]


def change(monkeypatch: pytest.MonkeyPatch, name: str, /, **changes: Any) -> None:
    use(monkeypatch, [replace(m, **changes) if m.name == name else m for m in schema.MESSAGES])


def use(monkeypatch: pytest.MonkeyPatch, messages: Sequence[Message]) -> None:
    """A schema of these; what is in no area goes to the first."""
    by_name = {each.name: each for each in messages}
    areas = {
        area: tuple(by_name.pop(each.name) for each in known if each.name in by_name)
        for area, known in schema.AREAS.items()
    }
    areas["link"] += tuple(by_name.values())
    monkeypatch.setattr(schema, "MESSAGES", tuple(messages))
    monkeypatch.setattr(schema, "AREAS", areas)


def fields_of(name: str) -> tuple[Field, ...]:
    return next(each.fields for each in schema.MESSAGES if each.name == name)


def narrowed(name: str, field: str, word: Word) -> tuple[Field, ...]:
    return tuple(replace(f, word=word) if f.name == field else f for f in fields_of(name))


PING = Message("Ping", 0x7E, Direction.TO_HOST, "Ping.", flow=Flow.EVENT, since=NEXT)


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        (
            "Sealed",
            {"name": "Secret", "since": NEXT},
            "id 0x42 was Sealed and is reused for Secret",
        ),
        ("AnswerAck", {"id": 0x7D}, "AnswerAck had id 0x41 and has another"),
        ("TraceEvent", {"fields": fields_of("TraceEvent")[:-1]}, "TraceEvent.value is removed"),
        ("AnswerAck", {"fields": fields_of("AnswerAck")[::-1]}, "order of AnswerAck's fields"),
        ("AnswerAck", {"fields": (FIRST, *fields_of("AnswerAck"))}, "order of AnswerAck's fields"),
        ("TagReport", {"fields": narrowed("TagReport", "radius_m", u16(0, 999))}, "is narrowed"),
        ("TagReport", {"fields": narrowed("TagReport", "radius_m", u8())}, "was u16 and is u8"),
        ("Failure", {"fields": narrowed("Failure", "detail", Text(20))}, "is narrowed"),
        ("Sealed", {"fields": narrowed("Sealed", "box", Blob(300))}, "was blob and is long blob"),
        ("TraceEvent", {"direction": Direction.TO_HANDSET}, "and goes host to handset"),
    ],
)
def test_a_change_that_an_older_peer_would_not_survive_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, name: str, changes: dict[str, Any], reason: str
) -> None:
    monkeypatch.setattr(schema, "MINOR", NEXT[1])
    change(monkeypatch, name, **changes)
    found = faults(tocsin("generate", "--check", "--json"))
    assert [each for each in found if reason in each], found


def test_make_check_asks_for_compatibility() -> None:
    assert "protocol generate --check" in (ROOT / "Makefile").read_text()


def test_a_message_that_is_gone_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, [each for each in schema.MESSAGES if each.name != "JournalEntry"])
    assert "JournalEntry is gone" in faults(tocsin("generate", "--check", "--json"))[0]


def test_an_id_given_twice_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MINOR", NEXT[1])
    use(monkeypatch, (*schema.MESSAGES, replace(PING, id=0x05)))
    assert faults(tocsin("generate", "--check", "--json")) == ["the id 0x05 is given 2 times"]


def test_a_field_named_after_a_step_of_the_codec_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, (*schema.MESSAGES, replace(PING, fields=(Field("check", u8(), ""),))))
    [fault] = faults(tocsin("generate", "--check", "--json"))
    assert fault.startswith("Ping.check has a name that the codecs use")


def test_an_exchange_without_an_end_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "Restart", replies=())
    assert "Restart starts an exchange" in faults(tocsin("generate", "--check", "--json"))[0]


def test_a_field_from_the_future_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "ConfigApplied", fields=(*fields_of("ConfigApplied"), MORE))
    assert "raise MINOR" in faults(tocsin("generate", "--check", "--json"))[0]


def append(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next minor version: a field more, and a message more."""
    monkeypatch.setattr(schema, "MINOR", NEXT[1])
    change(monkeypatch, "ConfigApplied", fields=(*fields_of("ConfigApplied"), MORE))
    use(monkeypatch, (*schema.MESSAGES, PING))


def test_appended_fields_and_messages_are_only_out_of_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    append(monkeypatch)
    result = tocsin("generate", "--check")
    assert result.exit_code == VERDICT
    assert result.output.startswith("out of date: firmware/tocsin/wire.py")


def test_appended_fields_and_messages_pass_the_check_once_they_are_generated(
    monkeypatch: pytest.MonkeyPatch, releases: Path
) -> None:
    assert tocsin("release").exit_code == 0
    append(monkeypatch)
    assert tocsin("generate", "--check").exit_code == VERDICT
    assert tocsin("generate").exit_code == 0
    assert tocsin("generate", "--check").output == "all generated files are up to date\n"


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where releases are stored, in a checkout that has none yet."""
    (tmp_path / "protocol").mkdir()
    monkeypatch.setattr("tocsin_host.cli.protocol._checkout", lambda: tmp_path)
    return tmp_path / "protocol" / "released"


def test_a_release_is_never_changed(monkeypatch: pytest.MonkeyPatch, releases: Path) -> None:
    tocsin("release")
    change(monkeypatch, "Restart", fields=(MORE,))
    result = tocsin("release")
    assert result.exit_code == USAGE
    assert f"version {CURRENT} is released, and the schema differs from it" in result.output


def test_a_release_may_be_stored_again_as_it_is(releases: Path) -> None:
    stored = f"released: protocol/released/{CURRENT}.json\n"
    assert [tocsin("release").output, tocsin("release").output] == [stored, stored]
    assert [path.name for path in releases.iterdir()] == [f"{CURRENT}.json"]
