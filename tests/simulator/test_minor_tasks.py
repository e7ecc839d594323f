"""What is not vital fails: the same alarm of the same seed goes as if nothing had failed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache

import pytest

from tocsin_host.firmware_tree import board_names
from tocsin_sim.scenario.library import FOLDER, find, names
from tocsin_sim.scenario.load import scenario
from tocsin_sim.scenario.model import Scenario
from tocsin_sim.scenario.play import Result, play
from tocsin_sim.simulation import Conditions

S = 1_000_000
FAULT = "handset.task_fails"
TASKS = [name for name in names() if "task" in find(name).tags]
RADIO = [name for name in names() if "_radio_" in name]

# What the world sees of an alarm up to its answer, to the microsecond.
TO_THE_ANSWER = (
    "mark:pressed",
    "mark:acknowledged",
    "modem.dial",
    "call.placed",
    "call.ringing",
    "call.answered",
)
# What follows shares the line and the flash: it comes, and no later than this.
AFTER_IT = ("location.received", "tag.received", "answer.acknowledged")
SLACK_US = 1 * S


def without_fault(of: Scenario) -> Scenario:
    steps = tuple(step for step in of.steps if step.action != "fault.start")
    assert len(steps) < len(of.steps)
    return replace(of, steps=steps)


@cache
def undisturbed(board: str, seed: int, name: str = TASKS[0]) -> Result:
    """Play the same alarm with nothing failing; all scenarios of tasks have the same one."""
    return play(without_fault(find(name)), Conditions(board=board, seed=seed))


def first_us(result: Result, name: str) -> int:
    return min(each.t_us for each in result.happenings if each.name == name)


def told(result: Result) -> list[object]:
    """What the person was told since the alarm was raised."""
    notices = [each.told["notice"] for each in result.happenings if each.name == "person.told"]
    return notices[notices.index("RAISED") :]


def delays(disturbed: Result, usual: Result) -> dict[str, int]:
    """How much later each stage came, in microseconds, where it came later than it may."""
    late = {name: first_us(disturbed, name) - first_us(usual, name) for name in TO_THE_ANSWER}
    found = {name: by_us for name, by_us in late.items() if by_us}
    for name in AFTER_IT:
        by_us = first_us(disturbed, name) - first_us(usual, name)
        if by_us > SLACK_US:
            found[name] = by_us
    return found


@pytest.mark.parametrize("board", board_names())
@pytest.mark.parametrize("name", [*TASKS, *RADIO])
def test_an_alarm_is_neither_delayed_nor_stopped_by_what_is_not_vital(
    name: str, board: str
) -> None:
    for seed in (1, 2):
        disturbed = play(find(name), Conditions(board=board, seed=seed))
        usual = undisturbed(board, seed, name if name in RADIO else TASKS[0])
        assert disturbed.verdict.passed, disturbed.verdict.sentence
        assert delays(disturbed, usual) == {}
        assert told(disturbed) == told(usual)


def test_the_comparison_finds_what_a_task_does_that_an_alarm_needs() -> None:
    of = find(TASKS[0])
    fault = next(step for step in of.steps if step.values.get("fault") == FAULT)
    others = tuple(step for step in of.steps if step is not fault)
    needed = replace(fault, values={**fault.values, "task": "answers"})
    disturbed = play(replace(of, steps=(needed, *others)), Conditions())
    assert told(disturbed) != told(undisturbed("lilygo_t_a7670", 1))


def test_the_comparison_finds_a_delay() -> None:
    usual = undisturbed("lilygo_t_a7670", 1)
    late = [
        replace(each, t_us=each.t_us + 1) if each.name == "modem.dial" else each
        for each in usual.happenings
    ]
    assert delays(replace(usual, happenings=tuple(late)), usual) == {"modem.dial": 1}


@pytest.mark.parametrize("after", ["900ms", "1200ms"])
def test_a_press_is_on_time_while_what_a_failing_journal_left_is_written(after: str) -> None:
    path = FOLDER / "25_journal_fails.toml"
    of = tomllib.loads(path.read_text())
    of.update(ends="limit", limit_s=70, dut={"config": {"hold_ms": 500}})
    of["at"].append({"on": "activation.closed", "after": after, "do": "button.press"})
    result = play(scenario(of, path), Conditions())
    pressed_us, dialled_us = (
        [each.t_us for each in result.happenings if each.name == name]
        for name in ("mark:pressed", "modem.dial")
    )
    assert len(pressed_us) == 2
    assert dialled_us[1] - pressed_us[1] < 520_000
