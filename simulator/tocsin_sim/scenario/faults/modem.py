"""Faults of the modem, its SIM and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults.catalogue import Stop, fault
from tocsin_sim.scenario.parameters import Choice, Flag, Number, Values
from tocsin_sim.world.modem.radio import Sim

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation

_SIMS = {
    "absent": Sim.ABSENT,
    "locked by PIN": Sim.PIN,
    "locked by PUK": Sim.PUK,
    "faulty": Sim.FAULTY,
    "busy": Sim.BUSY,
}


@fault("modem.reboot", "The modem starts again by itself.", witness="modem.restarted")
def _reboot(simulation: Simulation, _: Values) -> None:
    simulation.world.modem.power.restart()
    simulation.world.witness.saw("modem.restarted")


@fault(
    "modem.hang",
    "The modem neither hears nor says anything until its power is taken, by its key if that works.",
    witness="modem.hung",
    key_works=Flag(True),
)
def _hang(simulation: Simulation, values: Values) -> None:
    modem = simulation.world.modem
    modem.hang(key_works=values["key_works"])
    simulation.world.witness.saw("modem.hung")


@fault(
    "modem.false_no_carrier",
    "The modem says NO CARRIER so long after dialling though the call goes on: CS fallback.",
    witness="modem.false_no_carrier",
    lasts=True,
    after_s=Number(0.1, 35, 1.0),
)
def _false_no_carrier(simulation: Simulation, values: Values) -> Stop:
    calls = simulation.world.modem.calls
    calls.false_end_after_s = values["after_s"]

    def stop() -> None:
        calls.false_end_after_s = None

    return stop


@fault(
    "modem.begin_at_ringback",
    "The modem claims a connected call as soon as the far end rings.",
    witness="modem.begin",
    lasts=True,
    modems=("a7670", "sim7600"),
)
def _begin_at_ringback(simulation: Simulation, _: Values) -> Stop:
    calls = simulation.world.modem.calls
    calls.begins_at_ringback = True

    def stop() -> None:
        calls.begins_at_ringback = False

    return stop


@fault(
    "modem.split_lines",
    "What the modem says arrives in pieces of 1 to 16 bytes, up to so far apart.",
    witness="modem.split",
    lasts=True,
    max_gap_ms=Number(1, 20, 10),
)
def _split_lines(simulation: Simulation, values: Values) -> Stop:
    line = simulation.world.modem_line
    line.split(values["max_gap_ms"] / 1000)
    return lambda: line.split(0)


@fault(
    "modem.interleaved_lines",
    "An unsolicited line comes between the lines of every answer and its OK.",
    witness="modem.interleaved",
    lasts=True,
)
def _interleaved_lines(simulation: Simulation, _: Values) -> Stop:
    line = simulation.world.modem_line
    line.interleave(True)
    return lambda: line.interleave(False)


@fault(
    "sim.trouble",
    "The SIM is out of use; the modem then camps for emergency calls only.",
    witness="sim.changed",
    lasts=True,
    state=Choice(tuple(_SIMS), "busy"),
)
def _sim_trouble(simulation: Simulation, values: Values) -> Stop:
    def change(sim: Sim) -> None:
        simulation.world.modem.radio.change_sim(sim)
        simulation.world.witness.saw("sim.changed", state=sim.name)

    change(_SIMS[values["state"]])
    return lambda: change(Sim.READY)
