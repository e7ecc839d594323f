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

from slots import Slots
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


class SilentModem:
    """A modem's port on which nothing is ever heard."""

    def __init__(self) -> None:
        self.baud = 115200
        self.buffer = bytearray(_CHUNK_BYTES)
        self._flag = asyncio.Event()

    async def readable(self) -> None:
        await self._flag.wait()

    def look(self) -> None:
        pass

    def read(self) -> int:
        return 0

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        pass

    def drain(self) -> None:
        pass


class Lines:
    """Power lines that do nothing."""

    def rail_on(self) -> None:
        pass

    def wake(self) -> None:
        pass

    def allow_sleep(self) -> None:
        pass

    async def press_key(self, hold_ms: int) -> None:
        await asyncio.sleep_ms(hold_ms)

    async def force_off(self) -> None:
        pass


class Untouched:
    """A button that nobody presses."""

    first_edge_ticks = 0
    last_edge_ticks = 0

    def __init__(self) -> None:
        self._flag = asyncio.Event()

    async def wait(self) -> None:
        await self._flag.wait()
        self._flag.clear()

    def wake(self) -> None:
        self._flag.set()

    def arm(self) -> None:
        pass

    def stall(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def is_armed(self) -> bool:
        return True

    def is_down(self) -> bool:
        return False


class Board:
    """What the firmware is given."""

    name = "terminal"
    reset_cause = 1

    def __init__(self, path: str, data_dir: str, baud: int) -> None:
        self.clock = time
        self.data_dir = data_dir
        self.modem_port = SilentModem()
        self.link_port = TerminalPort(path, baud)
        self.modem_power = Lines()
        self.button = Untouched()

    def haptic(self, level: int) -> None:
        pass

    def battery_mv(self) -> int:
        return 4000

    def radio(self) -> None:
        """It has none."""

    def receiver(self, _fix: object, _on_fix: object) -> None:
        """It has none."""

    def slots(self) -> Slots:
        return Slots(self.data_dir)

    def feed_watchdog(self, is_sound: bool) -> None:
        pass

    def reset(self) -> None:
        raise SystemExit("reset")


board = Board(sys.argv[1], sys.argv[2], int(sys.argv[3]))
asyncio.run(Handset(board, A76xx).start().run())
