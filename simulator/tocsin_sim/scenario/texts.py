"""Parameters that only scenario files have: words, times, laws, and what may be left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Any

from tocsin_sim.scenario import times
from tocsin_sim.scenario.parameters import Parameter, ParameterError
from tocsin_sim.world.laws import LAWS, Law


@dataclass(frozen=True, slots=True)
class Text:
    """Words that match `pattern`; `what` says it for people."""

    pattern: str
    what: str
    default: str | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        if not isinstance(value, str) or not re.match(self.pattern, value):
            raise ParameterError(self.what)

    def draw(self, stream: Random) -> str:
        """Text is not drawn."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "string", "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class When:
    """A time as scenarios write it."""

    default: str | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        times.parse_time(value)

    def draw(self, stream: Random) -> str:
        """Times are drawn from what is written."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "string", "pattern": times.PATTERN}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A law of durations, as `{ law = "lognormal", median_s = 3.1, sigma = 0.5 }`."""

    default: dict[str, Any] | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        law_of(value)

    def draw(self, stream: Random) -> dict[str, Any]:
        """Laws are not drawn."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        number = {"type": "number", "minimum": 0}
        return {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"law": {"const": law}, **dict.fromkeys(names, number)},
                    "required": ["law", *names],
                    "additionalProperties": False,
                }
                for law, (names, _) in LAWS.items()
            ]
        }


def law_of(value: Any) -> Law:
    """Return the law a table names. Raises ParameterError."""
    forms = "; ".join(f'{{ law = "{name}", {" ".join(of)} }}' for name, (of, _) in LAWS.items())
    law = str(value.get("law")) if isinstance(value, dict) else ""
    names = LAWS[law][0] if law in LAWS else ()
    if not names or set(value) != {"law", *names}:
        raise ParameterError(f"one of {forms}")
    numbers = [value[name] for name in names]
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in numbers):
        raise ParameterError(f"numbers for {', '.join(names)}")
    if numbers[0] < 0 or (law in {"exponential", "lognormal"} and not numbers[0]):
        raise ParameterError(f"more than 0 for {names[0]}")
    return Law(law, tuple(numbers))


@dataclass(frozen=True, slots=True)
class Words:
    """A list of words, each one of `choices` if there are any."""

    choices: tuple[str, ...] = ()
    default: tuple[str, ...] | None = ()

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        is_list = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
        if not is_list or (self.choices and not set(value) <= set(self.choices)):
            raise ParameterError(f"a list of {', '.join(self.choices) or 'words'}")

    def draw(self, stream: Random) -> tuple[str, ...]:
        """Lists are not drawn."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        item = {"enum": list(self.choices)} if self.choices else {"type": "string"}
        return {"type": "array", "items": item}


@dataclass(frozen=True, slots=True)
class Anything:
    """A table whose keys are checked elsewhere."""

    default: dict[str, Any] | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        if not isinstance(value, dict):
            raise ParameterError("a table, as { name = value }")

    def draw(self, stream: Random) -> dict[str, Any]:
        """Tables are not drawn."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "object"}


class Absent:
    """What stands for a value that was left out and has no default."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Maybe:
    """A parameter that may be left out."""

    of: Parameter
    default: Absent = ABSENT

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        if value is not ABSENT:
            self.of.check(value)

    def draw(self, stream: Random) -> Any:
        """Return one of the values it takes."""
        return self.of.draw(stream)

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return self.of.schema()
