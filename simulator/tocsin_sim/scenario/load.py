"""Reads scenario files, strictly: what is not known or does not fit is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin_host import wire
from tocsin_sim.scenario import sections
from tocsin_sim.scenario.actions import ACTIONS, is_on_rig, parameters_of
from tocsin_sim.scenario.events import EVENTS, MARKS, TIMES, details_of, known
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.model import Expectation, Pattern, Scenario, ScenarioError, Step
from tocsin_sim.scenario.parameters import ParameterError, Parameters, Values, complete
from tocsin_sim.scenario.texts import ABSENT
from tocsin_sim.scenario.times import Time, parse_time

_LISTS = ("at", "expect")


def load(path: Path) -> Scenario:
    """Read one file. Raises ScenarioError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"cannot read {path}: {error.strerror}", "give a .toml file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: {error}", "correct the TOML there") from None
    return scenario(document, path)


def scenario(document: Mapping[str, Any], path: Path) -> Scenario:
    """Return the scenario that a parsed file holds. Raises ScenarioError."""
    return _Reader(path).scenario(document)


class _Reader:
    """Reads one document; every error names the file, the table and the key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._devices = 1

    def scenario(self, document: Mapping[str, Any]) -> Scenario:
        tables = {*sections.SECTIONS, *_LISTS}
        top = {key: value for key, value in document.items() if key not in tables}
        head = self._read("the file", sections.SCENARIO, top)
        self._devices = 2 if "second" in document else 1
        settings = {
            name: self._read(f"[{name}]", parameters, self._table(name, document))
            for name, parameters in sections.SECTIONS.items()
            if name != "second" or "second" in document
        }
        self._check_config(settings["dut"]["config"])
        targets = tuple(head["targets"])
        return Scenario(
            self._path,
            head["name"],
            head["title"],
            tuple(head["tags"]),
            head["seed"],
            head["limit_s"],
            head["ends"] == "limit",
            tuple(head["modems"]),
            targets,
            settings,
            tuple(self._step(*each, targets) for each in self._list("at", document)),
            self._expectations(document),
        )

    def _fail(self, where: str, what: str) -> ScenarioError:
        return ScenarioError(f"{self._path}: {where}: {what}")

    def _read(self, where: str, parameters: Parameters, given: Values) -> Values:
        try:
            return complete(parameters, given)
        except ParameterError as error:
            raise self._fail(where, str(error)) from None

    def _table(self, name: str, document: Mapping[str, Any]) -> dict[str, Any]:
        table = document.get(name, {})
        if not isinstance(table, dict):
            raise self._fail(name, f"is no table; write [{name}] and its keys below")
        return table

    def _list(self, name: str, document: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        entries = document.get(name, [])
        is_list = isinstance(entries, list) and all(isinstance(each, dict) for each in entries)
        if not is_list:
            raise self._fail(name, f"is no list of tables; write [[{name}]] for each")
        return [(f"[[{name}]] {number}", each) for number, each in enumerate(entries, 1)]

    def _check_config(self, config: Any) -> None:
        for name, value in {} if config is ABSENT else config.items():
            field = wire.CONFIG.get(name)
            if field is None or field.secret:
                known_keys = ", ".join(key for key, each in wire.CONFIG.items() if not each.secret)
                raise self._fail(
                    "[dut] config", f"{name!r} is no setting; give one of {known_keys}"
                )
            try:
                field.encode(value)
            except (wire.EncodeError, ValueError, TypeError, AttributeError) as error:
                raise self._fail(
                    "[dut] config", f"{name} = {value!r} is refused: {error}"
                ) from None

    # Steps

    def _step(self, where: str, given: Values, targets: tuple[str, ...]) -> Step:
        common = {key: value for key, value in given.items() if key in sections.STEP}
        step = self._read(where, sections.STEP, common)
        self._check_device(where, step["device"])
        action = ACTIONS[step["do"]]
        own = {key: value for key, value in given.items() if key not in sections.STEP}
        fault = own.get("fault")
        if fault is not None:
            self._read(where, action.parameters, {"fault": fault})
        values = self._read(where, parameters_of(action, str(fault)), own)
        if "rig" in targets and not is_on_rig(action, values):
            what = values.get("fault", action.name)
            raise self._fail(where, f'{what} has no twin on a rig; take "rig" from targets')
        return Step(*self._trigger(where, step), step["device"], action.name, values)

    def _trigger(self, where: str, step: Values) -> tuple[Pattern | None, int, Time]:
        if (step["t"] is ABSENT) == (step["on"] is ABSENT):
            raise self._fail(where, "give either t, a time, or on, an event")
        if step["on"] is not ABSENT:
            after = "0s" if step["after"] is ABSENT else step["after"]
            return self._pattern(where, step["on"], step["has"]), step["nth"], parse_time(after)
        for key in ("after", "has"):
            if step[key] is not ABSENT:
                raise self._fail(where, f"{key} goes with on; write it all in t")
        return None, 1, parse_time(step["t"])

    def _check_device(self, where: str, device: int) -> None:
        if device > self._devices:
            raise self._fail(where, "device = 2 is not there; describe it in [second]")

    def _pattern(self, where: str, name: str, has: Any) -> Pattern:
        event = self._event(where, name)
        wanted = {} if has is ABSENT else has
        for key, value in wanted.items():
            if key not in details_of(event):
                told = ", ".join(details_of(event)) or "nothing"
                raise self._fail(where, f"{event} tells no {key!r}; it tells {told}")
            if isinstance(value, dict) and (not value or not set(value) <= {"min", "max"}):
                raise self._fail(where, f"{key} takes a value, a list, or {{ min = , max = }}")
        return Pattern(event, wanted)

    def _event(self, where: str, name: str) -> str:
        event = known(name)
        if event is None:
            names = ", ".join((*TIMES, *MARKS, *EVENTS))
            raise self._fail(where, f"{name!r} is no event; give one of {names}")
        return event

    # Expectations

    def _expectations(self, document: Mapping[str, Any]) -> tuple[Expectation, ...]:
        read = [self._expectation(*each) for each in self._list("expect", document)]
        if not read:
            raise self._fail("[[expect]]", "there is none; say what must come of it")
        ids = [each.id for each in read]
        for each in ids:
            if ids.count(each) > 1:
                raise self._fail("[[expect]]", f"id = {each!r} is given twice; choose another")
        return tuple(read)

    def _expectation(self, where: str, given: Values) -> Expectation:
        kinds = [kind for kind in sections.EXPECTATIONS if kind in given]
        if len(kinds) != 1:
            raise self._fail(where, f"give one of {', '.join(sections.EXPECTATIONS)}")
        (kind,) = kinds
        read = self._read(where, sections.EXPECTATIONS[kind], given)
        self._check_device(where, read["device"])
        within, until = read.get("within", ABSENT), read.get("until", ABSENT)
        return Expectation(
            read["id"],
            kind,
            read["device"],
            self._event(where, read["from"]),
            self._pattern(where, read[kind], read.get("has", ABSENT)),
            *self._how_often(where, kind, read),
            None if within is ABSENT else parse_time(within),
            None if until is ABSENT else self._event(where, until),
        )

    def _how_often(self, where: str, kind: str, read: Values) -> tuple[int, int | None]:
        if kind == "never":
            return 0, 0
        times, at_least = read.get("times", ABSENT), read.get("at_least", ABSENT)
        if times is not ABSENT and at_least is not ABSENT:
            raise self._fail(where, "give times or at_least, not both")
        if times is not ABSENT:
            return times, times
        return (1 if at_least is ABSENT else at_least), None


def check_fits(loaded: Scenario, modem: str) -> None:
    """Raise ScenarioError unless a handset with this modem can play the scenario."""
    misfits = [
        step.values["fault"]
        for step in loaded.steps
        if "fault" in step.values and not FAULTS[step.values["fault"]].fits(modem)
    ]
    if misfits or not loaded.fits(modem):
        why = f"{misfits[0]} is not its" if misfits else f"modems = {', '.join(loaded.modems)}"
        raise ScenarioError(f"{loaded.path}: not for a {modem}: {why}", "choose another --board")
