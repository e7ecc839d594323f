"""One VM process and the two pipes of its lock-step link."""

import json
import os
import select
import signal
import struct
import time
from collections.abc import Mapping
from pathlib import Path

from tocsin_sim.vm import launch
from tocsin_sim.vm.instructions import InstructionCounter

_FRAME = struct.Struct("<Iqq")
_FRAME_REST_BYTES = 16  # of the header, counted in its length field
_MAX_RECORDS_BYTES = 2048  # the VM's receive buffer
_READ_BYTES = 65536
_HANG_CPU_SHARE = 0.4  # of the time-out, used up after it: one that lacks CPU time is not hung


class VmEnded(Exception):  # noqa: N818 # not an error but news
    """The VM process is gone, `status` as of os.waitstatus_to_exitcode."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class VmHung(Exception):  # noqa: N818 # likewise
    """The VM computes without end; it has been stopped."""


class VmProcess:
    """A MicroPython VM running the shims and an image, from fork to kill."""

    def __init__(
        self,
        shim_path: Path,
        heap_bytes: int,
        setting: Mapping[str, object],
        hang_timeout_s: float,
    ) -> None:
        self._hang_timeout_ms = int(hang_timeout_s * 1000)
        self._output_fd = os.memfd_create("vm-output")
        vm_read_fd, self._write_fd = os.pipe()
        self._read_fd, vm_write_fd = os.pipe()
        self._pid = launch.fork_vm(
            ["-X", f"heapsize={heap_bytes}", "-c", "import shim.start"],
            # Not an argument: the VM makes symbols of those, and of at most 255 bytes.
            {"MICROPYPATH": f"{shim_path}:.frozen", "SETTING": json.dumps(dict(setting))},
            self._output_fd,
            (vm_read_fd, vm_write_fd),
        )
        os.close(vm_read_fd)
        os.close(vm_write_fd)
        self._cpu_clock = (~self._pid << 3) | 2  # clock_getcpuclockid(3) of another process
        self._counter: InstructionCounter | None = None
        self._poll = select.poll()
        self._poll.register(self._read_fd, select.POLLIN)

    def exchange(self, now_us: int, horizon_us: int, records: bytes) -> tuple[int, int, bytes]:
        """Let the VM run: returns its time, when it wants to go on, and what it sent.

        Raises VmEnded or VmHung.
        """
        if len(records) > _MAX_RECORDS_BYTES:
            raise ValueError(f"{len(records)} bytes of records at one instant, at {now_us} us")
        frame = _FRAME.pack(_FRAME_REST_BYTES + len(records), now_us, horizon_us) + records
        try:
            os.write(self._write_fd, frame)
        except BrokenPipeError:
            raise self._ended() from None
        answer = self._read()
        size, vm_now_us, next_us = _FRAME.unpack_from(answer)
        while len(answer) < size + 4:
            answer += self._read()
        return vm_now_us, next_us, answer[_FRAME.size :]

    def _read(self) -> bytes:
        if not self._poll.poll(self._hang_timeout_ms):
            self._wait_or_hang()
        data = os.read(self._read_fd, _READ_BYTES)
        if not data:
            raise self._ended()
        return data

    def _wait_or_hang(self) -> None:
        limit_ns = self.cpu_ns() + int(self._hang_timeout_ms * _HANG_CPU_SHARE * 1e6)
        while not self._poll.poll(self._hang_timeout_ms // 10):
            if self.cpu_ns() > limit_ns:
                os.kill(self._pid, signal.SIGSTOP)
                raise VmHung

    def _ended(self) -> VmEnded:
        status = launch.kill(self._pid)
        self._pid = 0
        return VmEnded(status)

    def cpu_ns(self) -> int:
        """Return the CPU time the VM has used so far, 0 once it is gone."""
        if not self._pid:
            return 0
        return time.clock_gettime_ns(self._cpu_clock)

    def instructions(self) -> int:
        """Return how many instructions it executed since the first call, 0 where none counts."""
        if self._counter is None:
            self._counter = InstructionCounter(self._pid)
        return self._counter.read()

    def output(self) -> str:
        """Return what it printed so far."""
        return launch.read_output(self._output_fd)

    def kill(self) -> None:
        """End the process as a power cut would, and release everything."""
        if self._counter is not None:
            self._counter.close()
        if self._pid:
            launch.kill(self._pid)
        for fd in (self._write_fd, self._read_fd, self._output_fd):
            os.close(fd)
