"""The firmware's own cases on a VM with 31-bit small integers, from source."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.vm31 import machine
from tests.vm31.machine import Vm31

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE_TESTS = ROOT / "tests" / "firmware"
CASES = {
    path.stem: path.read_text()
    for path in sorted((FIRMWARE_TESTS / "portable_cases").glob("*_cases.py"))
}
# This VM lacks littlefs.
ON_ANY_FLASH = [name for name, text in CASES.items() if "failing_flash" not in text]

SCRIPT = """\
import sys
module = __import__("portable_cases." + sys.argv[1])
getattr(module, sys.argv[1]).run(*sys.argv[2:])
print("all hold")
"""


@pytest.fixture(scope="module")
def vm31() -> Iterator[Vm31]:
    with machine.started() as vm:
        yield vm


@pytest.mark.parametrize("cases", ON_ANY_FLASH)
def test_cases_hold(vm31: Vm31, cases: str, tmp_path: Path) -> None:
    folder = [str(tmp_path)] if cases == "storage_cases" else []
    result = vm31.run(SCRIPT, [ROOT / "firmware", FIRMWARE_TESTS], [cases, *folder])
    assert result.output == "all hold\n"


def test_small_integers_have_31_bits(vm31: Vm31) -> None:
    script = (
        "import micropython\n"
        "number = (1 << 30) - 2\n"
        "def allocates():\n"
        "    global number\n"
        "    micropython.heap_lock()\n"
        "    try:\n"
        "        number += 1\n"
        "        return False\n"
        "    except MemoryError:\n"
        "        return True\n"
        "    finally:\n"
        "        micropython.heap_unlock()\n"
        "print(allocates(), allocates())\n"
    )
    assert vm31.run(script).output == "False True\n"


def test_each_script_has_a_vm_of_its_own(vm31: Vm31) -> None:
    assert vm31.run("left = 1").status == 0
    assert vm31.run("print('left' in globals())").output == "False\n"


def test_a_failure_is_told_with_its_traceback(vm31: Vm31) -> None:
    result = vm31.run("print('before')\nraise ValueError('reason')")
    assert result.status == 1
    assert result.output.startswith("before\nTraceback")
    assert "ValueError: reason" in result.output
