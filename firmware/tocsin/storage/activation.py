"""The mark of an open activation, so that a handset that restarts goes on with it."""

from micropython import const

from tocsin import wire
from tocsin.storage import atomic

_MAX_ATTEMPT = const(255)


class OpenActivation:
    """Which activation is open, if any, and at which attempt; kept in one file."""

    def __init__(self, path: str) -> None:
        self.activation: int = 0
        self.is_open: bool = False
        self.attempt: int = 0
        self._path = path
        self._buf = bytearray(wire.ActivationRecord.MAX_BYTES)

    def load(self) -> None:
        """Read the mark; nothing is open when there is none or it is torn."""
        content = atomic.load(self._path)
        if content is None:
            return
        try:
            record = wire.ActivationRecord().decode_from(memoryview(content), 0, len(content))
        except wire.DecodeError:
            return
        self.activation = record.activation
        self.is_open = record.is_open == 1
        self.attempt = record.attempt

    def mark(self, activation: int, attempt: int) -> None:
        """Note an activation as open; raises OSError when flash refuses."""
        self._write(activation, True, min(attempt, _MAX_ATTEMPT))

    def clear(self) -> None:
        """Note that it was closed; raises OSError when flash refuses."""
        self._write(self.activation, False, self.attempt)

    def _write(self, activation: int, is_open: bool, attempt: int) -> None:
        record = wire.ActivationRecord(activation, int(is_open), attempt)
        atomic.replace(self._path, self._buf, record.encode_into(self._buf, 0))
        self.activation = activation
        self.is_open = is_open
        self.attempt = attempt
