"""`tocsin sim live` and the commands that talk to it: real processes, real serial ports."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tocsin_hil.errors import BlockedError
from tocsin_hil.live_process import LiveProcess
from tocsin_host.errors import ExitCode

TOCSIN = (sys.executable, "-m", "tocsin_host")


@pytest.fixture
def flash(tmp_path: Path) -> Path:
    return tmp_path / "flash"


@pytest.fixture
def live(flash: Path) -> Iterator[LiveProcess]:
    with LiveProcess([f"--flash={flash}"]) as process:
        yield process


def command(live: LiveProcess) -> list[str]:
    return [*TOCSIN, "--keys", str(live.keys), "--device", live.handset]


def tocsin(live: LiveProcess, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*command(live), *arguments], capture_output=True, text=True, check=False)


def answer(live: LiveProcess, *arguments: str) -> Any:
    done = tocsin(live, "--json", *arguments)
    assert done.returncode == ExitCode.OK, done.stderr
    return json.loads(done.stdout)


def hold_ms(live: LiveProcess) -> int:
    value: int = answer(live, "config", "get", "hold_ms")["hold_ms"]["value"]
    return value


def test_setting_survives_a_restart_and_the_end_of_the_process(
    live: LiveProcess, flash: Path
) -> None:
    assert answer(live, "info")["board"] == "lilygo_t_a7670"
    assert hold_ms(live) == 1000
    answer(live, "config", "set", "hold_ms=1700")
    assert hold_ms(live) == 1700
    answer(live, "restart")
    assert hold_ms(live) == 1700
    assert answer(live, "info")["reset_cause"] == "soft"
    live.close()
    with LiveProcess([f"--flash={flash}"]) as another:
        assert hold_ms(another) == 1700


@pytest.mark.parametrize("assignment", ["hold_ms=20", "hold_time=1200"])
def test_bad_setting_is_one_line_and_changes_nothing(live: LiveProcess, assignment: str) -> None:
    done = tocsin(live, "config", "set", "good_radius_m=30", assignment)
    assert done.returncode == ExitCode.CONFIG
    assert len(done.stderr.splitlines()) == 1
    settings = answer(live, "config", "get")
    assert all(settings[name]["default"] for name in ("hold_ms", "good_radius_m"))


def test_unplugging_mid_command_is_one_line_and_its_exit_code(live: LiveProcess) -> None:
    os.kill(live.pid, signal.SIGSTOP)  # so that no answer can come
    asking = subprocess.Popen(
        [*command(live), "--timeout", "60", "info"],
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until_open(asking.pid, live.handset.partition(":")[2])
    os.kill(live.pid, signal.SIGKILL)
    _, stderr = asking.communicate(timeout=10)
    assert asking.returncode == ExitCode.TRANSPORT
    (line,) = stderr.splitlines()
    assert "was disconnected" in line


def wait_until_open(pid: int, port: str) -> None:
    """Wait until process `pid` has opened `port`."""
    limit_s = time.monotonic() + 10
    while time.monotonic() < limit_s:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # it may be closed meanwhile
                if str(handle.readlink()) == port:
                    time.sleep(0.5)  # it is set up, too, by then
                    return
        time.sleep(0.02)
    raise AssertionError(f"{port} was never opened")


def test_flash_of_a_running_handset_is_refused_to_another(live: LiveProcess, flash: Path) -> None:
    with pytest.raises(BlockedError) as caught:
        LiveProcess([f"--flash={flash}"])
    assert "runs already; name another with --flash" in caught.value.hint


def test_fast_client_waits_for_the_speed_of_the_port(live: LiveProcess) -> None:
    import serial

    with serial.Serial(live.handset.partition(":")[2], timeout=5) as port:
        began_s = time.monotonic()
        port.write(bytes(16_000))
        assert time.monotonic() - began_s > 0.5  # 115,200 baud: 11,520 bytes a second
    assert answer(live, "info")["identity"] == 7001


def test_end_by_a_signal_takes_its_handset_along(live: LiveProcess) -> None:
    (vm,) = Path(f"/proc/{live.pid}/task/{live.pid}/children").read_text().split()
    live.close()
    assert not Path(f"/proc/{vm}").exists()
