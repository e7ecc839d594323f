"""Random durations, drawn from a stream in seconds, returned in microseconds."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from random import Random


def lognormal_us(stream: Random, median_s: float, sigma: float) -> int:
    """Return a lognormal duration of this median."""
    return round(stream.lognormvariate(log(median_s), sigma) * 1e6)


def exponential_us(stream: Random, mean_s: float) -> int:
    """Return an exponential duration of this mean."""
    return round(stream.expovariate(1 / mean_s) * 1e6)


def uniform_us(stream: Random, low_s: float, high_s: float) -> int:
    """Return a duration anywhere from `low_s` to `high_s`."""
    return round(stream.uniform(low_s, high_s) * 1e6)


@dataclass(frozen=True, slots=True)
class Law:
    """A law of durations, by the names of LAWS, with its parameters in their order."""

    name: str
    values: tuple[float, ...]

    def draw_us(self, stream: Random) -> int:
        """Return a duration by this law."""
        return LAWS[self.name][1](stream, *self.values)


LAWS: dict[str, tuple[tuple[str, ...], Callable[..., int]]] = {
    "fixed": (("s",), lambda _, s: round(s * 1e6)),
    "uniform": (("low_s", "high_s"), uniform_us),
    "exponential": (("mean_s",), exponential_us),
    "lognormal": (("median_s", "sigma"), lognormal_us),
}
"""Each law's parameters and its draw."""
