"""Puts the portable firmware on the import path, with the one module CPython lacks."""

import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"


def _const(value: object) -> object:
    return value


if "micropython" not in sys.modules:
    stub = ModuleType("micropython")
    stub.const = _const  # type: ignore[attr-defined]
    sys.modules["micropython"] = stub
for folder in (FIRMWARE, HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
