"""Faults of the satellite receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults.catalogue import Stop, fault
from tocsin_sim.scenario.parameters import Values

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation


@fault(
    "gnss.no_sky",
    "The receiver sees no satellite; it searches anew afterwards.",
    witness="gnss.sky",
    lasts=True,
)
def _no_sky(simulation: Simulation, _: Values) -> Stop:
    def show(is_seen: bool) -> None:
        simulation.world.receiver.show_sky(is_seen)
        simulation.world.witness.saw("gnss.sky", seen=is_seen)

    show(False)
    return lambda: show(True)
