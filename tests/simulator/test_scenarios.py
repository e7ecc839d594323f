"""Every shipped scenario, on every board whose modem it fits; and that each of them can fail."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from tocsin_host.firmware_tree import board_facts, board_names
from tocsin_sim.scenario.library import FOLDER, find, names
from tocsin_sim.scenario.load import scenario
from tocsin_sim.scenario.model import Scenario, ScenarioError
from tocsin_sim.scenario.play import Result, play
from tocsin_sim.simulation import Conditions

BOARDS = board_names()
MODEMS = {board: board_facts(board).MODEM for board in BOARDS}
FITTING = [(name, board) for name in names() for board in BOARDS if find(name).fits(MODEMS[board])]
LISTED = 18  # scenarios the design lists (domain.md section 10)

Change = Callable[[dict[str, Any]], object]


def played(of: Scenario, board: str = "lilygo_t_a7670", seed: int | None = None) -> Result:
    return play(of, Conditions(board=board, seed=of.seed if seed is None else seed))


@pytest.mark.parametrize(("name", "board"), FITTING)
def test_a_scenario_passes(name: str, board: str) -> None:
    result = played(find(name), board)
    assert result.verdict.passed, result.verdict.sentence


def test_every_scenario_of_the_list_is_there() -> None:
    numbers = sorted(int(name.partition("_")[0]) for name in names())
    assert numbers[:LISTED] == list(range(1, LISTED + 1))


def test_every_scenario_but_those_of_failing_tasks_has_an_opposite() -> None:
    assert list(OPPOSITES) == [name for name in names() if "task" not in find(name).tags]


def test_each_board_plays_all_of_them_but_what_its_modem_never_does() -> None:
    left_out = {(name, MODEMS[board]) for name in names() for board in BOARDS} - {
        (name, MODEMS[board]) for name, board in FITTING
    }
    assert left_out == {("03_begin_at_ringback", "eg25")}


def test_a_scenario_is_refused_for_a_modem_it_does_not_fit() -> None:
    with pytest.raises(ScenarioError, match="not for a eg25"):
        played(find("begin_at_ringback"), "pico_w_eg25")


def without(fault: str) -> Change:
    """Leave out what starts or stops this fault."""

    def change(of: dict[str, Any]) -> None:
        of["at"] = [step for step in of["at"] if step.get("fault") != fault]

    return change


def values(fault: str, **given: object) -> Change:
    """Give this fault other parameters."""

    def change(of: dict[str, Any]) -> None:
        for step in of["at"]:
            if step.get("fault") == fault:
                step.update(given)

    return change


def table(name: str, **given: object) -> Change:
    """Set these keys in a table."""
    return lambda of: of.setdefault(name, {}).update(given)


def also(**step: object) -> Change:
    """Take one more step."""
    return lambda of: of["at"].append(step)


FALSE_END = {"cause": "failure", "after_s": 1.5}

# By scenario: what is the other way round, and which of its expectations then fails.
OPPOSITES: dict[str, tuple[Change, str]] = {
    "01_volte_answered": (table("answer", answer={"law": "fixed", "s": 25.0}), "answer"),
    "02_csfb_false_no_carrier": (
        also(t="0s", do="fault.start", fault="network.call_refused", **FALSE_END),
        "calm",
    ),
    "03_begin_at_ringback": (table("answer", nobody=False), "true"),
    "04_busy_then_rejected": (values("network.call_refused", times=4), "answer"),
    "05_no_network_then_limited": (without("network.limited_service"), "answer"),
    "06_sim_not_ready": (values("sim.trouble", state="absent", lasts="150s"), "answer"),
    "07_no_sky_then_fix": (without("gnss.no_sky"), "early"),
    "08_texts_refused": (values("sms.refused", times=20), "tag"),
    "09_split_lines": (
        also(t="1s", do="fault.start", fault="modem.hang", key_works=False),
        "answer",
    ),
    "10_dropped_after_4_s": (
        also(on="event:call.ended", do="fault.start", fault="answer.nobody"),
        "again",
    ),
    "11_pressed_again": (lambda of: of["at"][1].update(after="75s"), "once"),
    "12_pocket_train": (values("button.pocket_train", closed_ms=40, open_ms=1), "silent"),
    "13_battery_9_percent": (table("dut", battery_pct=60), "tag"),
    "14_limited_service_no_number": (without("answer.no_number"), "withheld"),
    "15_modem_reboots": (without("modem.reboot"), "again"),
    "16_two_handsets": (table("second", registered=True), "refused2"),
    "17_open_line": (table("answer", talk_s=600), "held"),
    "18_transfer_tail": (table("answer", transfer={"law": "fixed", "s": 130.0}), "told"),
    "19_radio_refuses": (lambda of: of["at"][0].update(times=4), "on"),
    "20_radio_floods": (
        also(t="20s", do="fault.start", fault="radio.refuses", what="active"),
        "off",
    ),
    "28_double_press": (lambda of: of["dut"]["config"].update(gesture=1), "silent"),
    "29_cancelled": (lambda of: of["at"][1].update(times=4), "closed"),
    "30_cancelled_under_duress": (lambda of: of["at"][1].update(times=3), "duress"),
    "31_stuck_after_the_alarm": (
        also(on="T5", do="fault.stop", fault="button.stuck"),
        "told",
    ),
}


@pytest.mark.parametrize("name", OPPOSITES)
def test_a_scenario_fails_when_things_are_the_other_way_round(name: str) -> None:
    change, expected = OPPOSITES[name]
    path = FOLDER / f"{name}.toml"
    of = tomllib.loads(path.read_text())
    change(of)
    result = played(scenario(of, path))
    assert not result.verdict.passed
    assert expected in {each.id for each in result.findings if not each.passed}


def test_a_fault_that_never_acts_blocks_the_verdict() -> None:
    path = FOLDER / "01_volte_answered.toml"
    of = tomllib.loads(path.read_text())
    also(t="0s", do="fault.start", fault="network.call_refused")(of)
    also(t="0s", do="fault.start", fault="sms.refused", times=1)(of)
    of["expect"] = [{"id": "T0", "eventually": "T0"}]
    of["limit_s"] = 6
    result = played(scenario(of, path))
    assert result.verdict.findings == ("blocked: sms.refused never acted, no sms.refused was seen",)


@pytest.mark.parametrize("name", ["01_volte_answered", "16_two_handsets"])
def test_the_same_seed_gives_the_same_run(name: str) -> None:
    first, second = played(find(name), seed=5), played(find(name), seed=5)
    assert first.happenings == second.happenings
    assert [each.digest for each in first.records] == [each.digest for each in second.records]
    assert played(find(name), seed=6).happenings != first.happenings
