"""On the VM: the whole firmware on a board of nothing but memory, its host link a terminal.

Whatever is awaited here is a file or an event: beside a ThreadSafeFlag the unix port's poll takes
a millisecond each time, even when it is to return at once.

Arguments: the terminal's path, the data directory, the baud rate that the link goes by.
"""

import asyncio
import sys
import termios
import time
from asyncio import core

from portable_cases.still_board import StillBoard

from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CHUNK_BYTES = 512
_CONTROL_CHARACTERS = 6
_VTIME, _VMIN = 5, 6


class TerminalPort:
    """A pseudo-terminal with the face of a UART's driver."""

    def __init__(self, path: str, baud: int) -> None:
        self.baud = baud
        self.buffer = bytearray(_CHUNK_BYTES)
        self._file = open(path, "r+b")  # noqa: PTH123, SIM115  # no pathlib here; it stays open
        self._return_at_once()

    def _return_at_once(self) -> None:
        fd = self._file.fileno()
        attributes = termios.tcgetattr(fd)
        attributes[_CONTROL_CHARACTERS][_VMIN] = 0
        attributes[_CONTROL_CHARACTERS][_VTIME] = 0
        termios.tcsetattr(fd, termios.TCSANOW, attributes)

    async def readable(self) -> None:
        await self._arrival()

    def _arrival(self) -> "Any":
        """A generator, which is what this VM awaits."""
        yield core._io_queue.queue_read(self._file)

    def look(self) -> None:
        pass

    def read(self) -> int:
        return self._file.readinto(self.buffer) or 0

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        self._file.write(data)

    def drain(self) -> None:
        pass


board = StillBoard(sys.argv[2], time)
board.link_port = TerminalPort(sys.argv[1], int(sys.argv[3]))
asyncio.run(Handset(board, A76xx).start().run())
