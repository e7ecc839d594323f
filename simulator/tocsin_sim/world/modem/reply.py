"""What a modem answers: information lines and a final result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from tocsin_sim.world.modem.parser import Command


class Cme(IntEnum):
    """Equipment errors (3GPP TS 27.007 clause 9.2)."""

    NOT_ALLOWED = 3
    SIM_NOT_INSERTED = 10
    SIM_PIN_REQUIRED = 11
    SIM_PUK_REQUIRED = 12
    SIM_FAILURE = 13
    SIM_BUSY = 14
    NO_NETWORK_SERVICE = 30
    EMERGENCY_CALLS_ONLY = 32
    # Quectel's receiver (EC2x GNSS manual)
    SESSION_IS_ONGOING = 504
    SESSION_NOT_ACTIVE = 505
    NOT_FIXED_NOW = 516


class Cms(IntEnum):
    """Message errors (3GPP TS 27.005 clause 3.2.5)."""

    NETWORK_OUT_OF_ORDER = 38
    TEMPORARY_FAILURE = 41
    CONGESTION = 42
    INVALID_PDU = 304
    SIM_BUSY = 314
    NO_NETWORK_SERVICE = 331
    NETWORK_TIMEOUT = 332
    UNKNOWN = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """Information lines, then OK, or an error."""

    lines: tuple[str, ...] = ()
    error: Cme | Cms | None = None
    is_ok: bool = True

    def encode(self, cmee: int) -> bytes:
        """Return the octets on the line; `cmee` is +CMEE: 0 ERROR, 1 numbers, 2 words."""
        text = "".join(f"\r\n{line}" for line in self.lines)
        if text:
            text += "\r\n"
        return f"{text}\r\n{self._final(cmee)}\r\n".encode("ascii")

    def _final(self, cmee: int) -> str:
        if isinstance(self.error, Cms):
            return f"+CMS ERROR: {self.error.value}"
        if self.error is None or cmee == 0:
            return "OK" if self.is_ok else "ERROR"
        words = self.error.name.replace("_", " ").lower()
        return f"+CME ERROR: {self.error.value if cmee == 1 else words}"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A `> ` prompt; `on_text(text, or None when escaped)` returns the reply, None if later."""

    on_text: Callable[[str | None], Reply | None]


OK = Reply()
ERROR = Reply(is_ok=False)


def info(*lines: str) -> Reply:
    """Return information lines, then OK."""
    return Reply(lines)


def failed(error: Cme | Cms) -> Reply:
    """Return an error with its number."""
    return Reply(error=error, is_ok=False)


Handler = Callable[[Command], Reply | Prompt | None]
"""Acts on a command; None when the reply comes later through the terminal's `finish`."""
Handlers = Mapping[str, Handler]
