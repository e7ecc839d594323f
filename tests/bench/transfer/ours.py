"""Send a file through a secured session to the firmware on a VM, and print what it took.

`python -m tests.bench.transfer.ours CLIENT_PORT DEVICE_PORT FILE BAUD`, baud 0 for a line without.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tocsin_host import wire
from tocsin_host.bytecode import compile_tree
from tocsin_host.client import HandsetClient
from tocsin_host.errors import TocsinError
from tocsin_host.firmware_tree import firmware_root
from tocsin_host.keys import KeyStore
from tocsin_sim.provision import handset_keys, provisioned_files
from tocsin_sim.simulation import HEAP_BYTES
from tocsin_sim.vm import launch
from tocsin_sim.world.setting import Setting

_SCRIPT = Path(__file__).resolve().parents[1] / "vm" / "pty_handset.py"
_CASES = Path(__file__).resolve().parents[2] / "firmware"
_NO_BAUD = 100_000_000  # what the link goes by when it chooses its next frame
_SEED = 1
_UTIME_FIELD = 11  # of /proc/PID/stat after the name, proc(5) field 14


@dataclass(frozen=True, slots=True)
class Sending:
    """How long it took, and for how much of the transfer the handset's processor was busy."""

    connecting_s: float
    transfer_s: float
    device_cpu_s: float


@dataclass(frozen=True, slots=True)
class Device:
    """A running VM with the firmware; `folder` is its flash."""

    pid: int
    folder: Path
    output_fd: int

    @property
    def cpu_s(self) -> float:
        """CPU time it has taken so far, without the kernel's for terminals and polling."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[_UTIME_FIELD]) / os.sysconf("SC_CLK_TCK")


@contextmanager
def firmware_at(port: str, baud: int) -> Iterator[Device]:
    """The firmware, provisioned, with its host link at a port."""
    output_fd = os.memfd_create("handset-output")
    with tempfile.TemporaryDirectory() as name:
        for path, content in provisioned_files(Setting(), _SEED).items():
            (Path(name) / path.lstrip("/")).write_bytes(content)
        pid = launch.fork_vm(
            ["-X", f"heapsize={HEAP_BYTES}", str(_SCRIPT), port, name, str(baud or _NO_BAUD)],
            {"MICROPYPATH": f".frozen:{_compiled()}:{_CASES}"},
            output_fd,
        )
        try:
            yield Device(pid, Path(name), output_fd)
        finally:
            launch.kill(pid)
            os.close(output_fd)


def _compiled() -> Path:
    root = firmware_root()
    sources = [root / "slots.py", *sorted((root / "tocsin").rglob("*.py"))]
    return compile_tree({str(each.relative_to(root)): each.read_bytes() for each in sources})


def send(port: str, device: Device, data: bytes) -> Sending:
    """Open a session and send `data`, which the handset answers for by its hash."""
    with tempfile.TemporaryDirectory() as name:
        keys = KeyStore(Path(name))
        keys.save(handset_keys(_SEED, Setting().identity))
        started_s = time.monotonic()
        with HandsetClient.open(f"serial:{port}", keys, wire.Role.TECHNICIAN) as client:
            opened_s, cpu_s = time.monotonic(), device.cpu_s
            client.transfers.send(wire.TransferKind.UPDATE, data)
            ended_s, cpu_s = time.monotonic(), device.cpu_s - cpu_s
    return Sending(opened_s - started_s, ended_s - opened_s, cpu_s)


def main() -> None:
    """Send, and compare what the handset has on its flash."""
    client_port, device_port, file, baud = sys.argv[1:]
    data = Path(file).read_bytes()
    with firmware_at(device_port, int(baud)) as device:
        try:
            sending = send(client_port, device, data)
        except TocsinError:
            sys.stderr.write(launch.read_output(device.output_fd))
            raise
        if (device.folder / "update").read_bytes() != data:
            raise RuntimeError("the handset has something else")
    sys.stdout.write(json.dumps(asdict(sending)) + "\n")


if __name__ == "__main__":
    main()
