"""The sealed acknowledgement: the only thing that tells a handset it was answered."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tocsin_host import wire
from tocsin_host.answerpoint.tag import FROM_ANSWER_POINT, seal

AckCounters = Callable[[int], int]
"""Gives the next counter for a handset. It must never repeat for one report key, restarts of the
answer point included: a repeated counter breaks the seal."""

_MAX_AGE_MS = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A data text to send: to `number`, on the tag port, `payload` of at most 133 octets."""

    number: str
    payload: bytes


class MemoryCounters:
    """Counters from 1 that last as long as this object: for one simulated run."""

    def __init__(self) -> None:
        self._counters: dict[int, Iterator[int]] = {}

    def __call__(self, identity: int) -> int:
        """Return the next counter of handset `identity`."""
        return next(self._counters.setdefault(identity, itertools.count(1)))


def acknowledgement(
    number: str, identity: int, key: bytes, counter: int, activation: int, age_us: int
) -> Acknowledgement:
    """Build the acknowledgement of `activation`, answered `age_us` ago."""
    answer = wire.AnswerAck(
        activation=activation, answered_age_ms=min(max(0, age_us // 1000), _MAX_AGE_MS)
    )
    return Acknowledgement(number, seal(key, FROM_ANSWER_POINT, identity, counter, answer))
