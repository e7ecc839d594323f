"""Whether what happened is what a scenario expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tocsin_sim.scenario.events import Happening
from tocsin_sim.scenario.model import Expectation, Pattern


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one expectation; `took_us` is from its start to the event that decided it."""

    id: str
    passed: bool
    sentence: str
    took_us: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the fields by their names."""
        return {name: getattr(self, name) for name in self.__slots__}


def check(
    expectation: Expectation, happenings: Sequence[Happening], stream: Random, end_us: int
) -> Finding:
    """Judge one expectation; `end_us` is when the run ended."""
    ours = sorted(
        (each for each in happenings if each.device == expectation.device),
        key=lambda each: each.t_us,
    )
    start_us = _first(ours, expectation.start)
    if start_us is None:
        passed = expectation.kind == "never"
        return Finding(expectation.id, passed, f"{expectation.start} never came")
    window_us = _limit_us(expectation, ours, start_us, stream)
    limit_us = end_us if window_us is None else window_us
    found = [
        each
        for each in ours
        if start_us <= each.t_us <= limit_us and expectation.wanted.matches(each.name, each.told)
    ]
    if expectation.kind == "never":
        return _never(expectation, found, start_us)
    return _often_enough(expectation, found, start_us, limit_us)


def _first(happenings: Sequence[Happening], name: str) -> int | None:
    return next((each.t_us for each in happenings if each.name == name), None)


def _limit_us(
    expectation: Expectation, happenings: Sequence[Happening], start_us: int, stream: Random
) -> int | None:
    if expectation.within is not None:
        return start_us + expectation.within.draw_us(stream)
    if expectation.until is None:
        return None
    later = [each for each in happenings if each.t_us >= start_us]
    return _first(later, expectation.until)


def _never(expectation: Expectation, found: list[Happening], start_us: int) -> Finding:
    what = _words(expectation.wanted)
    if not found:
        return Finding(expectation.id, True, f"no {what}")
    took_us = found[0].t_us - start_us
    after = f"{_seconds(took_us)} after {expectation.start}"
    return Finding(expectation.id, False, f"{what} {after}: {found[0].told}", took_us)


def _often_enough(
    expectation: Expectation, found: list[Happening], start_us: int, limit_us: int
) -> Finding:
    most = expectation.at_most
    passed = len(found) >= expectation.at_least and (most is None or len(found) <= most)
    what = _words(expectation.wanted)
    allowed = f"{_seconds(limit_us - start_us)} after {expectation.start}"
    if len(found) < expectation.at_least:
        wanted = "" if expectation.at_least == 1 else f" {len(found)} of {expectation.at_least}"
        return Finding(expectation.id, False, f"no{wanted} {what} within {allowed}")
    took_us = found[expectation.at_least - 1].t_us - start_us
    often = "" if len(found) == 1 else f", {len(found)} times"
    sentence = f"{what} after {_seconds(took_us)} (limit {allowed}){often}"
    return Finding(expectation.id, passed, sentence, took_us)


def _words(pattern: Pattern) -> str:
    told = ", ".join(f"{key} {value}" for key, value in pattern.has.items())
    return f"{pattern.event} ({told})" if told else pattern.event


def _seconds(t_us: int) -> str:
    return f"{t_us / 1e6:.3f} s"
