"""What others send a file with: mpremote to a VM's REPL, smpclient to a small SMP server."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tocsin_sim.simulation import HEAP_BYTES

_MODULE = "tests.bench.transfer"
_ROOT = Path(__file__).resolve().parents[3]
# CONFIG_MCUMGR_TRANSPORT_NETBUF_SIZE: Zephyr's default.
SMP_BUFFER_BYTES = 384


@dataclass(frozen=True, slots=True)
class Line:
    """A line's two ends, each a port to open."""

    client: str
    device: str


@contextmanager
def line(rtt_ms: float, baud: int = 0) -> Iterator[Line]:
    """A line that adds a round trip, and is no faster than `baud` unless that is 0."""
    command = [
        sys.executable,
        "-m",
        f"{_MODULE}.relay",
        "--rtt-ms",
        str(rtt_ms),
        "--baud",
        str(baud),
    ]
    with _running(command, stdout=subprocess.PIPE, text=True) as relay:
        assert relay.stdout is not None
        yield Line(relay.stdout.readline().strip(), relay.stdout.readline().strip())


@contextmanager
def repl(line: Line, folder: Path) -> Iterator[None]:
    """A MicroPython VM at the target's heap whose REPL is the device's end."""
    micropython = shutil.which("micropython", path=str(Path(sys.executable).parent))
    assert micropython is not None
    command = [micropython, "-X", f"heapsize={HEAP_BYTES}"]
    with Path(line.device).open("r+b", buffering=0) as port:
        streams = {"stdin": port, "stdout": port, "stderr": port}
        with _running(command, cwd=folder, start_new_session=True, **streams):
            yield


@contextmanager
def smp_server(line: Line, target: Path) -> Iterator[None]:
    """A server on the device's end with the buffer of a default Zephyr build."""
    module = f"{_MODULE}.smp_server"
    arguments = [line.device, str(target), str(SMP_BUFFER_BYTES)]
    with _running([sys.executable, "-m", module, *arguments]):
        yield


def mpremote_copy_s(line: Line, file: Path, name: str) -> float:
    """How long `mpremote fs cp` takes, less a command that does nothing."""
    copying_s = _mpremote_s(line, ["fs", "cp", str(file), f":{name}"])
    return copying_s - _mpremote_s(line, ["exec", "pass"])


def _mpremote_s(line: Line, command: Sequence[str]) -> float:
    started_s = time.monotonic()
    whole = [sys.executable, "-m", "mpremote", "connect", line.client, "resume", *command]
    subprocess.run(whole, check=True, capture_output=True, cwd=_ROOT)
    return time.monotonic() - started_s


def smp_upload_s(line: Line, file: Path) -> float:
    """How long smpclient's upload takes, connecting not counted."""
    command = [sys.executable, "-m", f"{_MODULE}.smp_upload", line.client, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT)
    return float(done.stdout)


@contextmanager
def _running(command: Sequence[str], **options: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, **{"cwd": _ROOT, **options})  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.kill()
        process.wait()
