"""Recording and encoding a trace event allocates nothing, whatever its fields hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.vm31 import machine
from tests.vm31.machine import Vm31

from tocsin_sim.vm.script import run_script

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = ROOT / "firmware"
SCRIPT = Path(__file__).resolve().parent / "trace_event_heap_lock.py"
SMALLEST, LARGEST = -(1 << 30), (1 << 30) - 1  # of an integer that is no object
LOWEST, HIGHEST = -(1 << 31), (1 << 31) - 1  # of the field
SMALL = [SMALLEST, -1, 0, LARGEST]
WIDE = [LOWEST, SMALLEST - 1, LARGEST + 1, HIGHEST]


@pytest.fixture(scope="module")
def vm31() -> Iterator[Vm31]:
    with machine.started() as vm:
        yield vm


def told(values: list[int], taking: str) -> list[str]:
    steps = [("record", "ok"), ("take", taking), ("encode", "ok")]
    return [f"{value} {step} {outcome}" for value in values for step, outcome in steps]


def test_nothing_is_allocated_on_the_vm() -> None:
    values = SMALL + WIDE
    result = run_script(SCRIPT, [FIRMWARE], arguments=[str(each) for each in values])
    assert result.output.splitlines() == told(values, "ok")


def test_nothing_is_allocated_on_the_31_bit_vm(vm31: Vm31) -> None:
    result = vm31.run(SCRIPT, [FIRMWARE], [str(each) for each in SMALL])
    assert result.output.splitlines() == told(SMALL, "ok")


def test_a_value_past_30_bits_costs_only_where_it_leaves_the_ring(vm31: Vm31) -> None:
    """Encoding it is free even so: the object is made by taking it, after the dial."""
    result = vm31.run(SCRIPT, [FIRMWARE], [str(each) for each in WIDE])
    assert result.output.splitlines() == told(WIDE, "allocates")
