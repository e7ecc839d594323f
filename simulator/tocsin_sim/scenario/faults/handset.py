"""Faults of the handset itself: its supply and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults.catalogue import Stop, fault
from tocsin_sim.scenario.parameters import Choice, Number, Values

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation

# One lithium-ion cell at light load, microvolts at 0, 10 ... 100 %.
_CELL_UV = [mv * 1000 for mv in (3300, 3600, 3680, 3730, 3770, 3800, 3850, 3910, 3980, 4070, 4180)]
MINOR_TASKS = (
    "link",
    "trace",
    "upkeep",
    "warmth",
    "heartbeat",
    "journal",
    "open mark",
    "answers",
    "feedback",
    "modem",
    "modem line",
)
"""Tasks whose failure must never stop the handset, by the names its supervisor gives them."""


@fault(
    "power.cut",
    "The battery is pulled, and put back so much later.",
    witness="power.cut",
    on_rig=True,
    for_s=Number(0.1, 60, 3),
)
def _cut(simulation: Simulation, values: Values) -> None:
    simulation.cut_power(values["for_s"])


@fault(
    "power.battery",
    "The battery holds so much charge, in percent.",
    witness="power.battery",
    charge_pct=Number(0, 100, 9),
)
def _battery(simulation: Simulation, values: Values) -> None:
    simulation.set_cell_uv(cell_uv(values["charge_pct"]))
    simulation.world.witness.saw("power.battery", charge_pct=values["charge_pct"])


def cell_uv(charge_pct: float) -> int:
    """Return the voltage of a cell at rest that holds this charge, in microvolts."""
    step = min(int(charge_pct // 10), 9)
    low_uv, high_uv = _CELL_UV[step], _CELL_UV[step + 1]
    return round(low_uv + (high_uv - low_uv) * (charge_pct - 10 * step) / 10)


@fault(
    "handset.task_fails",
    "A task of the firmware's fails, and fails again whenever its supervisor starts it.",
    witness="task.failed",
    lasts=True,
    task=Choice(MINOR_TASKS),
)
def _task_fails(simulation: Simulation, values: Values) -> Stop:
    handset, name = simulation.handset, values["task"]
    handset.fail_task(name, True)
    return lambda: handset.fail_task(name, False)
