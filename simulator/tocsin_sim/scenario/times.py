"""Times in a scenario: `1.5s`, `300ms`, `1.0s+U(0,2.56s)`: sums of durations and of laws.

`U(a,b)` is uniform, `E(mean)` exponential, `L(median,sigma)` lognormal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from tocsin_sim.scenario.parameters import ParameterError
from tocsin_sim.world.laws import Law

_UNITS_S = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_DURATION = rf"{_NUMBER}(?:ms|s|min|h)"
_VALUE = rf"(?:{_DURATION}|{_NUMBER})"
_TERM = rf"(?:{_DURATION}|U\({_VALUE},{_VALUE}\)|E\({_VALUE}\)|L\({_VALUE},{_NUMBER}\))"
PATTERN = rf"^{_TERM}(?:\+{_TERM})*$"
"""What a time is written like."""

_LAWS = {"U": "uniform", "E": "exponential", "L": "lognormal"}


@dataclass(frozen=True, slots=True)
class Time:
    """A time, as a sum of laws; `text` as it was written."""

    text: str
    terms: tuple[Law, ...]

    def draw_us(self, stream: Random) -> int:
        """Return it in microseconds, its random parts drawn."""
        return sum(term.draw_us(stream) for term in self.terms)


def parse_time(text: object) -> Time:
    """Read a time. Raises ParameterError."""
    if not isinstance(text, str) or not re.match(PATTERN, text):
        raise ParameterError("a time such as 300ms, 1.5s or 1.0s+U(0,2.56s)")
    return Time(text, tuple(_law(term) for term in re.findall(_TERM, text)))


def _law(term: str) -> Law:
    if term[0] not in _LAWS:
        return Law("fixed", (_seconds(term),))
    values = tuple(_seconds(each) for each in term[2:-1].split(","))
    if term[0] == "U" and values[0] > values[1]:
        raise ParameterError(f"a law that can be drawn from, which {term} is not: swap its values")
    if term[0] != "U" and values[0] == 0:
        raise ParameterError(f"a law that can be drawn from, which {term} is not: 0 has none")
    return Law(_LAWS[term[0]], values)


def _seconds(text: str) -> float:
    unit = text.lstrip("0123456789.")
    return float(text.removesuffix(unit)) * _UNITS_S.get(unit, 1.0)
