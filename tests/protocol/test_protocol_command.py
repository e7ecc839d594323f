"""`tocsin protocol generate` and `release` on schemas that may not be."""

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tocsin_host.cli import main
from tocsin_protocol import schema
from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.vocabulary import Field, u8

VERDICT, USAGE = 11, 2
MORE = Field("more", u8(), "", (1, 1))


def tocsin(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["protocol", *arguments])


def faults(result: Result) -> list[str]:
    assert result.exit_code == VERDICT, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found["faults"]  # type: ignore[no-any-return]


def change(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:
    changed = [replace(m, **changes) if m.name == name else m for m in schema.MESSAGES]
    monkeypatch.setattr(schema, "MESSAGES", tuple(changed))


def test_a_field_that_changes_its_place_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "AnswerAck", fields=schema.MESSAGES[12].fields[::-1])
    [fault] = faults(tocsin("generate", "--check", "--json"))
    assert fault.startswith("the order of AnswerAck's fields changed")


def test_an_exchange_without_an_end_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "Restart", replies=())
    assert "Restart starts an exchange" in faults(tocsin("generate", "--check", "--json"))[0]


def test_a_field_from_the_future_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "ConfigApplied", fields=(*schema.MESSAGES[7].fields, MORE))
    assert "raise MINOR" in faults(tocsin("generate", "--check", "--json"))[0]


def test_appended_fields_and_messages_are_only_out_of_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema, "MINOR", schema.MINOR + 1)
    change(monkeypatch, "ConfigApplied", fields=(*schema.MESSAGES[7].fields, MORE))
    ping = Message("Ping", 0x7E, Direction.TO_HOST, "Ping.", flow=Flow.EVENT, since=(1, 1))
    monkeypatch.setattr(schema, "MESSAGES", (*schema.MESSAGES, ping))
    result = tocsin("generate", "--check")
    assert result.exit_code == VERDICT
    assert result.output.startswith("out of date: firmware/tocsin/wire.py")


def test_a_release_is_never_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    change(monkeypatch, "Restart", fields=(MORE,))
    result = tocsin("release")
    assert result.exit_code == USAGE
    assert "version 1.0 is released, and the schema differs from it" in result.output


def test_a_release_may_be_stored_again_as_it_is() -> None:
    assert tocsin("release").output == "released: protocol/released/1.0.json\n"
