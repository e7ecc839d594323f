"""What crossed the border between handset and world: for listeners, and as one digest."""

import hashlib
import struct
from collections.abc import Callable
from enum import IntEnum

_HEADER = struct.Struct("<qBBBH")


class Direction(IntEnum):
    """Which way a record went."""

    TO_HANDSET = 0
    FROM_HANDSET = 1


TraceListener = Callable[[int, Direction, int, int, bytes], object]
"""Called with t_us, direction, record type, port, data."""


class Trace:
    """A running SHA-256 over (t_us, direction, type, port, data) of every record."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._listeners: list[TraceListener] = []

    def listen(self, listener: TraceListener) -> None:
        """Call `listener` with every record from now on."""
        self._listeners.append(listener)

    def add(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        """Take one record into the digest and tell the listeners."""
        self._hash.update(_HEADER.pack(t_us, direction, kind, port, len(data)) + data)
        for listener in self._listeners:
            listener(t_us, direction, kind, port, data)

    @property
    def digest(self) -> str:
        """The digest so far, in hexadecimal."""
        return self._hash.hexdigest()
