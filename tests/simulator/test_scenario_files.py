"""Scenario files: what the loader takes, what it says of the rest, and that the schema agrees."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import fastjsonschema
import pytest
from click.testing import CliRunner

from tocsin_host.cli import main
from tocsin_sim.scenario.actions import ACTIONS
from tocsin_sim.scenario.events import EVENTS, MARKS
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.library import FOLDER, find, names
from tocsin_sim.scenario.load import load, scenario
from tocsin_sim.scenario.model import ScenarioError
from tocsin_sim.scenario.parameters import ParameterError
from tocsin_sim.scenario.schema import SHIPPED, schema, written
from tocsin_sim.scenario.times import parse_time

HERE = Path("night.toml")
BASE = """
schema = "scenario/1"
name = "night"
title = "A press at night"
tags = ["release"]
seed = 17
limit_s = 120
targets = ["sim"]

[dut]
battery_pct = 40
state = "asleep"
config = { hold_ms = 900 }

[gnss]
start = "cold"
sky = "urban"

[network]
bearer = "volte"

[answer]
answer = { law = "lognormal", median_s = 3.1, sigma = 0.5 }

[[at]]
t = "1.0s+U(0,2.56s)"
do = "button.press"
hold_ms = 1200
bounce = "worn"

[[at]]
on = "mark:dialled"
after = "300ms"
do = "fault.start"
fault = "network.call_refused"
times = 1

[[at]]
on = "event:call.answered"
has = { attempt = { min = 2 } }
after = "5s"
do = "answer.hangup"

[[expect]]
id = "E1"
from = "T0"
to = "T5"
within = "10s"

[[expect]]
id = "E2"
event = "tag.received"
has = { priority = "EMERGENCY" }
within = "12s"

[[expect]]
id = "E3"
never = "modem.dial"
has = { allowed = false }

[[expect]]
id = "E4"
eventually = "location.received"
has = { radius_m = { max = 50 } }
"""

judge: Callable[[dict[str, Any]], object] = fastjsonschema.compile(schema())


def document() -> dict[str, Any]:
    return tomllib.loads(BASE)


def put(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    """Return a change that sets what stands at `path`."""

    def change(of: Any) -> None:
        for key in path[:-1]:
            of = of[key] if isinstance(key, int) else of.setdefault(key, {})
        of[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    """Return a change that takes away what stands at `path`."""

    def change(of: Any) -> None:
        for key in path[:-1]:
            of = of[key]
        del of[path[-1]]

    return change


WRONG: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "unknown key": (put("mood", value=1), "the file: 'mood' is not known here"),
    "unknown key of a table": (put("dut", "colour", value="red"), r"\[dut\]: 'colour' is not"),
    "unknown table": (put("weather", "wind", value=3), "the file: 'weather' is not known here"),
    "another schema": (put("schema", value="scenario/2"), "schema = 'scenario/2' is not possible"),
    "no name": (drop("name"), "'name' is missing"),
    "a name with a space": (put("name", value="a b"), "name = 'a b' is not possible"),
    "no limit of a number": (put("limit_s", value="long"), "a number from 1 to 86400"),
    "a limit out of range": (put("limit_s", value=0), "a number from 1 to 86400"),
    "true for a number": (put("seed", value=True), "seed = True is not possible"),
    "a word not of a choice": (put("gnss", "sky", value="blue"), "one of open, urban, none"),
    "a list with a wrong word": (put("modems", value=["a7671"]), "a list of a7670, sim7600"),
    "a law without its parameters": (put("answer", "answer", value={"law": "uniform"}), "one of"),
    "a law nobody knows": (put("answer", "answer", value={"law": "x", "s": 1}), "one of"),
    "a time without a unit": (put("at", 0, "t", value="1"), "a time such as 300ms"),
    "a time and an event": (put("at", 0, "on", value="T0"), "either t, a time, or on, an event"),
    "neither time nor event": (drop("at", 0, "t"), "either t, a time, or on, an event"),
    "an unknown action": (put("at", 0, "do", value="button.lick"), "do = 'button.lick'"),
    "a parameter of no action": (put("at", 0, "force", value=3), "'force' is not known here"),
    "an unknown fault": (put("at", 1, "fault", value="network.gone"), "fault = 'network.gone'"),
    "a parameter of another fault": (put("at", 1, "charge_pct", value=3), "'charge_pct' is not"),
    "a fault's value out of range": (put("at", 1, "times", value=0), "a whole number from 1 to 20"),
    "an unknown event": (put("at", 1, "on", value="mark:dailed"), "'mark:dailed' is no event"),
    "no expectation": (put("expect", value=[]), "there is none; say what must come of it"),
    "an expectation of nothing": (drop("expect", 0, "to"), "give one of to, event, eventually"),
    "an unknown key of one": (put("expect", 0, "soon", value=True), "'soon' is not known here"),
    "no limit to wait": (drop("expect", 1, "within"), "'within' is missing"),
    "an unknown event of one": (put("expect", 1, "event", value="tag.lost"), "is no event"),
    "limits of another name": (put("expect", 3, "has", value={"radius_m": {"below": 3}}), "min = "),
}

# What a schema cannot say: it knows no other keys than those at hand.
BEYOND_SCHEMA: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "something the event does not tell": (
        put("expect", 1, "has", value={"mood": 1}),
        "tag.received tells no 'mood'; it tells identity",
    ),
    "a second handset nobody described": (put("at", 0, "device", value=2), "describe it in"),
    "an id twice": (put("expect", 1, "id", value="E1"), "id = 'E1' is given twice"),
    "a law that cannot be drawn": (put("at", 0, "t", value="U(2s,1s)"), "swap its values"),
    "waiting after a time": (put("at", 0, "after", value="1s"), "after goes with on"),
    "a setting nobody knows": (put("dut", "config", value={"colour": 3}), "is no setting"),
    "a secret": (put("dut", "config", value={"report_key": "x"}), "'report_key' is no setting"),
    "a setting out of range": (put("dut", "config", value={"hold_ms": 5}), "hold_ms = 5 is"),
    "a step no rig can do": (
        lambda of: of.update(
            targets=["rig"], at=[{"t": "1s", "do": "fault.start", "fault": "gnss.no_sky"}]
        ),
        "gnss.no_sky has no twin on a rig",
    ),
    "once and more often": (
        put("expect", 3, value={"id": "E4", "eventually": "T5", "times": 1, "at_least": 1}),
        "give times or at_least, not both",
    ),
}


def test_the_sample_is_taken_by_loader_and_schema() -> None:
    judge(document())
    loaded = scenario(document(), HERE)
    assert [step.action for step in loaded.steps] == [
        "button.press",
        "fault.start",
        "answer.hangup",
    ]
    assert [each.kind for each in loaded.expectations] == ["to", "event", "never", "eventually"]
    assert loaded.steps[0].values == {"hold_ms": 1200, "bounce": "worn"}
    assert loaded.steps[1].values["cause"] == "busy"


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_by_the_loader_and_by_the_schema(what: str) -> None:
    change, says = WRONG[what]
    wrong = document()
    change(wrong)
    with pytest.raises(ScenarioError, match=says) as refused:
        scenario(wrong, HERE)
    assert str(refused.value).startswith("night.toml: ")
    assert "\n" not in str(refused.value)
    with pytest.raises(fastjsonschema.JsonSchemaException):
        judge(wrong)


@pytest.mark.parametrize("what", BEYOND_SCHEMA)
def test_what_only_the_loader_can_know_is_refused_by_it(what: str) -> None:
    change, says = BEYOND_SCHEMA[what]
    wrong = document()
    change(wrong)
    judge(wrong)
    with pytest.raises(ScenarioError, match=says) as refused:
        scenario(wrong, HERE)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_with_every_parameter_is_taken_by_both(name: str) -> None:
    drawn = FAULTS[name].draw(Random(3))
    right = document()
    right["at"][1] = {"t": "1s", "do": "fault.start", "fault": name, "lasts": "9s", **drawn}
    judge(right)
    assert scenario(right, HERE).steps[1].values["fault"] == name


@pytest.mark.parametrize("name", [name for name in ACTIONS if not name.startswith("fault.")])
def test_every_action_with_its_defaults_is_taken_by_both(name: str) -> None:
    right = document()
    right["at"][0] = {"t": "1s", "do": name}
    judge(right)
    assert scenario(right, HERE).steps[0].action == name


@pytest.mark.parametrize("name", names())
def test_a_shipped_file_is_taken_by_both_and_named_as_itself(name: str) -> None:
    judge(tomllib.loads((FOLDER / f"{name}.toml").read_text()))
    assert find(name).name == name.partition("_")[2]


def test_the_shipped_schema_is_the_one_the_loader_goes_by() -> None:
    assert SHIPPED.read_text() == written(), "write it anew: python -m tocsin_sim.scenario.schema"
    assert json.loads(written()) == schema()


def test_a_time_is_the_sum_of_its_terms() -> None:
    assert parse_time("1.5s+300ms+2min").draw_us(Random(1)) == 121_800_000
    drawn = [parse_time("1s+U(0,2s)").draw_us(Random(seed)) for seed in range(50)]
    assert len(set(drawn)) == 50
    assert all(1_000_000 <= each <= 3_000_000 for each in drawn)
    assert min(drawn) < 1_500_000 < 2_500_000 < max(drawn)


@pytest.mark.parametrize("text", ["", "1", "s", "-1s", "1s+", "U(1s)", "L(0s,1)", "E(0s)", "1 s"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        parse_time(text)


def test_a_file_that_is_no_toml_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.toml"
    path.write_text("name = \n")
    with pytest.raises(ScenarioError, match=r"torn\.toml") as refused:
        load(path)
    assert "\n" not in str(refused.value)
    with pytest.raises(ScenarioError, match="cannot read"):
        load(tmp_path / "missing.toml")


def tocsin(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_check_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    path.write_text(BASE.replace("hold_ms = 1200", "hold_ns = 1200"))
    code, out, _ = tocsin("sim", "scenario", "check", str(path))
    assert code == 9
    assert f"{path}: [[at]] 1: 'hold_ns' is not known here; parameters: hold_ms, bounce" in out
    path.write_text(BASE)
    assert tocsin("sim", "scenario", "check", str(path)) == (0, f"{path}: correct\n", "")


def test_list_names_every_shipped_scenario() -> None:
    code, out, _ = tocsin("sim", "scenario", "list", "--json")
    assert code == 0
    assert [each["name"] for each in json.loads(out)] == names()


def test_words_tells_every_action_fault_and_event() -> None:
    code, out, _ = tocsin("sim", "scenario", "words", "--json")
    assert code == 0
    told = json.loads(out)
    assert list(told["actions"]) == list(ACTIONS)
    assert list(told["faults"]) == list(FAULTS)
    assert list(told["events"]) == [*MARKS, *EVENTS]
    _, text, _ = tocsin("sim", "scenario", "words")
    assert all(f"  {name} " in text for names_ in told.values() for name in names_)


def test_an_unknown_name_is_refused_with_a_near_one() -> None:
    code, _, err = tocsin("sim", "scenario", "run", "two_handset")
    assert code == 2
    assert "did you mean 16_two_handsets?" in err
