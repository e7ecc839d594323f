"""The commands a technician services a handset with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from handset_end import Character

from tocsin_host import wire
from tocsin_host.cli import main
from tocsin_host.errors import ExitCode
from tocsin_host.session import UNCLAIMED_KEY, Role

if TYPE_CHECKING:
    from pathlib import Path

    from tests.host.conftest import Script, ScriptedHandset, StartHandset

UNCLAIMED = Character(keys={Role.FACTORY: UNCLAIMED_KEY})


def _tocsin(handset: ScriptedHandset, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--device", handset.address, *arguments])


def _answer(handset: ScriptedHandset, *arguments: str) -> Any:
    result = _tocsin(handset, *arguments, "--json")
    assert result.exit_code == ExitCode.OK, result.stderr
    return json.loads(result.stdout)


def test_status_says_unknown_for_what_the_handset_does_not_know(handset: ScriptedHandset) -> None:
    data = _answer(handset, "status")
    assert (data["battery_mv"], data["battery_pct"], data["fix_age_s"]) == (3912, None, None)
    assert (data["registration"], data["gnss"], data["activation_open"]) == (
        "roaming",
        "searching",
        False,
    )
    assert "battery_pct         unknown" in _tocsin(handset, "status").stdout


def test_diff_shows_what_differs_and_no_secret(handset: ScriptedHandset) -> None:
    assert _tocsin(handset, "config", "diff").stdout == "every setting has its default\n"
    key = "ab" * 32
    _tocsin(handset, "config", "set", "hold_ms=1500", f"report_key={key}", "issued=yes")
    result = _tocsin(handset, "config", "diff")
    assert result.stdout.splitlines() == [
        "issued     = true",
        "report_key = (secret, cannot be read)",
        "hold_ms    = 1500",
    ]


def test_reset_gives_named_settings_their_defaults(handset: ScriptedHandset) -> None:
    _tocsin(handset, "config", "set", "hold_ms=1500", "good_radius_m=30")
    assert _tocsin(handset, "config", "reset", "hold_ms").stdout == "saved as configuration 3\n"
    assert list(_answer(handset, "config", "diff")) == ["good_radius_m"]
    assert _answer(handset, "config", "reset", "--all") == {"generation": 4, "reset": "all"}
    assert _answer(handset, "config", "diff") == {}


@pytest.mark.parametrize("arguments", [(), ("hold_ms", "--all")])
def test_reset_of_everything_must_be_asked_for(
    handset: ScriptedHandset, arguments: tuple[str, ...]
) -> None:
    assert _tocsin(handset, "config", "reset", *arguments).exit_code == ExitCode.USAGE
    assert handset.asked == []


def test_journal_is_read_page_by_page_from_where_one_likes(handset: ScriptedHandset) -> None:
    data = _answer(handset, "journal")
    assert [(line["sequence"], line["kind"], line["code"]) for line in data] == [
        (3, "BOOT", "WATCHDOG"),
        (4, "PRESSED", "BEGAN"),
        (6, "CLOSED", "ANSWERED"),
    ]
    assert (data[0]["utc"], data[1]["utc"]) == (None, "2026-01-01T12:00:00Z")
    assert [line["sequence"] for line in _answer(handset, "journal", "--from", "5")] == [6]
    assert _tocsin(handset, "journal", "--from", "7").stdout == "no entries\n"
    assert not any(isinstance(message, wire.JournalAck) for message in handset.asked)


def test_journal_is_acknowledged_through_its_last_entry(handset: ScriptedHandset) -> None:
    _answer(handset, "journal", "--ack")
    assert handset.asked[-1] == wire.JournalAck(6)


def test_clock_is_read_and_set(handset: ScriptedHandset) -> None:
    data = _answer(handset, "clock", "get")
    assert (data["utc"], data["source"]) == ("2026-01-01T12:00:00Z", "network")
    data = _answer(handset, "clock", "set")
    assert data["source"] == "host"
    assert abs(data["ahead_s"]) <= 2


def test_claim_stores_the_keys_before_it_sends_them(
    start_handset: StartHandset, obedient: Script, tmp_path: Path
) -> None:
    stored: list[str] = []

    def watched(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        stored.append((tmp_path / "keys" / "7002.toml").read_text())
        obedient(handset, message, request)

    handset = start_handset(watched, UNCLAIMED)
    data = _answer(handset, "claim", "7002")
    assert data == {"identity": 7002, "keys": str(tmp_path / "keys" / "7002.toml")}
    (claim,) = handset.asked
    assert isinstance(claim, wire.Claim)
    for key in (claim.factory_key, claim.technician_key, claim.fixture_key):
        assert key.hex() in stored[0]
    assert (tmp_path / "keys" / "7002.toml").stat().st_mode & 0o777 == 0o600


def test_lost_answer_to_a_claim_loses_no_keys(start_handset: StartHandset, tmp_path: Path) -> None:
    handset = start_handset(lambda handset, *_: handset.unplug(), UNCLAIMED)
    assert _tocsin(handset, "claim", "7001").exit_code == ExitCode.TRANSPORT
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        "7001-2.toml",  # beside those of an earlier 7001
        "7001.toml",
    ]


def test_keys_that_were_refused_are_not_kept(start_handset: StartHandset, tmp_path: Path) -> None:
    failure = wire.Failure(wire.FailureCode.STORAGE, "flash")
    handset = start_handset(lambda handset, _, number: handset.reply(failure, number), UNCLAIMED)
    assert _tocsin(handset, "claim", "7002").exit_code == ExitCode.DEVICE
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["7001.toml"]


def test_handset_that_is_somebodys_is_not_claimed(handset: ScriptedHandset) -> None:
    result = _tocsin(handset, "claim", "7002")
    assert result.exit_code == ExitCode.DEVICE
    assert "claimed already; wipe it first" in result.stderr
    assert handset.asked == []


def test_wipe_names_the_handset_it_means(handset: ScriptedHandset) -> None:
    assert _tocsin(handset, "wipe", "7002").exit_code == ExitCode.DEVICE
    told = {"wiped": 7001, "erasing": True}  # it does not say that its flash is cleared
    assert _answer(handset, "wipe", "--wait", "0.5", "7001") == told
    assert "still clears its flash" in _tocsin(handset, "wipe", "--wait", "0", "7001").stdout


def test_without_its_key_file_a_handset_is_not_opened(
    handset: ScriptedHandset, tmp_path: Path
) -> None:
    result = _tocsin(handset, "--keys", str(tmp_path / "none"), "info")
    assert result.exit_code == ExitCode.AUTH
    assert len(result.stderr.splitlines()) == 1
    assert f"in {tmp_path / 'none'}; name the folder" in result.stderr


def test_wrong_role_is_not_opened(start_handset: StartHandset, obedient: Script) -> None:
    handset = start_handset(obedient, UNCLAIMED)
    result = _tocsin(handset, "--role", "fixture", "info")
    assert result.exit_code == ExitCode.AUTH
    assert "has no fixture key; claim it" in result.stderr


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_test_call_passes_when_the_answer_point_has_confirmed_it(
    start_handset: StartHandset, *, is_confirmed: bool
) -> None:
    asked: list[wire.Message] = []

    def rings_twice(handset: ScriptedHandset, message: wire.Message, number: int) -> None:
        asked.append(message)
        is_open = int(len(asked) < 3)
        state = wire.ActivationState(5, is_open, int(is_confirmed and not is_open))
        handset.reply(state, number)

    handset = start_handset(rings_twice)
    result = _tocsin(handset, "call", "test", "--limit", "30", "--alternate", "--json")
    assert result.exit_code == (ExitCode.OK if is_confirmed else ExitCode.VERDICT)
    told = json.loads(result.stdout)
    assert (told["activation"], told["open"], told["confirmed"]) == (5, False, is_confirmed)
    assert asked == [wire.TestCall(30, 1), wire.ActivationGet(), wire.ActivationGet()]


def test_test_call_need_not_be_waited_for(start_handset: StartHandset) -> None:
    state = wire.ActivationState(5, 1)
    handset = start_handset(lambda handset, _, number: handset.reply(state, number))
    assert _answer(handset, "call", "test", "--no-wait")["open"]
    assert _answer(handset, "call", "cancel", "5")["priority"] == "test"
    assert handset.asked == [wire.TestCall(60, 0), wire.ActivationCancel(5)]


@pytest.mark.parametrize("command", [("test",), ("cancel", "6")])
def test_call_that_the_handset_refuses_is_an_error(
    start_handset: StartHandset, command: tuple[str, ...]
) -> None:
    failure = wire.Failure(wire.FailureCode.NOT_READY, "no number")
    handset = start_handset(lambda handset, _, number: handset.reply(failure, number))
    result = _tocsin(handset, "call", *command)
    assert result.exit_code == ExitCode.DEVICE
    assert len(result.stderr.splitlines()) == 1


def test_file_that_is_not_there_is_not_sent(handset: ScriptedHandset, tmp_path: Path) -> None:
    result = _tocsin(handset, "send", str(tmp_path / "none"), "--as", "aiding")
    assert result.exit_code == ExitCode.USAGE
    assert _tocsin(handset, "send", str(tmp_path / "none")).exit_code == ExitCode.USAGE
    assert handset.asked == []
