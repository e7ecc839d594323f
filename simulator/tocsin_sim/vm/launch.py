"""Fork a MicroPython VM from this process, which has it loaded already."""

import contextlib
import ctypes
import os
import select
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import micropython_run

LINK_READ_FD = 3
LINK_WRITE_FD = 4
_PR_SET_PDEATHSIG = 1
_PROCESSOR_FIELD = 36  # of /proc/PID/stat after the name, proc(5) field 39
_libc = ctypes.CDLL(None)


def fork_vm(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    output_fd: int,
    link_fds: tuple[int, int] | None = None,
) -> int:
    """Start `micropython ARGUMENTS` in a child; returns its process id.

    The child's standard output and error go to `output_fd`; `link_fds` become its
    descriptors 3 (to read) and 4 (to write). It dies with its parent.
    """
    pid = os.fork()
    if pid == 0:
        _become_vm(arguments, environment, output_fd, link_fds)
    return pid


def _become_vm(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    output_fd: int,
    link_fds: tuple[int, int] | None,
) -> NoReturn:
    status = 1
    try:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _lay_out_descriptors(output_fd, link_fds)
        os.environ.update(environment)
        status = micropython_run.run_main(["micropython", *arguments])
    finally:
        os._exit(status)


def _lay_out_descriptors(output_fd: int, link_fds: tuple[int, int] | None) -> None:
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    first_unused = 3
    if link_fds is not None:
        # Through high numbers first: either end may itself be 3 or 4.
        ends = [os.dup2(fd, high) for fd, high in zip(link_fds, (100, 101), strict=True)]
        os.dup2(ends[0], LINK_READ_FD)
        os.dup2(ends[1], LINK_WRITE_FD)
        first_unused = 5
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.closerange(first_unused, os.sysconf("SC_OPEN_MAX"))


def wait_for_exit(pid: int, timeout_s: float) -> int | None:
    """Return the child's exit status (negative: killed by that signal), None if still running."""
    pidfd = os.pidfd_open(pid)
    try:
        ended, _, _ = select.select([pidfd], [], [], timeout_s)
    finally:
        os.close(pidfd)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if ended else None


def kill(pid: int) -> int:
    """End the child at once and collect it; returns its exit status."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def read_output(fd: int) -> str:
    """Return everything a child has written to the memory file `fd`."""
    size_bytes = os.fstat(fd).st_size
    return os.pread(fd, size_bytes, 0).decode(errors="replace")


def current_cpu() -> int:
    """Return the number of the CPU this process runs on, or the first one it may use."""
    allowed = os.sched_getaffinity(0)
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    cpu = int(fields[_PROCESSOR_FIELD]) if len(fields) > _PROCESSOR_FIELD else -1
    return cpu if cpu in allowed else min(allowed)
