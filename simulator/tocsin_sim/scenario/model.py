"""A scenario as it was read: what is set, what is done and when, what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin_host.errors import ConfigError
from tocsin_sim.scenario.parameters import Values
from tocsin_sim.scenario.times import Time


class ScenarioError(ConfigError):
    """A scenario file is not one; says which file and key."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which events are meant: those of this name that tell all of this.

    A value is equal, one of a list, or a number within `{ min = ..., max = ... }`.
    """

    event: str
    has: Mapping[str, Any]

    def matches(self, name: str, told: Mapping[str, object]) -> bool:
        """Whether an event is one of those."""
        return name == self.event and all(
            _is_as(told.get(key), wanted) for key, wanted in self.has.items()
        )


def _is_as(value: object, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        is_number = isinstance(value, int | float)
        return is_number and wanted.get("min", value) <= value <= wanted.get("max", value)
    if isinstance(wanted, list):
        return value in wanted
    return bool(value == wanted)


@dataclass(frozen=True, slots=True)
class Step:
    """One `[[at]]`: at `time`, or so long after the `nth` event like `on`, do `action`."""

    on: Pattern | None
    nth: int
    time: Time
    device: int
    action: str
    values: Values


@dataclass(frozen=True, slots=True)
class Expectation:
    """One `[[expect]]`: events like `wanted` between `start` and `until`, this often.

    `within` is how long after `start`; without it and `until` it is to the end of the run.
    `at_most` is None for any number; `is_timed` has the time to the first one measured.
    """

    id: str
    kind: str
    device: int
    start: str
    wanted: Pattern
    at_least: int
    at_most: int | None
    within: Time | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file."""

    path: Path
    name: str
    title: str
    tags: tuple[str, ...]
    seed: int
    limit_s: float
    ends_at_limit: bool
    modems: tuple[str, ...]
    targets: tuple[str, ...]
    sections: Mapping[str, Values]
    """The tables of settings; `second` only if there is a second handset."""
    steps: tuple[Step, ...]
    expectations: tuple[Expectation, ...]

    def fits(self, modem: str) -> bool:
        """Whether it is about a handset with this modem."""
        return not self.modems or modem in self.modems

    @property
    def devices(self) -> int:
        """How many handsets there are."""
        return 2 if "second" in self.sections else 1
