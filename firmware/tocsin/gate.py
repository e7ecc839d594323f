"""What holds everything up, flash and collections, gives way to a press until it has dialled.

What has time gives way to what the person is being told, too.
"""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.feedback import Feedback
    from tocsin.modem.at import AtEngine
    from tocsin.parts import Edges

_LOOK_MS = const(20)
# A press is judged within 3 s, and a dial command waits for 2 s; a button down for longer is stuck.
_LOOKS = const(250)


class Gate:
    """Closed from the first edge until the press is decided and its dial command has left.

    `with gate:` stands around what lets no interrupt handler run.
    """

    def __init__(
        self,
        edges: "Edges",
        engine: "AtEngine",
        is_pressing: "Callable[[], bool]",
        feedback: "Feedback",
    ) -> None:
        self.edges = edges
        self.feedback = feedback
        self._engine = engine
        self._is_pressing = is_pressing

    @property
    def is_open(self) -> bool:
        """Whether nobody is pressing, or whoever does has raised the alarm and it is dialled."""
        return not (self._engine.has_dial or self._is_pressing())

    async def opened(self) -> bool:
        """Wait until it is open: True at once then; False if a stuck button keeps it closed."""
        for _ in range(_LOOKS):
            if self.is_open:
                return True
            await asyncio.sleep_ms(_LOOK_MS)
        return False

    async def still(self) -> bool:
        """As `opened`, once nothing is being felt: flash may stretch a pulse, or a pause in two."""
        for _ in range(_LOOKS):
            if not self.feedback.is_busy:
                break
            await asyncio.sleep_ms(_LOOK_MS)
        return await self.opened()

    def __enter__(self) -> None:
        self.edges.stall()

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        self.edges.resume()
