"""Which other process has a device file open (Linux; elsewhere the answer is 'unknown')."""

from __future__ import annotations

import os
from pathlib import Path


def port_owner(port: str) -> str:
    """Name the process holding `port`, as 'minicom (process 4711)', or '' when not visible."""
    target = str(Path(port).resolve())
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) != os.getpid() and _has_open(process, target):
            return f"{_command(process)} (process {process.name})"
    return ""


def _has_open(process: Path, target: str) -> bool:
    try:
        return any(str(handle.readlink()) == target for handle in (process / "fd").iterdir())
    except OSError:  # gone meanwhile, or another user's
        return False


def _command(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "a program"
