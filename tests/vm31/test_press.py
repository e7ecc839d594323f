"""From the look that qualifies a press to its dial command nothing is allocated, on both VMs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.vm31 import machine
from tests.vm31.machine import Vm31

from tocsin_sim.vm.script import run_script

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
SCRIPT = Path(__file__).resolve().parent / "press_heap_lock.py"
CASES = ROOT / "tests" / "firmware"
LAST_TICKS = (1 << 30) - 1
ALLOCATES = """
from tocsin.trace import Trace
stage_at = Trace.stage_at
def allocates(self, *values):
    stage_at(self, *list(values))
Trace.stage_at = allocates
"""


@pytest.fixture(scope="module")
def vm31() -> Iterator[Vm31]:
    with machine.started() as vm:
        yield vm


def told(ticks: list[int], outcome: str = "dialled") -> list[str]:
    return [f"{each} {outcome}" for each in ticks]


def test_nothing_is_allocated_on_the_vm(compiled_firmware: Path, tmp_path: Path) -> None:
    ticks = [20_000, LAST_TICKS]
    arguments = [str(tmp_path), *map(str, ticks)]
    result = run_script(SCRIPT, [compiled_firmware, CASES], arguments=arguments)
    assert result.output.splitlines() == told(ticks)


@pytest.mark.parametrize("before_wrap_ms", [1 << 29, 1_500, 1_000, 500, 1, 0])
def test_nothing_is_allocated_on_the_31_bit_vm(
    vm31: Vm31, tmp_path: Path, before_wrap_ms: int
) -> None:
    ticks = LAST_TICKS - before_wrap_ms
    result = vm31.run(SCRIPT, [FIRMWARE, CASES], [str(tmp_path), str(ticks)])
    assert result.output.splitlines() == told([ticks])


def test_an_allocation_is_told(vm31: Vm31, compiled_firmware: Path, tmp_path: Path) -> None:
    script = SCRIPT.read_text().replace("\nclass Clock", f"\n{ALLOCATES}\n\nclass Clock", 1)
    arguments = [str(tmp_path), "20000"]
    on_the_vm = run_script(script, [compiled_firmware, CASES], arguments=arguments)
    assert on_the_vm.output == "20000 allocates\n"
    on_31_bits = vm31.run(script, [FIRMWARE, CASES], arguments)
    assert on_31_bits.output == "20000 allocates\n"
