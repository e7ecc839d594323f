"""A firmware that says what it cannot know fails the contract, on every target."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin_host.firmware_tree import firmware_root
from tocsin_host.wire import Stage

ROOT = Path(__file__).resolve().parents[2]
CONNECTED = "        self._trace.stage(wire.STAGE_MODEM_CONNECTED, self.attempt)\n"
BELIEVES_THE_MODEM = """\
        self._trace.stage(wire.STAGE_ANSWER_CONFIRMED, self.attempt)
        self._feedback.tell(wire.NOTICE_ANSWERED)
"""
REPORTS_AN_ANSWER = f"        self._trace.stage({Stage.ANSWERED}, self.attempt)\n"
CRASHES = '        raise ValueError("beyond repair")\n'

# In real time only the call that nobody picks up: no answer there is true.
SHORTEST = {"sim": "", "vm": "nobody_picks_up"}


@pytest.mark.parametrize("target", ["sim", "vm"])
@pytest.mark.parametrize(
    ("addition", "reasons"),
    [
        (
            BELIEVES_THE_MODEM,
            [
                "the firmware claimed ANSWER_CONFIRMED without an acknowledgement",
                "the person felt 'answered' without an acknowledgement",
            ],
        ),
        (REPORTS_AN_ANSWER, ["firmware reported ANSWERED, which is not its to report"]),
    ],
    ids=["believes the modem", "reports an answer"],
)
def test_firmware_with_a_false_answer_fails_the_contract(
    target: str, addition: str, reasons: list[str], tmp_path: Path
) -> None:
    done = contract(target, mutated(addition, tmp_path))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert [reason for reason in reasons if reason not in done.stdout] == []
    assert "blocked" not in done.stdout


def test_firmware_that_crashes_fails_and_does_not_block(tmp_path: Path) -> None:
    done = contract("vm", mutated(CRASHES, tmp_path))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "the firmware crashed (ValueError: beyond repair)" in done.stdout
    assert "blocked" not in done.stdout


def mutated(addition: str, folder: Path) -> Path:
    """Return a copy of the firmware that does `addition` once the modem claims a connection."""
    firmware = folder / "firmware"
    shutil.copytree(firmware_root(), firmware)
    activation = firmware / "tocsin" / "activation.py"
    source = activation.read_text()
    assert source.count(CONNECTED) == 1
    activation.write_text(source.replace(CONNECTED, CONNECTED + addition))
    return firmware


def contract(target: str, firmware: Path) -> "subprocess.CompletedProcess[str]":
    """Run the contract tests as a user would, in a pytest of their own."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "tests/contract", "-k", SHORTEST[target]),
            *(f"--target={target}", f"--tocsin-firmware={firmware}", "-p", "no:cacheprovider"),
        ],
        cwd=ROOT,
        env={name: os.environ[name] for name in os.environ if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )
