"""A handset nobody presses, as far as the gate knows it."""

from tocsin.gate import Gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Untouched:
    """A button never pressed, a modem that never dials, a motor that never starts."""

    has_dial = False
    is_busy = False

    def is_armed(self) -> bool:
        return True

    def stall(self) -> None:
        pass

    def resume(self) -> None:
        pass


def open_gate() -> Gate:
    """A gate that is always open."""
    untouched: Any = Untouched()
    return Gate(untouched, untouched, bool, untouched)
