"""The channel's four octets at the head of every frame's payload."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin_host.channel import HEADER_BYTES, Kind

__all__ = ["HEADER_BYTES", "Header", "Kind", "header_of"]

_LANES = ("normal", "urgent")


@dataclass(frozen=True, slots=True)
class Header:
    """Kind, lane and numbers of one frame; the `next` ones are what its sender expects."""

    kind: Kind
    lane: str
    sequence: int
    next_normal: int
    next_urgent: int


def header_of(payload: bytes) -> Header:
    """The header a payload begins with. Raises ValueError, saying why there is none."""
    if len(payload) < HEADER_BYTES:
        raise ValueError("the payload is too short for a channel header")
    kind, lane = payload[0] >> 4, payload[0] & 0x0F
    if kind not in tuple(Kind):
        raise ValueError(f"the channel has no frames of kind {kind}")
    if lane >= len(_LANES):
        raise ValueError(f"the channel has no lane {lane}")
    return Header(Kind(kind), _LANES[lane], payload[1], payload[2], payload[3])
