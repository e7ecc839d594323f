"""What happens to Bluetooth, which is on in service mode only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults.catalogue import Stop, fault
from tocsin_sim.scenario.parameters import Choice, Count, Values
from tocsin_sim.vm.radio import Operation

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation

_EIO = 5
_OPERATIONS = tuple(each.name.lower() for each in Operation)


@fault(
    "radio.refuses",
    "Bluetooth refuses one kind of operation, as it is asked for.",
    witness="radio.failed",
    lasts=True,
    what=Choice(_OPERATIONS, "advertise"),
    error=Choice(("OSError", "RuntimeError"), "RuntimeError"),
)
def _refuses(simulation: Simulation, values: Values) -> Stop:
    radio = simulation.handset.radio
    error = _EIO if values["error"] == "OSError" else None
    radio.fail(Operation[values["what"].upper()], error)
    return radio.recover


@fault(
    "radio.silent",
    "Bluetooth tells of nothing any more.",
    witness="radio.failed",
    lasts=True,
)
def _silent(simulation: Simulation, _: Values) -> Stop:
    simulation.handset.radio.fall_silent()
    return simulation.handset.radio.recover


@fault(
    "radio.floods",
    "Bluetooth tells of many events that nobody knows, one every 0.1 ms.",
    witness="radio.failed",
    count=Count(1, 100_000, 20_000),
)
def _floods(simulation: Simulation, values: Values) -> None:
    simulation.handset.radio.flood(values["count"])
