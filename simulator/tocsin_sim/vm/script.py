"""Run one MicroPython script on the VM, at a given heap."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin_sim.vm import launch

TIMED_OUT = -1000


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """How a script ended: exit status (negative: killed by that signal) and all it printed."""

    status: int
    output: str


def run_script(
    script: Path | str,
    search_path: Sequence[Path] = (),
    *,
    heap_bytes: int = 320 * 1024,
    arguments: Sequence[str] = (),
    timeout_s: float = 10.0,
) -> ScriptResult:
    """Run a script (a file, or source text) in a fresh VM and wait for its end.

    `search_path` follows the frozen modules on `sys.path`. No shims: clock and file
    system are the host's. Status is TIMED_OUT after `timeout_s`.
    """
    output_fd = os.memfd_create("script-output")
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = script if isinstance(script, Path) else _written(script, Path(folder))
            status = _run(path, search_path, heap_bytes, arguments, output_fd, timeout_s)
        return ScriptResult(status, launch.read_output(output_fd))
    finally:
        os.close(output_fd)


def _written(source: str, folder: Path) -> Path:
    path = folder / "script.py"
    path.write_text(source)
    return path


def _run(
    path: Path,
    search_path: Sequence[Path],
    heap_bytes: int,
    arguments: Sequence[str],
    output_fd: int,
    timeout_s: float,
) -> int:
    pid = launch.fork_vm(
        ["-X", f"heapsize={heap_bytes}", str(path), *arguments],
        {"MICROPYPATH": ":".join([".frozen", *map(str, search_path)])},
        output_fd,
    )
    status = launch.wait_for_exit(pid, timeout_s)
    if status is None:
        launch.kill(pid)
        return TIMED_OUT
    return status
