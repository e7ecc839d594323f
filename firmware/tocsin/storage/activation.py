"""The mark of an open activation, so that a handset that restarts goes on with it."""

from micropython import const

from tocsin import wire
from tocsin.storage import atomic

_MAX_ATTEMPT = const(255)
# Bits of `flags`.
_IS_DURESS = const(1)
_IS_STUCK = const(2)


class OpenActivation:
    """Which activation is open, if any, and how it stands; kept in one file.

    `is_duress`: it goes on silently; `is_stuck`: the button has raised it and did not come back;
    `age_ms`: from its press to the mark.
    """

    def __init__(self, path: str) -> None:
        self.activation: int = 0
        self.is_open: bool = False
        self.attempt: int = 0
        self.is_duress: bool = False
        self.is_stuck: bool = False
        self.age_ms: int = 0
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
        self.age_ms = record.age_ms
        self._take(record.flags)

    def mark(
        self,
        activation: int,
        attempt: int,
        age_ms: int,
        is_duress: bool = False,
        is_stuck: bool = False,
    ) -> None:
        """Note an activation as open; raises OSError when flash refuses."""
        self.age_ms = age_ms
        flags = is_duress * _IS_DURESS + is_stuck * _IS_STUCK
        self._write(activation, True, min(attempt, _MAX_ATTEMPT), flags)

    def clear(self, is_stuck: bool = False) -> None:
        """Note that it was closed; raises OSError when flash refuses."""
        self._write(self.activation, False, self.attempt, is_stuck * _IS_STUCK)

    def _write(self, activation: int, is_open: bool, attempt: int, flags: int) -> None:
        record = wire.ActivationRecord(activation, int(is_open), attempt, flags, self.age_ms)
        atomic.replace(self._path, self._buf, record.encode_into(self._buf, 0))
        self.activation = activation
        self.is_open = is_open
        self.attempt = attempt
        self._take(flags)

    def _take(self, flags: int) -> None:
        self.is_duress = bool(flags & _IS_DURESS)
        self.is_stuck = bool(flags & _IS_STUCK)
