"""What a scenario can have done: each action registered once, with its typed parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults import FAULTS, Stop
from tocsin_sim.scenario.parameters import Choice, Count, Parameter, Values
from tocsin_sim.scenario.texts import ABSENT, Maybe, When
from tocsin_sim.scenario.times import parse_time

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation

_BOUNCES = {"none": 0, "usual": 4, "worn": 12}


@dataclass(slots=True)
class Stage:
    """Where actions are carried out: one handset's world, and the faults under way in it."""

    simulation: Simulation
    faults: dict[str, list[Stop]]


Perform = Callable[[Stage, Values], object]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a scenario can have done; `on_rig` tells whether a rig can do it too."""

    name: str
    does: str
    parameters: Mapping[str, Parameter]
    perform: Perform
    on_rig: bool


ACTIONS: dict[str, Action] = {}
"""Every action there is, by name."""


def _action(
    name: str, does: str, *, on_rig: bool = False, **parameters: Parameter
) -> Callable[[Perform], Perform]:
    def enter(perform: Perform) -> Perform:
        ACTIONS[name] = Action(name, does, parameters, perform, on_rig)
        return perform

    return enter


@_action(
    "button.press",
    "Press the button and let go so long afterwards; its contacts bounce.",
    on_rig=True,
    hold_ms=Count(10, 600_000, 1500),
    bounce=Choice(tuple(_BOUNCES), "usual"),
)
def _press(stage: Stage, values: Values) -> None:
    now_us = stage.simulation.kernel.now_us
    person = stage.simulation.world.person
    person.press(now_us, values["hold_ms"], _BOUNCES[values["bounce"]])


@_action(
    "button.taps",
    "Press the button several times, one press after the other.",
    on_rig=True,
    times=Count(2, 20, 2),
    every_ms=Count(50, 10_000, 400),
    hold_ms=Count(10, 5000, 150),
)
def _taps(stage: Stage, values: Values) -> None:
    now_us = stage.simulation.kernel.now_us
    for tap in range(values["times"]):
        at_us = now_us + tap * values["every_ms"] * 1000
        stage.simulation.world.person.press(at_us, values["hold_ms"])


@_action("answer.hangup", "Whoever answered hangs up.", on_rig=True)
def _hang_up(stage: Stage, _: Values) -> None:
    stage.simulation.world.people.hang_up()


@_action(
    "fault.start",
    "Let a fault of the catalogue begin; its parameters stand beside its name.",
    fault=Choice(tuple(FAULTS)),
    lasts=Maybe(When()),
)
def _start(stage: Stage, values: Values) -> None:
    kernel = stage.simulation.kernel
    name = values["fault"]
    given = {key: values[key] for key in FAULTS[name].parameters}
    stop = FAULTS[name].start(stage.simulation, given)
    stage.faults.setdefault(name, []).append(stop)
    if values["lasts"] is not ABSENT:
        lasts_us = parse_time(values["lasts"]).draw_us(kernel.stream(f"fault.{name}.lasts"))
        kernel.after(lasts_us, stop)


@_action(
    "fault.stop", "End every fault of this name that is under way.", fault=Choice(tuple(FAULTS))
)
def _stop(stage: Stage, values: Values) -> None:
    for stop in stage.faults.pop(values["fault"], []):
        stop()


def parameters_of(action: Action, fault: str) -> Mapping[str, Parameter]:
    """Return an action's parameters; `fault` is the one it starts, '' for none."""
    more = FAULTS[fault].parameters if action.name == "fault.start" and fault in FAULTS else {}
    return {**action.parameters, **more}


def is_on_rig(action: Action, values: Values) -> bool:
    """Whether a rig can do this too."""
    return FAULTS[values["fault"]].on_rig if "fault" in values else action.on_rig
