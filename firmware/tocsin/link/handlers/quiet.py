"""When a host's wishes may touch flash or restart the handset: never in the way of an alarm."""

import asyncio
import gc

from micropython import const

from tocsin.refusal import Refusal
from tocsin.wire_dialogue import FAILURE_BUSY

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.activation import Activation
    from tocsin.parts import Clock, Edges, Ticks

_LOOK_MS = const(20)
# A press is judged within 3 s; a button that is down for longer is stuck.
_LOOKS = const(250)


class Quiet:
    """Whether there is an alarm, or a press that may become one."""

    def __init__(self, activation: "Activation", button: "Edges", clock: "Clock") -> None:
        self._activation = activation
        self._button = button
        self._clock = clock
        self._turned: Ticks = clock.ticks_ms()

    def check(self) -> None:
        """Raise Refusal (BUSY) while an alarm is open or a call is up."""
        if not self._activation.is_idle:
            is_open = self._activation.is_open
            raise Refusal(FAILURE_BUSY, "an activation is open" if is_open else "a call is up")

    def sweep(self) -> None:
        """Collect what is no longer needed, unless a press is being judged."""
        if self._button.is_armed():
            gc.collect()

    async def give_way(self) -> None:
        """Let every other task run; for longer while a press is being judged."""
        await asyncio.sleep_ms(0 if self._button.is_armed() else _LOOK_MS)

    async def turn(self) -> None:
        """Let every other task run, and a press be judged first; raises Refusal as `check`."""
        # After 0 it goes on before whoever reads the port: what takes a tick must leave it one.
        now = self._clock.ticks_ms()
        await asyncio.sleep_ms(1 if self._clock.ticks_diff(now, self._turned) else 0)
        self._turned = self._clock.ticks_ms()
        for _ in range(_LOOKS):
            self.check()
            if self._button.is_armed():
                return
            await asyncio.sleep_ms(_LOOK_MS)
        raise Refusal(FAILURE_BUSY, "the button is held down")
