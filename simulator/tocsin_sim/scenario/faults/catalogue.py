"""What a fault is, and how one enters the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tocsin_sim.scenario.parameters import Parameter, Values, drawn

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation

Stop = Callable[[], object]
Start = Callable[["Simulation", Values], Stop | None]
"""Brings a fault about now; returns what ends it, None when it ends by itself."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can go wrong: `does` says what it does in the world.

    `witness` is the event that proves it acted. `lasts` until it is stopped, else it is over by
    itself. `modems` are those it fits, empty for all; `on_rig` tells whether a rig can do it too.
    """

    name: str
    does: str
    witness: str
    parameters: Mapping[str, Parameter]
    begin: Start
    lasts: bool
    modems: tuple[str, ...]
    on_rig: bool

    def draw(self, stream: Random) -> Values:
        """Return values drawn for every parameter."""
        return drawn(self.parameters, stream)

    def fits(self, modem: str) -> bool:
        """Whether a modem of this model can have it."""
        return not self.modems or modem in self.modems

    def start(self, simulation: Simulation, values: Values) -> Stop:
        """Bring it about now; `values` are of all parameters. Returns what ends it."""
        return self.begin(simulation, values) or _nothing


def _nothing() -> None:
    """End what has ended by itself."""


FAULTS: dict[str, Fault] = {}
"""Every fault there is, by name: its layer, a dot, and what is wrong there."""


def fault(
    name: str,
    does: str,
    *,
    witness: str,
    lasts: bool = False,
    modems: tuple[str, ...] = (),
    on_rig: bool = False,
    **parameters: Parameter,
) -> Callable[[Start], Start]:
    """Enter the decorated function into the catalogue."""

    def enter(begin: Start) -> Start:
        FAULTS[name] = Fault(name, does, witness, parameters, begin, lasts, modems, on_rig)
        return begin

    return enter
