"""When a host's wishes may touch flash or restart the handset: never in the way of an alarm."""

import asyncio
import gc

from micropython import const

from tocsin.link.loading import give_way
from tocsin.refusal import Refusal
from tocsin.wire_dialogue import FAILURE_BUSY

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, TypeVar

    from tocsin.activation import Activation
    from tocsin.gate import Gate
    from tocsin.parts import Clock, Ticks

    _T = TypeVar("_T")

_STEP_MS = const(10)


class Quiet:
    """Whether there is an alarm, or a press that may become one."""

    def __init__(self, activation: "Activation", gate: "Gate", clock: "Clock") -> None:
        self._activation = activation
        self._gate = gate
        self._clock = clock
        self._turned: Ticks = clock.ticks_ms()

    def check(self) -> None:
        """Raise Refusal (BUSY) while an alarm is open or a call is up."""
        if not self._activation.is_idle:
            is_open = self._activation.is_open
            raise Refusal(FAILURE_BUSY, "an activation is open" if is_open else "a call is up")

    def sweep(self) -> None:
        """Collect what is no longer needed, unless a press is being judged."""
        if self._gate.is_open:
            with self._gate:
                gc.collect()

    async def give_way(self) -> None:
        """Let every other task run, and a press be over and dialled."""
        await give_way(self._gate)

    async def turn(self) -> None:
        """Let every other task run, and a press dial first; raises Refusal as `check`."""
        self.done()
        # After 0 it goes on before whoever reads the port: what takes a tick must leave it one.
        now = self._clock.ticks_ms()
        await asyncio.sleep_ms(1 if self._clock.ticks_diff(now, self._turned) else 0)
        self._turned = self._clock.ticks_ms()
        is_open = await self._gate.opened()
        self.check()
        if not is_open:
            raise Refusal(FAILURE_BUSY, "the button is held down")

    async def turn_to_flash(self) -> None:
        """As `turn`; until the next turn, or `done`, flash has its time and nothing is awaited."""
        await self.turn()
        self._gate.edges.stall()

    def done(self) -> None:
        """Flash has had its time."""
        self._gate.edges.resume()


async def uncut(work: "Coroutine[Any, Any, _T]") -> "_T":
    """What `work` returns; it goes on by itself when whoever waits is cancelled.

    A session may end at any moment, but a command to the modem is in progress until it is answered.
    """
    task = asyncio.create_task(work)
    while not task.done():
        await asyncio.sleep_ms(_STEP_MS)
    return await task
