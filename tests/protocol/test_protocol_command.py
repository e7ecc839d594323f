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
from tocsin_protocol.vocabulary import Field, u8

VERDICT, USAGE = 11, 2
CURRENT = f"{schema.MAJOR}.{schema.MINOR}"
NEXT = (schema.MAJOR, schema.MINOR + 1)
MORE = Field("more", u8(), "", NEXT)


def tocsin(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["protocol", *arguments])


def faults(result: Result) -> list[str]:
    assert result.exit_code == VERDICT, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found["faults"]  # type: ignore[no-any-return]


def change(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:
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


def test_a_field_that_changes_its_place_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "AnswerAck", fields=fields_of("AnswerAck")[::-1])
    [fault] = faults(tocsin("generate", "--check", "--json"))
    assert fault.startswith("the order of AnswerAck's fields changed")


def test_an_exchange_without_an_end_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "Restart", replies=())
    assert "Restart starts an exchange" in faults(tocsin("generate", "--check", "--json"))[0]


def test_a_field_from_the_future_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "ConfigApplied", fields=(*fields_of("ConfigApplied"), MORE))
    assert "raise MINOR" in faults(tocsin("generate", "--check", "--json"))[0]


def test_appended_fields_and_messages_are_only_out_of_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema, "MINOR", schema.MINOR + 1)
    change(monkeypatch, "ConfigApplied", fields=(*fields_of("ConfigApplied"), MORE))
    ping = Message("Ping", 0x7E, Direction.TO_HOST, "Ping.", flow=Flow.EVENT, since=NEXT)
    use(monkeypatch, (*schema.MESSAGES, ping))
    result = tocsin("generate", "--check")
    assert result.exit_code == VERDICT
    assert result.output.startswith("out of date: firmware/tocsin/wire.py")


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
