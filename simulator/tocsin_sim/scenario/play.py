"""Plays a scenario: one handset or two in their world, steps as they fall due, then a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from tocsin_host.firmware_tree import board_facts
from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.verdict import Verdict, verdict_of, violations
from tocsin_host.wire import Notice
from tocsin_sim.scenario.actions import ACTIONS, Stage
from tocsin_sim.scenario.events import Happening
from tocsin_sim.scenario.expectations import Finding, check
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.load import check_fits
from tocsin_sim.scenario.log import Log
from tocsin_sim.scenario.model import Scenario, Step
from tocsin_sim.scenario.settings import SERVICES, battery_uv, second_setting, setting_of
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.network import Service

_AFTER_CLOSE_US = 5_000_000
_NEEDS_NAMES = "handset.task_fails"
_INJECTED = re.compile(
    r"fault in [^\n]*\nTraceback(?:(?!fault in ).)*?"
    r"RuntimeError: the simulator lets this (?:task )?fail\s*",
    re.DOTALL,
)
"""What the firmware prints of a task, or a radio, that was made to fail."""


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario played: a record for each handset, what happened, and what to think of it."""

    scenario: Scenario
    records: tuple[RunRecord, ...]
    happenings: tuple[Happening, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict

    def to_json(self) -> dict[str, Any]:
        """Return the first handset's record, and beside it what belongs to the scenario."""
        first, *others = (record.to_json() for record in self.records)
        return {
            **first,
            "second": others[0] if others else None,
            "expectations": [each.to_json() for each in self.findings],
            "verdict": self.verdict.to_json(),
        }


@dataclass(slots=True)
class _Trigger:
    """A step that waits for an event."""

    step: Step
    due: int
    seen: int = field(default=0)


def play(scenario: Scenario, conditions: Conditions) -> Result:
    """Play a scenario under these conditions; their limit is the scenario's.

    Raises ScenarioError for a board whose modem it is not for, and what Simulation raises.
    """
    conditions = replace(
        conditions,
        limit_s=scenario.limit_s,
        names_tasks=any(step.values.get("fault") == _NEEDS_NAMES for step in scenario.steps),
    )
    check_fits(scenario, board_facts(conditions.board).MODEM)
    with ExitStack() as stack:
        return _Play(scenario, list(_simulations(scenario, conditions, stack))).run()


def _simulations(
    scenario: Scenario, conditions: Conditions, stack: ExitStack
) -> Iterator[Simulation]:
    setting, line = setting_of(scenario), f"{scenario.name}: {scenario.title}"
    first = stack.enter_context(Simulation(setting, conditions, line))
    yield first
    if scenario.devices > 1:
        other = replace(conditions, seed=conditions.seed + 1, flash=None)
        second = Simulation(second_setting(scenario, setting), other, line, beside=first)
        yield stack.enter_context(second)


class _Play:
    """One run of a scenario."""

    def __init__(self, scenario: Scenario, simulations: list[Simulation]) -> None:
        self._scenario = scenario
        self._simulations = simulations
        first = simulations[0]
        self._kernel = first.kernel
        self._origin_us = first.origin_us
        self._stages = [Stage(each, {}) for each in self._simulations]
        self._logs = [
            Log(each, number, self._happened) for number, each in enumerate(self._simulations, 1)
        ]
        self._waiting = [_Trigger(step, step.nth) for step in scenario.steps if step.on is not None]
        self._pending = 0
        self._quiet_us: int | None = None
        self._laws = self._kernel.stream("scenario.times")
        self._prepare()

    def _prepare(self) -> None:
        """Have the world as the scenario's tables want it from the start."""
        scenario = self._scenario
        service = SERVICES[scenario.sections["network"]["service"]]
        for simulation in self._simulations:
            simulation.set_cell_uv(battery_uv(scenario))
            if scenario.sections["gnss"]["sky"] == "none":
                simulation.world.receiver.show_sky(False)
            if service is Service.EMERGENCY_ONLY:
                numbers = simulation.setting.numbers.voice
                simulation.world.network.emergency_numbers = frozenset(numbers)
            if service is not Service.HOME:
                simulation.world.network.offer(service)

    # While it runs

    def run(self) -> Result:
        """Play it to its end."""
        for step in self._scenario.steps:
            if step.on is None:
                self._schedule(step, self._origin_us + step.time.draw_us(self._laws))
        for simulation in self._simulations[1:]:
            simulation.power_on()
        self._simulations[0].settle()
        limit_us = self._origin_us + round(self._scenario.limit_s * 1e6)
        self._kernel.run_until(limit_us, self._is_over)
        end_us = self._kernel.now_us - self._origin_us
        records = tuple(simulation.finish() for simulation in self._simulations)
        for record in records:
            record.crash_text = _INJECTED.sub("", record.crash_text)
        for log in self._logs:
            log.finish()
        happenings = tuple(each for log in self._logs for each in log.happenings)
        return self._judged(records, happenings, end_us)

    def _happened(self, happening: Happening) -> None:
        for trigger in self._waiting:
            step = trigger.step
            is_meant = step.on is not None and step.on.matches(happening.name, happening.told)
            if is_meant and step.device == happening.device:
                trigger.seen += 1
                if trigger.seen == trigger.due:
                    after_us = step.time.draw_us(self._laws)
                    self._schedule(step, self._origin_us + happening.t_us + after_us)

    def _schedule(self, step: Step, t_us: int) -> None:
        self._pending += 1
        self._kernel.at(t_us, self._do, step)

    def _do(self, step: Step) -> None:
        self._pending -= 1
        stage = self._stages[step.device - 1]
        ACTIONS[step.action].perform(stage, step.values)

    def _is_over(self) -> bool:
        """Whether nothing is left to be done, and every alarm that was raised has closed."""
        if self._scenario.ends_at_limit or self._pending or not self._are_closed():
            self._quiet_us = None
            return False
        if self._quiet_us is None:
            self._quiet_us = self._kernel.now_us
        return self._kernel.now_us >= self._quiet_us + _AFTER_CLOSE_US

    def _are_closed(self) -> bool:
        """Whether the handsets say so, or their people have felt it: a trace may fail."""
        return all(
            simulation.record.outcome is not None
            or any(each.notice is Notice.CLOSED for each in simulation.record.notices_felt)
            for simulation in self._simulations
        )

    # Afterwards

    def _judged(
        self, records: tuple[RunRecord, ...], happenings: tuple[Happening, ...], end_us: int
    ) -> Result:
        stream = self._kernel.stream("scenario.limits")
        findings = tuple(
            check(each, happenings, stream, end_us) for each in self._scenario.expectations
        )
        wrong = [f"{each.id}: {each.sentence}" for each in findings if not each.passed]
        wrong += [what for record in records for what in violations(record)]
        wrong += [*_dialled_over_calls(happenings), *_repeated_counters(happenings)]
        wrong += self._idle_faults(happenings)
        passed = f"{len(findings)} expectations of {self._scenario.name} met"
        return Result(
            self._scenario, records, happenings, findings, verdict_of(tuple(wrong), passed)
        )

    def _idle_faults(self, happenings: Sequence[Happening]) -> Iterator[str]:
        """Faults of which no event tells that they acted: they prove nothing."""
        names = {each.name for each in happenings}
        for fault in dict.fromkeys(step.values.get("fault") for step in self._scenario.steps):
            if fault is not None and FAULTS[fault].witness not in names:
                yield f"blocked: {fault} never acted, no {FAULTS[fault].witness} was seen"


def _dialled_over_calls(happenings: Sequence[Happening]) -> Iterator[str]:
    for each in happenings:
        if each.name == "modem.dial" and each.told["over_call"]:
            yield f"a call was dialled at {each.t_us / 1e6:.3f} s though one was up"


def _repeated_counters(happenings: Sequence[Happening]) -> Iterator[str]:
    tags = [each for each in happenings if each.name == "tag.received"]
    counters = [(each.told["identity"], each.told["counter"]) for each in tags]
    for repeated in dict.fromkeys(each for each in counters if counters.count(each) > 1):
        yield f"handset {repeated[0]} repeated tag counter {repeated[1]}"
