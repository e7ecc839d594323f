"""Power cuts at every flash operation, clean and torn, and once more during each recovery."""

import tempfile
from pathlib import Path

from tests.soak.line import imported

from tocsin_host.bytecode import compile_tree
from tocsin_sim.vm.script import run_script

COLUMNS = ("cuts, clean", "cuts, torn", "more in recovery")

_CASES = Path(__file__).resolve().parents[1] / "firmware"
_FIRMWARE = _CASES.parents[1] / "firmware"
_HEAP_BYTES = 1 << 20  # it holds the flash as well, several times
_SCRIPT = """
import sys
module = __import__("portable_cases." + sys.argv[1])
getattr(module, sys.argv[1]).run(*sys.argv[2:])
"""
_TIMEOUT_S = 1200.0


def everywhere(_seed: int, _scale: float) -> dict[str, tuple[int, ...]]:
    """Return how many cuts each thing withstood (COLUMNS): always all there are."""
    return {**storage(firmware_with({})), **updates()}


def firmware_with(changed: dict[str, bytes]) -> Path:
    """Compile the application, some of its files as given."""
    paths = sorted((_FIRMWARE / "tocsin").rglob("*.py"))
    sources = {str(path.relative_to(_FIRMWARE)): path.read_bytes() for path in paths}
    return compile_tree({**sources, **changed})


def storage(firmware: Path) -> dict[str, tuple[int, ...]]:
    """Settings, journal, activation record, counter. Raises AssertionError for what was lost."""
    return _cut("storage_cuts", firmware)


def updates() -> dict[str, tuple[int, ...]]:
    """An update installed, tried and confirmed, or not. Raises AssertionError for what was lost."""
    made = imported("updates")
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        paths = []
        for version in ("old", "new"):
            path = Path(folder) / version
            path.write_bytes(made.signed(made.unsigned(made.application(version))).encode())
            paths.append(str(path))
        return _cut("slot_power_cuts", _FIRMWARE, *paths)


def _cut(cases: str, firmware: Path, *arguments: str) -> dict[str, tuple[int, ...]]:
    result = run_script(
        _SCRIPT,
        [firmware, _CASES],
        heap_bytes=_HEAP_BYTES,
        arguments=[cases, *arguments],
        timeout_s=_TIMEOUT_S,
    )
    assert result.status == 0, f"{cases}: status {result.status}\n{result.output}"
    return dict(_row(line) for line in result.output.splitlines() if " in recovery" in line)


def _row(line: str) -> tuple[str, tuple[int, ...]]:
    name, _, counts = line.partition(": ")
    return name, tuple(int(count.split()[0]) for count in counts.split(", "))
