"""The sending end of a transfer: by offset, resumable after any cut, whole only by its hash."""

from __future__ import annotations

import hashlib
from enum import Enum, auto
from typing import Protocol

from tocsin_host import wire
from tocsin_host.errors import ProtocolError, UpdateError

_LARGEST_CHUNK_BYTES = wire.TransferChunk.MAX_BYTES - len(wire.TransferChunk().encode())
_MOST_STALLED_ROUNDS = 3  # the channel loses nothing: a handset needs one to make room, if any


class Line(Protocol):
    """Where a transfer's messages go."""

    def open(self, kind: int, size: int, sha256: bytes) -> None:
        """Announce the whole; answered by `TransferSender.on_ready`."""

    def chunk(self, offset: int, data: bytes) -> bool:
        """Send a part of it, or return False: no room now."""

    def end(self) -> bool:
        """Say that everything was sent, or False as before; `on_done` or `on_wanted` answers."""


class _State(Enum):
    OPENING = auto()
    SENDING = auto()
    ENDING = auto()
    DONE = auto()


class TransferSender:
    """One transfer of `data`; opening the same again, over a new session too, resumes it.

    Call `advance` after every answer and whenever the line has room again.
    """

    def __init__(self, kind: int, data: bytes, line: Line) -> None:
        self.offset = 0  # of the next octet to send
        self._data = data
        self._sha256 = hashlib.sha256(data).digest()
        self._line = line
        self._chunk_bytes = 0
        self._reached = 0
        self._stalled_rounds = 0
        self._state = _State.OPENING
        line.open(kind, len(data), self._sha256)

    @property
    def is_done(self) -> bool:
        """Whether the handset has the whole, by its hash."""
        return self._state is _State.DONE

    def advance(self) -> None:
        """Send as much as the line takes."""
        while self._state is _State.SENDING and self.offset < len(self._data):
            piece = self._data[self.offset : self.offset + self._chunk_bytes]
            if not self._line.chunk(self.offset, piece):
                return
            self.offset += len(piece)
        if self._state is _State.SENDING and self._line.end():
            self._state = _State.ENDING

    def on_ready(self, offset: int, chunk_bytes: int) -> None:
        """The handset has everything before `offset`. Raises ProtocolError."""
        if self._state is not _State.OPENING:
            raise ProtocolError("the handset is ready out of turn")
        if not 1 <= chunk_bytes <= _LARGEST_CHUNK_BYTES:
            limits = f"1 to {_LARGEST_CHUNK_BYTES}"
            raise ProtocolError(f"the handset takes chunks of {chunk_bytes} octets, not {limits}")
        self._chunk_bytes = chunk_bytes
        self._go_on_at(offset)
        self._reached = offset

    def on_wanted(self, offset: int) -> None:
        """The handset has seen the end but misses all from `offset` on. Raises ProtocolError."""
        if self._state is not _State.ENDING:
            raise ProtocolError("the handset wants a part before the end was sent")
        self._go_on_at(offset)
        self._judge_progress(offset)

    def _judge_progress(self, offset: int) -> None:
        self._stalled_rounds = 0 if offset > self._reached else self._stalled_rounds + 1
        self._reached = max(self._reached, offset)
        if self._stalled_rounds > _MOST_STALLED_ROUNDS:
            raise ProtocolError(
                f"the handset has wanted octet {offset} again and again",
                "restart the handset and send it again",
            )

    def on_done(self, sha256: bytes) -> None:
        """The handset has the whole, as hashed by it. Raises ProtocolError, UpdateError."""
        if self._state is not _State.ENDING:
            raise ProtocolError("the handset has finished a transfer before its end")
        if sha256 != self._sha256:
            hint = "send it again"
            raise UpdateError("what arrived at the handset has another hash than was sent", hint)
        self._state = _State.DONE

    def _go_on_at(self, offset: int) -> None:
        if not 0 <= offset <= len(self._data):
            raise ProtocolError(f"the handset wants octet {offset} of {len(self._data)}")
        self.offset = offset
        self._state = _State.SENDING
