"""Ways to send a file over a line, each to a device of its own; they return seconds.

Connecting is not counted: mpremote's is what a command takes that does nothing.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.transfer.ours import Sending

from tocsin_sim.simulation import HEAP_BYTES

_MODULE = "tests.bench.transfer"
_ROOT = Path(__file__).resolve().parents[3]
_BOOT_S = 0.3


@dataclass(frozen=True, slots=True)
class Line:
    """A line's two ends, each a port to open."""

    client: str
    device: str


@contextmanager
def line(rtt_ms: float, baud: int = 0) -> Iterator[Line]:
    """A line that adds a round trip, and is no faster than `baud` unless that is 0."""
    options = ["--rtt-ms", str(rtt_ms), "--baud", str(baud)]
    command = [sys.executable, "-m", f"{_MODULE}.relay", *options]
    with _running(command, stdout=subprocess.PIPE, text=True) as relay:
        assert relay.stdout is not None
        yield Line(relay.stdout.readline().strip(), relay.stdout.readline().strip())


@contextmanager
def _repl(line: Line, folder: Path) -> Iterator[None]:
    """A MicroPython VM at the target's heap whose REPL is the device's end."""
    micropython = shutil.which("micropython", path=str(Path(sys.executable).parent))
    assert micropython is not None
    command = [micropython, "-X", f"heapsize={HEAP_BYTES}"]
    with Path(line.device).open("r+b", buffering=0) as port:
        streams = {"stdin": port, "stdout": port, "stderr": port}
        with _running(command, cwd=folder, start_new_session=True, **streams):
            time.sleep(_BOOT_S)
            yield


@contextmanager
def _smp_server(line: Line, target: Path, buffer_bytes: int) -> Iterator[None]:
    """A server on the device's end whose messages are no longer than its buffer."""
    module = f"{_MODULE}.smp_server"
    command = [sys.executable, "-m", module, line.device, str(target), str(buffer_bytes)]
    with _running(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        server.stdout.readline()
        yield


def our_sending(line: Line, file: Path, baud: int = 0) -> Sending:
    """Through a secured session to the firmware on a VM."""
    command = [f"{_MODULE}.ours", line.client, line.device, str(file), str(baud)]
    return Sending(**json.loads(_output(command)))


def mpremote_s(line: Line, file: Path) -> float:
    """`mpremote fs cp` to a VM's REPL."""
    with tempfile.TemporaryDirectory() as folder, _repl(line, Path(folder)):
        nothing_s = _mpremote_s(line, ["exec", "pass"])
        copying_s = _mpremote_s(line, ["fs", "cp", str(file), ":copy"])
        _check(Path(folder) / "copy", file)
    return copying_s - nothing_s


def _mpremote_s(line: Line, command: Sequence[str]) -> float:
    started_s = time.monotonic()
    _output(["mpremote", "connect", line.client, "resume", *command])
    return time.monotonic() - started_s


def smpclient_s(line: Line, file: Path, buffer_bytes: int) -> float:
    """smpclient's upload to a server whose messages are no longer than its buffer."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        with _smp_server(line, copy, buffer_bytes):
            took = _output([f"{_MODULE}.smp_upload", line.client, str(file)])
        _check(copy, file)
    return float(took)


def _check(copy: Path, file: Path) -> None:
    if copy.read_bytes() != file.read_bytes():
        raise RuntimeError("what has arrived is something else")


def _output(module: Sequence[str]) -> str:
    command = [sys.executable, "-m", *module]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=_ROOT)
    if done.returncode:
        raise RuntimeError(f"{' '.join(module)}: {done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def _running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, **{"cwd": _ROOT, **options}) as process:
        try:
            yield process
        finally:
            process.kill()
