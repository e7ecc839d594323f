"""A board of nothing but memory: a press on it runs with the heap locked."""

import asyncio
import time

import micropython
from portable_cases.still_board import StillBoard, StillPort

from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Ticks

NUMBER = "+447700900001"
DIAL = b"ATD+447700900001;\r"


class Line(StillPort):
    """A port whose modem says OK at once."""

    def __init__(self) -> None:
        super().__init__()
        self._answers = 0

    def read(self) -> int:
        if not self._answers:
            return 0
        self._answers = 0
        self.buffer[:6] = b"\r\nOK\r\n"
        return 6

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        super().write(data)
        if data[-1] == 13:
            self._answers = 1
            self._flag.set()


class Locked:
    """Calls `press` with the heap locked, and keeps what came of it."""

    def __init__(self, press: "Callable[[Ticks], None]") -> None:
        self._press = press
        self.happened = False
        self.error: "BaseException | None" = None

    def __call__(self, pressed_ticks: "Ticks") -> None:
        micropython.heap_lock()
        try:
            self._press(pressed_ticks)
        except MemoryError as error:
            self.error = error
        micropython.heap_unlock()
        self.happened = True


async def press(board: StillBoard, handset: Handset) -> Locked:
    locked = Locked(handset.activation.press)
    handset.activation.press = locked  # type: ignore[method-assign]
    handset.start()
    while not handset.modem.is_ready:
        await asyncio.sleep_ms(10)
    await asyncio.sleep_ms(200)
    board.button.first_edge_ticks = time.ticks_ms()
    board.button.wake()
    while not locked.happened:
        await asyncio.sleep_ms(1)
    return locked


def run(data_dir: str) -> None:
    """Press, and check that the dial command left with the heap locked."""
    board = StillBoard(data_dir, time)
    board.modem_port = Line()
    board.button.is_pressed = True
    board.button.first_edge_ticks = time.ticks_ms()
    handset = Handset(board, A76xx)
    handset.modem.prepare([NUMBER], True, [NUMBER])
    locked = asyncio.run(press(board, handset))
    assert locked.error is None, "it allocates"
    assert board.modem_port.written == DIAL, board.modem_port.written
    assert (board.modem_port.drained, board.motor) == (1, 1)
    assert handset.activation.is_open
    assert handset.call.is_up
