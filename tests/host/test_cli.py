from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from tocsin_host import __version__, wire
from tocsin_host.cli import main
from tocsin_host.errors import ExitCode

if TYPE_CHECKING:
    from tests.host.conftest import Script, ScriptedHandset, StartHandset

_RUN = "from tocsin_host.__main__ import main; main()"
# Ctrl-C at a call of a function, counted from where the command begins; 0: tell how many there are.
_RUN_TO = """
import signal, sys
from tocsin_host import interrupt
from tocsin_host.__main__ import main

calls, end = 0, {end}

def count(frame, event, arg):
    global calls
    calls += event == "call"
    if calls == end:
        sys.setprofile(None)
        signal.raise_signal(signal.SIGINT)

interrupt.ends_the_process()
sys.setprofile(count)
try:
    main()
finally:
    sys.setprofile(None)
    if not end:
        print(calls, file=sys.stderr)
"""
_MOMENTS = 24
_HEAVY = ("serial", "jinja2", "construct", "cryptography", "importlib.metadata")


def _tocsin(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _assert_one_line(result: Result, exit_code: ExitCode) -> None:
    """A user's mistake: nothing on stdout, one line on stderr, its exit code."""
    assert result.exit_code == exit_code
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("tocsin: ")


def test_the_version_is_the_distributions(request: pytest.FixtureRequest) -> None:
    from importlib.metadata import version

    assert _tocsin("--version").stdout == f"tocsin {version('tocsin')}\n"
    assert __version__ == version("tocsin")


def test_starting_up_imports_nothing_heavy() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from tocsin_host.cli import main\n"
        "main(['--version'], standalone_mode=False)\n"
        f"print([name for name in {_HEAVY!r} if name in set(sys.modules) - before])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_exit_code_and_command() -> None:
    text = _tocsin("--help").stdout
    flat = " ".join(text.split())
    for code in ExitCode:
        assert re.search(rf"\b{code.value} \w", flat), code
    for command in (
        "call",
        "claim",
        "clock",
        "config",
        "info",
        "journal",
        "send",
        "status",
        "sim",
        "wipe",
    ):
        assert re.search(rf"^  {command} ", text, re.MULTILINE)


def test_info_shows_the_handset(handset: ScriptedHandset) -> None:
    result = _tocsin("--device", handset.address, "info")
    assert result.exit_code == 0
    assert re.search(r"^identity +7001$", result.stdout, re.MULTILINE)
    assert re.search(r"^battery_pct +unknown$", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("place", ["before", "after"])
def test_info_as_json_wherever_the_option_stands(handset: ScriptedHandset, place: str) -> None:
    device = ("--device", handset.address)
    words = ("--json", "info") if place == "before" else ("info", "--json")
    data = json.loads(_tocsin(*device, *words).stdout)
    assert data["board"] == "lilygo_t_a7670"
    assert data["reset_cause"] == "power_on"
    assert data["battery_pct"] is None


def test_device_text_reaches_the_terminal_made_safe(
    start_handset: StartHandset, obedient: Script
) -> None:
    def hostile(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        if isinstance(message, wire.InfoGet):
            handset.reply(wire.Info(board="\x1b]0;owned\x07"), request)
        else:
            obedient(handset, message, request)

    result = _tocsin("--device", start_handset(hostile).address, "info")
    assert r"\x1b]0;owned\x07" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_setting_is_changed_and_read_back(handset: ScriptedHandset) -> None:
    done = _tocsin("--device", handset.address, "config", "set", "hold_ms=1500", "issued=yes")
    assert done.stdout.splitlines() == [
        "hold_ms = 1500",
        "issued = true",
        "saved as configuration 2",
    ]
    read = _tocsin("--device", handset.address, "config", "get", "hold_ms", "good_radius_m")
    assert read.stdout.splitlines() == ["hold_ms       = 1500", "good_radius_m = 50  (default)"]


def test_all_settings_are_shown_without_the_secret(handset: ScriptedHandset) -> None:
    data = json.loads(_tocsin("--device", handset.address, "config", "get", "--json").stdout)
    assert list(data) == list(wire.CONFIG)
    assert data["report_key"] == {"value": None, "default": False, "secret": True}
    assert data["hold_ms"] == {"value": 1000, "default": True, "secret": False}


def test_an_empty_setting_says_that_it_is_not_set(handset: ScriptedHandset) -> None:
    result = _tocsin("--device", handset.address, "config", "get", "call_number")
    assert result.stdout == "call_number = (not set)  (default)\n"


def test_a_secret_is_not_echoed_when_set(handset: ScriptedHandset) -> None:
    key = "ab" * 32
    result = _tocsin("--device", handset.address, "config", "set", f"report_key={key}")
    assert handset.settings[wire.CONFIG["report_key"].key] == bytes.fromhex(key)
    assert key not in result.output


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("hold_m=1500", "did you mean hold_ms?"),
        ("hold_ms=499", "from 500 to 3000"),
        ("hold_ms", "hold_ms=VALUE"),
        ("call_number=999", "8 to 15 digits"),
        ("issued=maybe", "true or false"),
    ],
)
def test_a_bad_setting_is_one_line_and_changes_nothing(
    handset: ScriptedHandset, assignment: str, words: str
) -> None:
    result = _tocsin("--device", handset.address, "config", "set", "identity=5", assignment)
    _assert_one_line(result, ExitCode.CONFIG)
    assert words in result.stderr
    assert handset.end.heard == []


def test_reading_an_unknown_key_suggests_a_near_one(handset: ScriptedHandset) -> None:
    result = _tocsin("--device", handset.address, "config", "get", "identiy")
    _assert_one_line(result, ExitCode.CONFIG)
    assert "did you mean identity?" in result.stderr


def test_restart_is_asked_for(handset: ScriptedHandset) -> None:
    assert _tocsin("--device", handset.address, "restart").exit_code == 0
    assert isinstance(handset.asked[-1], wire.Restart)


def test_unplugging_mid_command_is_one_line_and_no_traceback(
    start_handset: StartHandset, obedient: Script
) -> None:
    def unplugged(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        handset.unplug()

    handset = start_handset(unplugged)
    done = subprocess.run(
        [sys.executable, "-c", _RUN, "--device", handset.address, "config", "set", "hold_ms=1500"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.TRANSPORT
    assert done.stdout == ""
    assert done.stderr == (
        f"tocsin: {handset.port} was disconnected; "
        "plug the handset in again and repeat the command\n"
    )


def test_a_refusal_while_an_alarm_is_raised_is_one_line(
    start_handset: StartHandset, obedient: Script
) -> None:
    def busy(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        if isinstance(message, wire.Restart):
            handset.reply(wire.Failure(wire.FailureCode.BUSY, "activation open"), request)
        else:
            obedient(handset, message, request)

    result = _tocsin("--device", start_handset(busy).address, "restart")
    _assert_one_line(result, ExitCode.DEVICE)
    assert "activation open" in result.stderr


def test_interrupting_ends_with_one_line_and_130(start_handset: StartHandset) -> None:
    asked = threading.Event()
    handset = start_handset(lambda *_: asked.set())
    command = [sys.executable, "-c", _RUN, "--device", handset.address, "--timeout", "50", "info"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert asked.wait(10)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=10)
    assert process.returncode == ExitCode.INTERRUPTED
    assert stderr == "tocsin: interrupted\n"


def _run_to(end: int, handset: ScriptedHandset) -> tuple[int, str]:
    program = _RUN_TO.format(end=end)
    command = [sys.executable, "-c", program, "--device", handset.address, "info"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    return done.returncode, done.stderr


@pytest.mark.timeout(600)  # two dozen interpreters, one after the other
def test_interrupting_at_any_moment_ends_with_one_line_and_130(
    start_handset: StartHandset, obedient: Script
) -> None:
    code, calls = _run_to(0, start_handset(obedient))
    assert code == ExitCode.OK
    for place in range(_MOMENTS):
        end = 1 + int(calls) * 9 * place // (10 * _MOMENTS)
        told = _run_to(end, start_handset(obedient))
        assert told == (ExitCode.INTERRUPTED, "tocsin: interrupted\n"), end


def test_a_silent_handset_is_a_timeout(start_handset: StartHandset) -> None:
    handset = start_handset(lambda *_: None)
    result = _tocsin("--device", handset.address, "--timeout", "0.2", "info")
    _assert_one_line(result, ExitCode.TIMEOUT)


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("info",), ExitCode.USAGE),
        (("inof",), ExitCode.USAGE),
        (("info", "--colour"), ExitCode.USAGE),
        (("config", "set"), ExitCode.USAGE),
        (("--device", "usb0", "info"), ExitCode.USAGE),
        (("--device", "serial:/dev/no-such-port", "info"), ExitCode.NOT_FOUND),
        (("--device", "serial:/dev/null", "info"), ExitCode.TRANSPORT),
    ],
)
def test_each_mistake_is_one_line_with_its_exit_code(
    arguments: tuple[str, ...], exit_code: ExitCode
) -> None:
    _assert_one_line(_tocsin(*arguments), exit_code)


def test_generated_files_are_up_to_date() -> None:
    assert _tocsin("protocol", "generate", "--check").exit_code == 0
