"""The catalogue of faults: each acts on a real run, and its witness tells of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tocsin_host.firmware_tree import firmware_root
from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.stages import marks_of
from tocsin_host.wire import JournalKind, Stage
from tocsin_sim.scenario.events import EVENTS
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.faults.handset import MINOR_TASKS
from tocsin_sim.scenario.parameters import ParameterError, complete
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.setting import Setting

S = 1_000_000
BOARD = "lilygo_t_a7670"
Seen = list[tuple[int, str, dict[str, Any]]]

# Seconds after scenario zero when the fault begins, and parameters that make it act in this run.
BEGINS_S = {"modem.reboot": 3.0, "power.cut": 3.0, "modem.hang": 3.0}
TELLING: dict[str, dict[str, Any]] = {
    "handset.task_fails": {"task": "trace"},
    "modem.false_no_carrier": {"after_s": 0.5},
}


def begin_service_mode(simulation: Simulation) -> None:
    """Make the gesture, so that it is on at scenario zero."""
    for place in range(5):
        at_us = simulation.origin_us - 20 * S + place * 4 * S
        simulation.kernel.at(at_us, simulation.world.person.press, at_us, 200)


def run_with(name: str, limit_s: float, **given: object) -> tuple[RunRecord, Seen]:
    """Press at scenario zero with a fault about; returns also what happened, and when."""
    fault = FAULTS[name]
    conditions = Conditions(board=BOARD, limit_s=limit_s, names_tasks=True)
    with Simulation(Setting(sms_delay_median_s=1), conditions) as simulation:
        seen: Seen = []
        zero_us = simulation.origin_us
        simulation.world.witness.listen(
            lambda event, told: seen.append((simulation.kernel.now_us - zero_us, event, told))
        )
        values = complete(fault.parameters, given)
        if name.startswith("radio."):
            begin_service_mode(simulation)
        at_us = zero_us + round(BEGINS_S.get(name, -0.5) * S)
        simulation.kernel.at(at_us, fault.start, simulation, values)
        return simulation.run(), seen


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_acts_and_its_witness_tells_of_it(name: str) -> None:
    _, seen = run_with(name, 25, **TELLING.get(name, {}))
    begun_us = round(BEGINS_S.get(name, -0.5) * S)
    assert FAULTS[name].witness in {event for t_us, event, _ in seen if t_us >= begun_us}


@pytest.mark.parametrize("name", FAULTS)
def test_values_drawn_for_a_fault_are_values_it_takes(name: str) -> None:
    fault = FAULTS[name]
    stream = Random(1)
    for _ in range(50):
        values = fault.draw(stream)
        assert complete(fault.parameters, values) == values


@pytest.mark.parametrize("task", MINOR_TASKS)
def test_a_task_that_is_to_fail_fails_at_once_and_each_time_it_is_started_again(task: str) -> None:
    _, seen = run_with("handset.task_fails", 15, task=task)
    failed_us = [t_us for t_us, event, told in seen if told == {"task": task}]
    assert failed_us[0] < 0
    waits_us = [later - each for each, later in pairwise(failed_us)]
    assert waits_us[:3] == pytest.approx([2 * S, 4 * S, 8 * S], abs=0.25 * S)


def test_a_task_that_fails_for_ever_leaves_the_journal_to_others() -> None:
    conditions = Conditions(board=BOARD, names_tasks=True)
    with Simulation(Setting(press_at_s=None), conditions) as simulation:
        simulation.settle()
        simulation.handset.fail_task("trace", does_fail=True)
        simulation.kernel.run_until(simulation.origin_us + 3600 * S)
        journal = simulation.finish().journal
    faults = [entry for entry in journal if entry.kind is JournalKind.FAULT]
    assert 1 <= len(faults) <= 6


def test_the_names_of_minor_tasks_are_those_the_firmware_gives() -> None:
    source = "".join(path.read_text() for path in _supervised())
    unknown = [name for name in MINOR_TASKS if f'minor("{name}"' not in source]
    assert unknown == []


def _supervised() -> list[Path]:
    return sorted(firmware_root().glob("tocsin/**/*.py"))


def test_a_value_a_fault_does_not_take_is_refused_with_those_it_takes() -> None:
    parameters = FAULTS["network.call_refused"].parameters
    with pytest.raises(ParameterError, match="cause = 'bored' is not possible; give one of busy"):
        complete(parameters, {"cause": "bored"})
    with pytest.raises(ParameterError, match=r"times = 1\.5 is not possible; give a whole number"):
        complete(parameters, {"times": 1.5})
    with pytest.raises(ParameterError, match="'reason' is not known here; parameters: cause"):
        complete(parameters, {"reason": "busy"})


def test_without_a_fault_none_of_those_events_is_seen() -> None:
    conditions = Conditions(board=BOARD, limit_s=25)
    with Simulation(Setting(begin_at_ringback=False), conditions) as simulation:
        seen: list[str] = []
        simulation.world.witness.listen(lambda event, _: seen.append(event))
        record = simulation.run()
    assert marks_of(record.marks, Stage.ANSWERED)
    ordinary = {"modem.text", "modem.begin", "call.ringing", "call.ended"}
    rare = {fault.witness for fault in FAULTS.values()} - ordinary
    assert set(seen) & rare == set()
    assert set(seen) <= set(EVENTS)
