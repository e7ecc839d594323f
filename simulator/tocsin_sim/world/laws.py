"""Random durations, drawn from a stream in seconds, returned in microseconds."""

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
