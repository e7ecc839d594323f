"""The faults of the scenarios, each drawn at random: when it strikes, how, and for how long."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tocsin_host.firmware_tree import board_facts
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.faults.handset import cell_uv
from tocsin_sim.simulation import Simulation
from tocsin_sim.world.network import Service

RUNS_OUT = "power.runs_out"
TASK_FAILS = "handset.task_fails"
_MAX_TRAIN_MS = 6_000.0
_EMPTY_AFTER_S = 60.0
_CHARGES_PCT = (6.0, 4.0, 2.0, 1.0, 0.0)
_FULL_PCT = 80.0
_BEARERS = frozenset("0123")
# What is known of a run comes through the first three, and nobody else mends a hung modem but the
# fourth: their failures are scenarios of their own.
_SPARED = frozenset({"link", "trace", "feedback", "modem"})
# A fault that lasts is over after one of these, or when the alarm is.
_LASTS_S = (5.0, 40.0, 90.0, 400.0)


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault, `at_s` after the press (negative: before it), and how long it lasts."""

    fault: str
    at_s: float
    lasts_s: float
    values: Mapping[str, Any] = field(default_factory=dict)


def names(board: str) -> list[str]:
    """Return the faults that can befall this board."""
    modem = board_facts(board).MODEM
    return [*(name for name, each in FAULTS.items() if each.fits(modem)), RUNS_OUT]


def drawn(name: str, draw: Random) -> Strike:
    """Return one strike of this fault."""
    at_s = draw.choice((-1.0, draw.uniform(-20, 0), draw.uniform(0, 3), draw.uniform(3, 60)))
    if name == "button.pocket_train":
        at_s = draw.uniform(3, 60)
    elif name == "button.stuck":
        at_s = draw.uniform(8, 60)
    lasts_s = draw.choice(_LASTS_S)
    if name == RUNS_OUT:
        return Strike(name, round(at_s, 3), lasts_s)
    values = dict(FAULTS[name].draw(draw))
    while _is_unfit(values):
        values = dict(FAULTS[name].draw(draw))
    return Strike(name, round(at_s, 3), lasts_s, values)


def _is_unfit(values: Mapping[str, Any]) -> bool:
    """Whether it would hide what happens, or go on when the next button is pressed."""
    train_ms = values.get("times", 0) * (values.get("closed_ms", 0) + values.get("open_ms", 0))
    return train_ms > _MAX_TRAIN_MS or values.get("task") in _SPARED


class Weather:
    """Brings strikes about on a running simulation, and clears them up."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._stops: list[Callable[[], object]] = []

    def bring(self, strike: Strike) -> None:
        """Have it strike now."""
        if strike.fault == RUNS_OUT:
            self._run_out()
            return
        fault = FAULTS[strike.fault]
        stop = fault.start(self._simulation, strike.values)
        if fault.lasts:
            self._stops.append(stop)
            self._simulation.kernel.after(round(strike.lasts_s * 1e6), self._stop, stop)

    def _stop(self, stop: Callable[[], object]) -> None:
        if stop in self._stops:
            self._stops.remove(stop)
            stop()

    def _run_out(self) -> None:
        """The battery sinks, and in the end its cell gives nothing: there is no way back."""
        simulation = self._simulation
        for step, charge_pct in enumerate(_CHARGES_PCT):
            after_us = round(1e6 * step * _EMPTY_AFTER_S / len(_CHARGES_PCT))
            simulation.kernel.after(after_us, simulation.set_cell_uv, cell_uv(charge_pct))
        simulation.kernel.after(round(1e6 * _EMPTY_AFTER_S), simulation.lose_power)

    def clear(self) -> None:
        """Nothing is amiss any longer."""
        simulation, world = self._simulation, self._simulation.world
        while self._stops:
            self._stop(self._stops[-1])
        world.network.fates.clear()
        world.network.emergency_numbers = frozenset()
        if world.network.service is not Service.HOME:
            world.network.offer(Service.HOME)
        world.modem.terminal.is_hung = world.modem.power.is_key_dead = False
        world.centre.refusals.clear()
        world.centre.bearers = _BEARERS
        world.centre.losses = dict.fromkeys(world.centre.losses, 0)
        simulation.set_cell_uv(cell_uv(_FULL_PCT))
