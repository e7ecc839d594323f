"""A rig that fails says so, and judges nobody."""

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tocsin_hil.bench import Circumstances
from tocsin_hil.errors import BlockedError
from tocsin_hil.live_process import LiveProcess
from tocsin_hil.targets import open_bench
from tocsin_host.measure import RunRecord

BOARD = "lilygo_t_a7670"


def live_children() -> list[int]:
    """Return the process ids of the live handsets this process has started."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in pids if b"live" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_live_handset_that_dies_in_a_run_blocks_it() -> None:
    def pull_the_plug(record: RunRecord) -> bool:
        for pid in live_children():
            os.kill(pid, signal.SIGKILL)
        return False

    with pytest.raises(BlockedError):
        open_bench("vm", BOARD, None).press(Circumstances(), until=pull_the_plug)
    assert live_children() == []


def test_live_handset_that_does_not_start_blocks_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(BlockedError, match="ended with status 2") as caught:
        LiveProcess(["--board=no_such_board", f"--flash={tmp_path}/flash"])
    assert "there is no board" in caught.value.hint


def test_blocked_test_is_neither_passed_nor_skipped_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_rig.py").write_text(
        "from tocsin_hil.errors import BlockedError\n"
        "def test_press():\n"
        "    raise BlockedError('the port is gone', 'plug it in')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junit-xml=junit.xml"],
        cwd=tmp_path,
        env={name: os.environ[name] for name in os.environ if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 blocked in" in done.stdout
    assert "test_rig.py::test_press: the port is gone; plug it in" in done.stdout
    report = ET.parse(tmp_path / "junit.xml")
    (found,) = report.iter("property")
    assert found.attrib == {"name": "blocked", "value": "the port is gone; plug it in"}
