"""On a VM: qualify a press with the heap locked and no task running, and say what was dialled.

Arguments: a folder for the handset's files, then tick counts at which the button goes down.
Answered for each by "TICKS dialled" or "TICKS allocates", or by what was not as it should be.
"""

import sys
import time

import micropython

from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tocsin.parts import Ticks

HOLD_MS = 1_000
NUMBER = "+447700900001"
DIAL = b"ATD+447700900001;\r"


class Clock:
    """It is `now` until somebody says otherwise; differences are the port's own."""

    def __init__(self) -> None:
        self.now: Ticks = 0
        port: Any = time
        self.ticks_diff = port.ticks_diff
        self.ticks_add = port.ticks_add

    def ticks_ms(self) -> "Ticks":
        return self.now


class Port:
    """A line on which nothing is heard; `written` is the last thing it was sent."""

    def __init__(self) -> None:
        self.baud = 115_200
        self.buffer = bytearray(64)
        self.written: bytes | bytearray | memoryview = b""
        self.drained = 0

    async def readable(self) -> None:
        raise NotImplementedError

    def look(self) -> None:
        pass

    def read(self) -> int:
        return 0

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        self.written = data

    def drain(self) -> None:
        self.drained += 1


class Contact:
    """A button that is down since both its stamps."""

    def __init__(self) -> None:
        self.first_edge_ticks: Ticks = 0
        self.last_edge_ticks: Ticks = 0
        self.is_pressed = False

    async def wait(self) -> None:
        raise NotImplementedError

    def wake(self) -> None:
        pass

    def arm(self) -> None:
        self.is_pressed = False

    def stall(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def is_armed(self) -> bool:
        return not self.is_pressed

    def is_down(self) -> bool:
        return self.is_pressed


class Lines:
    """Power lines that do nothing."""

    def rail_on(self) -> None:
        pass

    def wake(self) -> None:
        pass

    def allow_sleep(self) -> None:
        pass

    async def press_key(self, hold_ms: int) -> None:
        raise NotImplementedError

    async def force_off(self) -> None:
        raise NotImplementedError


class Board:
    """What a board gives, without any machine."""

    def __init__(self, data_dir: str) -> None:
        self.name = "locked"
        self.clock = Clock()
        self.reset_cause = 1
        self.data_dir = data_dir
        self.modem_port = Port()
        self.link_port = Port()
        self.modem_power = Lines()
        self.button = Contact()
        self.motor = 0

    def haptic(self, level: int) -> None:
        self.motor = level

    def battery_mv(self) -> int:
        return 4000


def pressed(data_dir: str, ticks: "Ticks") -> str:
    """Hold the button from then on; what becomes of it at the look that qualifies the press."""
    board = Board(data_dir)
    clock = board.clock
    clock.now = clock.ticks_add(ticks, -10_000)
    handset = Handset(board, A76xx)  # type: ignore[arg-type]
    handset.modem.prepare([NUMBER], True, [NUMBER])
    handset.modem.is_ready = True
    board.button.first_edge_ticks = board.button.last_edge_ticks = ticks
    board.button.is_pressed = True
    for held_ms in range(0, HOLD_MS, 10):
        clock.now = clock.ticks_add(ticks, held_ms)
        handset.button.step()
    if board.modem_port.written:
        return "dials too early"
    clock.now = clock.ticks_add(ticks, HOLD_MS)
    micropython.heap_lock()
    try:
        handset.button.step()
        outcome = "dialled"
    except MemoryError:
        outcome = "allocates"
    micropython.heap_unlock()
    is_told = board.motor and handset.activation.is_open and handset.call.is_up
    if outcome == "dialled" and (board.modem_port.written != DIAL or not is_told):
        return "dials nothing"
    return outcome


for argument in sys.argv[2:]:
    sys.stdout.write(argument + " " + pressed(sys.argv[1], int(argument)) + "\n")
