"""The JSON Schema of scenario files, from the tables the loader goes by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin_sim.scenario import sections
from tocsin_sim.scenario.actions import ACTIONS, Action, parameters_of
from tocsin_sim.scenario.events import EVENT, EVENTS, MARKS, TIMES
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.parameters import Parameter, Parameters
from tocsin_sim.scenario.texts import Maybe

SHIPPED = Path(__file__).parents[1] / "scenarios" / "scenario.schema.json"
_EVENT = {"$ref": "#/definitions/event"}
_HAS = {"$ref": "#/definitions/has"}
_LIMITS = {"type": "object", "properties": {"min": {"type": "number"}, "max": {"type": "number"}}}


def schema() -> dict[str, Any]:
    """Return the schema, by JSON Schema draft 7."""
    tables = {name: _table(of) for name, of in sections.SECTIONS.items()}
    top = _table(sections.SCENARIO)
    steps = [_step(action, fault) for action in ACTIONS.values() for fault in _faults(action)]
    kinds = [_expectation(of) for of in sections.EXPECTATIONS.values()]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "tocsin scenario",
        **top,
        "properties": {
            **top["properties"],
            **tables,
            "at": {"type": "array", "items": {"anyOf": steps}},
            "expect": {"type": "array", "minItems": 1, "items": {"anyOf": kinds}},
        },
        "required": [*top["required"], "expect"],
        "definitions": {"event": _events(), "has": _patterns()},
    }


def written() -> str:
    """Return the schema as it is shipped."""
    return json.dumps(schema(), indent=1) + "\n"


def _table(parameters: Parameters) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: each.schema() for name, each in parameters.items()},
        "required": [name for name, each in parameters.items() if _is_required(each)],
        "additionalProperties": False,
    }


def _is_required(parameter: Parameter) -> bool:
    return parameter.default is None and not isinstance(parameter, Maybe)


def _faults(action: Action) -> list[str]:
    return list(FAULTS) if action.name == "fault.start" else [""]


def _step(action: Action, fault: str) -> dict[str, Any]:
    table = _table({**sections.STEP, **parameters_of(action, fault)})
    properties: dict[str, Any] = table["properties"]
    properties["do"] = {"const": action.name}
    if fault:
        properties["fault"] = {"const": fault}
    properties["on"] = _EVENT
    properties["has"] = _HAS
    on_time: Mapping[str, Any] = {"required": ["t"], "not": {"required": ["on"]}}
    on_event: Mapping[str, Any] = {"required": ["on"], "not": {"required": ["t"]}}
    return {**table, "oneOf": [on_time, on_event]}


def _expectation(parameters: Parameters) -> dict[str, Any]:
    table = _table(parameters)
    properties: dict[str, Any] = table["properties"]
    for name in ("to", "event", "eventually", "never", "from", "until"):
        if name in properties:
            properties[name] = _EVENT
    if "has" in properties:
        properties["has"] = _HAS
    return table


def _events() -> dict[str, Any]:
    names = [*TIMES, *MARKS, *EVENTS]
    return {"enum": [*names, *(f"{EVENT}{name}" for name in names if name not in TIMES)]}


def _patterns() -> dict[str, Any]:
    limits = {**_LIMITS, "additionalProperties": False, "minProperties": 1}
    value = {"anyOf": [{"type": ["string", "number", "boolean", "array"]}, limits]}
    return {"type": "object", "additionalProperties": value}


if __name__ == "__main__":
    SHIPPED.write_text(written())
