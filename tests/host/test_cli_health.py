"""The commands that tell how sound a handset is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from tocsin_host import wire
from tocsin_host.cli import main
from tocsin_host.errors import ExitCode
from tocsin_host.wire import SelfCheck, SelfTestFinding, SelfVerdict

if TYPE_CHECKING:
    from tests.host.conftest import ScriptedHandset, StartHandset

_SOUND = [
    SelfTestFinding(SelfCheck.STORAGE, SelfVerdict.PASSED, 850_000),
    SelfTestFinding(SelfCheck.BATTERY, SelfVerdict.PASSED, 4012),
    SelfTestFinding(SelfCheck.HAPTIC, SelfVerdict.SKIPPED, 0),
    SelfTestFinding(SelfCheck.NETWORK, SelfVerdict.PASSED, wire.Registration.ROAMING),
    SelfTestFinding(SelfCheck.CLOCK, SelfVerdict.PASSED, wire.TimeSource.NETWORK),
]
_FAULT = 'call\nFile "tocsin/call.py", line 1, in _attempt\nValueError: \x1b[31mbroken'


def _tocsin(start: StartHandset, answer: wire.Message, *arguments: str) -> Result:
    def script(handset: ScriptedHandset, _message: wire.Message, request: int) -> None:
        handset.reply(answer, request)

    handset = start(script, None)
    return CliRunner().invoke(main, ["--device", handset.address, *arguments])


def _self_test(start: StartHandset, found: list[SelfTestFinding], *arguments: str) -> Result:
    return _tocsin(start, wire.SelfTestResult(found), "selftest", *arguments)


def _json(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_sound_handset_is_said_to_be_sound(start_handset: StartHandset) -> None:
    result = _self_test(start_handset, _SOUND)
    assert result.exit_code == ExitCode.OK
    assert result.stdout.splitlines() == [
        "storage   passed   850000 octets free",
        "battery   passed   4012 mV",
        "haptic    skipped  not looked at",
        "network   passed   roaming",
        "clock     passed   from network",
        "the handset is sound",
    ]


def test_a_failed_check_is_a_verdict_of_its_own(start_handset: StartHandset) -> None:
    lacking = SelfTestFinding(SelfCheck.KEYS, SelfVerdict.FAILED, wire.CONFIG["report_key"].key)
    result = _self_test(start_handset, [*_SOUND, lacking])
    assert result.exit_code == ExitCode.VERDICT
    assert result.stdout.splitlines()[-2:] == [
        "keys      failed   report_key is not set",
        "1 check failed",
    ]
    assert result.stderr == ""


def test_programs_get_every_finding_and_the_same_code(start_handset: StartHandset) -> None:
    silent = SelfTestFinding(SelfCheck.GNSS, SelfVerdict.FAILED, 0)
    result = _self_test(start_handset, [silent], "--json")
    assert result.exit_code == ExitCode.VERDICT
    assert _json(result) == [{"check": "gnss", "verdict": "failed", "value": 0, "meaning": ""}]


def test_figures_of_a_newer_handset_are_shown_as_they_are(start_handset: StartHandset) -> None:
    odd = SelfTestFinding(SelfCheck.CONFIG, SelfVerdict.FAILED, 99)
    result = _self_test(start_handset, [odd])
    assert "key 99 is not set" in result.stdout


def test_a_handset_in_an_alarm_refuses(start_handset: StartHandset) -> None:
    refusal = wire.Failure(wire.FailureCode.BUSY, "an activation is open")
    result = _tocsin(start_handset, refusal, "selftest")
    assert result.exit_code == ExitCode.DEVICE
    assert "an activation is open" in result.stderr


def test_status_tells_the_last_start_and_the_last_fault(start_handset: StartHandset) -> None:
    status = wire.Status(
        reset_cause=wire.ResetCause.WATCHDOG,
        fault_uptime_s=61,
        fault_utc_s=1_767_268_800,
        fault=_FAULT,
    )
    data = _json(_tocsin(start_handset, status, "status", "--json"))
    assert data["reset_cause"] == "watchdog"
    assert data["last_fault_uptime_s"] == 61
    assert data["last_fault_utc"] == "2026-01-01T12:00:00Z"
    assert data["last_fault"].startswith('call; File "tocsin/call.py", line 1, in _attempt; Value')
    assert "\x1b" not in data["last_fault"]


def test_status_of_a_handset_that_never_failed_says_none(start_handset: StartHandset) -> None:
    data = _json(_tocsin(start_handset, wire.Status(), "status", "--json"))
    assert data["last_fault"] == "none"
    assert "last_fault_utc" not in data
