"""On a VM: qualify a press with the heap locked and no task running, and say what was dialled.

Arguments: a folder for the handset's files, then tick counts at which the button goes down.
Answered for each by "TICKS dialled" or "TICKS allocates", or by what was not as it should be.
"""

import sys
import time

import micropython
from portable_cases.still_board import StillBoard

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


def pressed(data_dir: str, ticks: "Ticks") -> str:
    """Hold the button from then on; what becomes of it at the look that qualifies the press."""
    clock = Clock()
    board = StillBoard(data_dir, clock)
    clock.now = clock.ticks_add(ticks, -10_000)
    handset = Handset(board, A76xx)
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
