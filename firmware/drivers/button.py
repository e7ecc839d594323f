"""The button's line: its first edge is stamped in the interrupt, its level read when asked."""

import asyncio
from time import sleep_ms, ticks_ms

from machine import Pin
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Ticks


class ButtonLine:
    """A button between a pin and ground. The first falling edge after `arm` is stamped.

    One that no interrupt told of, as before the handset started, is stamped when it is noticed;
    one between `stall` and `resume`, whose interrupt had to wait, as at `stall`: never late. The
    last falling edge is stamped too, never early.
    """

    def __init__(self, pin: Pin) -> None:
        self._pin = pin
        self._flag = asyncio.ThreadSafeFlag()
        self._armed = True
        self._is_stalled = False
        self._stalled_ticks: Ticks = 0
        self.first_edge_ticks: Ticks = 0
        self.last_edge_ticks: Ticks = 0
        pin.irq(self._on_edge, Pin.IRQ_FALLING)
        self._look()

    def _on_edge(self, _pin: Pin) -> None:
        self.last_edge_ticks = ticks_ms()
        if self._armed:
            is_late = self._is_stalled
            self.first_edge_ticks = self._stalled_ticks if is_late else self.last_edge_ticks
            self._armed = False
            self._flag.set()

    def _look(self) -> None:
        if self._armed and self.is_down():
            self._on_edge(self._pin)

    async def wait(self) -> None:
        """Return at the first edge, or when woken."""
        await self._flag.wait()

    def wake(self) -> None:
        """Let whoever waits go round once."""
        self._look()
        self._flag.set()

    def arm(self) -> None:
        """Be ready for the next press."""
        self._armed = True
        self._look()

    def stall(self) -> None:
        """What follows lets no interrupt handler run: an operation on flash, or a collection."""
        self._stalled_ticks = ticks_ms()
        self._is_stalled = True

    def resume(self) -> None:
        """Handlers run again, and those that had to wait have."""
        sleep_ms(0)  # on every port they do, in here
        self._is_stalled = False

    def is_armed(self) -> bool:
        """Whether no edge was stamped since `arm`."""
        return self._armed

    def is_down(self) -> bool:
        """Whether the button is pressed now."""
        return self._pin.value() == 0
