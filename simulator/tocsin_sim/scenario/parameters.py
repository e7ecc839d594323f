"""Typed parameters of faults and actions: checked, described and drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

Values = Mapping[str, Any]
"""Values of all parameters, by name."""


class ParameterError(ValueError):
    """A value is not one of those a parameter takes; says which it takes."""


class Parameter(Protocol):
    """One value that a fault or an action takes."""

    @property
    def default(self) -> Any:
        """The value when none is given; None when one must be."""

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""

    def draw(self, stream: Random) -> Any:
        """Return one of the values it takes."""

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`."""

    low: float
    high: float
    default: float | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high:
            raise ParameterError(f"a number from {self.low:g} to {self.high:g}")

    def draw(self, stream: Random) -> float:
        """Return one of the values it takes."""
        return stream.uniform(self.low, self.high)

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number from `low` to `high`."""

    low: int
    high: int
    default: int | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not self.low <= value <= self.high:
            raise ParameterError(f"a whole number from {self.low} to {self.high}")

    def draw(self, stream: Random) -> int:
        """Return one of the values it takes."""
        return stream.randint(self.low, self.high)

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words."""

    words: tuple[str, ...]
    default: str | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        if value not in self.words:
            raise ParameterError(f"one of {', '.join(self.words)}")

    def draw(self, stream: Random) -> str:
        """Return one of the values it takes."""
        return stream.choice(self.words)

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    default: bool | None = None

    def check(self, value: Any) -> None:
        """Raise ParameterError unless it takes `value`."""
        if not isinstance(value, bool):
            raise ParameterError("true or false")

    def draw(self, stream: Random) -> bool:
        """Return one of the values it takes."""
        return stream.random() < 0.5

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema."""
        return {"type": "boolean"}


Parameters = Mapping[str, Parameter]


def complete(parameters: Parameters, given: Values) -> Values:
    """Return `given` with the defaults of what it leaves out. Raises ParameterError."""
    for name in given:
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise ParameterError(f"{name!r} is not known here; parameters: {known}")
    values = {name: given.get(name, each.default) for name, each in parameters.items()}
    for name, value in values.items():
        if value is None:
            raise ParameterError(f"{name!r} is missing")
        try:
            parameters[name].check(value)
        except ParameterError as error:
            raise ParameterError(f"{name} = {value!r} is not possible; give {error}") from None
    return values


def drawn(parameters: Parameters, stream: Random) -> Values:
    """Return values drawn for every parameter."""
    return {name: each.draw(stream) for name, each in parameters.items()}
