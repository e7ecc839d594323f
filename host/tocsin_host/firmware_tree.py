"""Where the handset firmware's sources are, and what each board says about itself."""

from __future__ import annotations

import difflib
import importlib.util
from pathlib import Path
from types import ModuleType

from tocsin_host.errors import TocsinError, UsageError

_HERE = Path(__file__).resolve()
_PACKAGED = _HERE.parent / "_firmware"
_CHECKOUT = _HERE.parents[2] / "firmware"


def firmware_root() -> Path:
    """Return the firmware folder: the packaged copy, else the checkout's. Raises TocsinError."""
    for root in (_PACKAGED, _CHECKOUT):
        if (root / "boards").is_dir():
            return root
    raise TocsinError(
        "this installation holds no firmware", "install tocsin again, from a complete wheel"
    )


def board_names() -> list[str]:
    """Return the names of all boards there is firmware for, sorted."""
    return sorted(facts.parent.name for facts in firmware_root().glob("boards/*/facts.py"))


def board_facts(name: str) -> ModuleType:
    """Return `boards/NAME/facts.py`, a module of constants only. Raises UsageError."""
    if name not in board_names():
        raise UsageError(f"there is no board {name!r}", _suggest(name))
    path = firmware_root() / "boards" / name / "facts.py"
    spec = importlib.util.spec_from_file_location(f"tocsin_board_{name}", path)
    if spec is None or spec.loader is None:
        raise TocsinError(f"{path} cannot be read as a module", "install tocsin again")
    facts = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(facts)
    return facts


def _suggest(name: str) -> str:
    names = board_names()
    near = difflib.get_close_matches(name, names, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"{guess}boards: {', '.join(names) or 'none'}"
