"""What happens to a button that no finger presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults.catalogue import Stop, fault
from tocsin_sim.scenario.parameters import Count, Number, Values

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation


@fault(
    "button.pocket_train",
    "Things in a pocket close the contact many times for a moment.",
    witness="button.touched",
    on_rig=True,
    times=Count(1, 200, 40),
    closed_ms=Number(0.1, 40, 3),
    open_ms=Number(1, 500, 60),
)
def _pocket_train(simulation: Simulation, values: Values) -> None:
    simulation.world.person.brush(values["times"], values["closed_ms"], values["open_ms"])
    simulation.world.witness.saw("button.touched")


@fault(
    "button.stuck",
    "The contact stays closed.",
    witness="button.touched",
    lasts=True,
    on_rig=True,
)
def _stuck(simulation: Simulation, _: Values) -> Stop:
    person = simulation.world.person
    person.jam(True)
    simulation.world.witness.saw("button.touched")
    return lambda: person.jam(False)
