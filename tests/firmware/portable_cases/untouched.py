"""A handset nobody presses, as far as the gate knows it."""

from tocsin.gate import Gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Untouched:
    """A button that is never pressed and a modem that never dials."""

    has_dial = False

    def is_armed(self) -> bool:
        return True

    def stall(self) -> None:
        pass

    def resume(self) -> None:
        pass


def open_gate() -> Gate:
    """A gate that is always open."""
    untouched: Any = Untouched()
    return Gate(untouched, untouched, bool)
