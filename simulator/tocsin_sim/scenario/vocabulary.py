"""What a scenario file may name: actions, faults and events, with what each takes or tells."""

from __future__ import annotations

from typing import Any

from tocsin_sim.scenario.actions import ACTIONS
from tocsin_sim.scenario.events import EVENTS, MARK_DETAILS, MARKS
from tocsin_sim.scenario.faults import FAULTS
from tocsin_sim.scenario.parameters import Parameters


def vocabulary() -> dict[str, dict[str, dict[str, Any]]]:
    """Return `actions`, `faults` and `events`, each by name, parameters as JSON Schemas."""
    return {"actions": _actions(), "faults": _faults(), "events": _events()}


def _actions() -> dict[str, dict[str, Any]]:
    return {
        name: {"does": each.does, "parameters": _schemas(each.parameters)}
        for name, each in ACTIONS.items()
    }


def _faults() -> dict[str, dict[str, Any]]:
    return {
        name: {
            "does": each.does,
            "lasts": each.lasts,
            "witness": each.witness,
            "modems": list(each.modems),
            "parameters": _schemas(each.parameters),
        }
        for name, each in FAULTS.items()
    }


def _events() -> dict[str, dict[str, Any]]:
    return {
        **{name: {"is": stage.meaning, "tells": MARK_DETAILS} for name, stage in MARKS.items()},
        **{name: {"is": what, "tells": tells} for name, (what, tells) in EVENTS.items()},
    }


def _schemas(parameters: Parameters) -> dict[str, Any]:
    """Return each parameter's schema, with its default where it has one."""
    return {name: each.schema() | _default(each.default) for name, each in parameters.items()}


def _default(value: object) -> dict[str, object]:
    is_plain = isinstance(value, str | int | float)
    return {"default": value} if is_plain else {}
