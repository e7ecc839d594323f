"""What the person felt, beside what the firmware claims to have told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from tocsin_host.measure.record import NoticeMark
from tocsin_host.wire import Notice

_SAME_US = 5_000_000  # a claim and the pulses it stands for lie closer together than this
_MS_PER_UNIT = 10


@dataclass(frozen=True, slots=True)
class Pulse:
    """One vibration in the pattern's drawing."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: when it was felt and when claimed, None when it was not."""

    notice: Notice
    felt_us: int | None
    claimed_us: int | None
    pulses: tuple[Pulse, ...]


def told(felt: Sequence[NoticeMark], claimed: Sequence[NoticeMark]) -> list[Told]:
    """Pair what was felt with what was claimed, in order of time."""
    left = list(claimed)
    rows = []
    for mark in felt:
        claim = _claim_for(mark, left)
        if claim is not None:
            left.remove(claim)
        rows.append(_row(mark.notice, mark.t_us, claim.t_us if claim else None))
    rows += [_row(claim.notice, None, claim.t_us) for claim in left]
    return sorted(rows, key=_when)


def _claim_for(felt: NoticeMark, claims: Sequence[NoticeMark]) -> NoticeMark | None:
    near = [
        each
        for each in claims
        if each.notice is felt.notice and abs(each.t_us - felt.t_us) <= _SAME_US
    ]
    return min(near, key=lambda each: abs(each.t_us - felt.t_us), default=None)


def _row(notice: Notice, felt_us: int | None, claimed_us: int | None) -> Told:
    edges = [0, *accumulate(notice.pattern)]
    pulses = tuple(
        Pulse(start / _MS_PER_UNIT, (end - start) / _MS_PER_UNIT)
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    )
    return Told(notice, felt_us, claimed_us, pulses)


def _when(row: Told) -> int:
    when_us = row.felt_us if row.felt_us is not None else row.claimed_us
    assert when_us is not None, "a row comes from a felt or a claimed notice"
    return when_us
