"""Read a capture of the serial line: each frame's message, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tocsin_host import wire
from tocsin_host.describe import described
from tocsin_protocol.errors import FrameError
from tocsin_protocol.frame import decode_frame

_DELIMITER = b"\0"
_HEX_TEXT = re.compile(rb"[0-9A-Fa-f\s]*")


@dataclass(frozen=True, slots=True)
class Captured:
    """What stands between two delimiters; `problem` says why it is no message, if it is none."""

    offset: int
    octets: int
    message: str = ""
    id: int | None = None
    request: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def octets_of(capture: bytes) -> bytes:
    """The octets of a capture, whether they are written in hexadecimal or stand there as they are.

    Frames end with 0x00, which no hexadecimal text has. Raises ValueError for an odd digit.
    """
    return bytes.fromhex(capture.decode()) if _HEX_TEXT.fullmatch(capture) else capture


def read(octets: bytes) -> Iterator[Captured]:
    """Every frame in turn; empty ones, which are no errors, are left out."""
    offset = 0
    *frames, rest = octets.split(_DELIMITER)
    for frame in frames:
        if frame:
            yield _frame(offset, frame)
        offset += len(frame) + len(_DELIMITER)
    if rest:
        yield Captured(offset, len(rest), problem="the capture ends before its delimiter")


def _frame(offset: int, frame: bytes) -> Captured:
    size = len(frame) + len(_DELIMITER)
    try:
        payload = decode_frame(frame)
    except FrameError as error:
        return Captured(offset, size, problem=f"the frame {error}")
    if len(payload) < 2:
        return Captured(offset, size, problem="the payload is too short for id and request")
    return _message(offset, size, payload)


def _message(offset: int, size: int, payload: bytes) -> Captured:
    number, request = payload[:2]
    made = wire.MESSAGES.get(number)
    name = made.__name__ if made else ""
    try:
        if made is None:
            return Captured(offset, size, name, number, request, problem="the id is unknown")
        fields = described(made.decode(payload[2:]))
        return Captured(offset, size, name, number, request, fields)
    except wire.DecodeError as error:
        return Captured(offset, size, name, number, request, problem=f"the field {error}")
