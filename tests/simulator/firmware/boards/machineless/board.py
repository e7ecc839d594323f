"""A board of nothing but memory: a press on it runs with the heap locked."""

import asyncio
import time

import micropython

import slots
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Ticks

NUMBER = "+447700900001"
DIAL = b"ATD+447700900001;\r"


class Line:
    """A port whose modem says OK at once; `written` is the last thing it was sent."""

    def __init__(self) -> None:
        self.baud = 115200
        self.buffer = bytearray(64)
        self.written: "bytes | bytearray | memoryview" = b""
        self.drained = 0
        self._answers = 0
        self._flag = asyncio.ThreadSafeFlag()

    async def readable(self) -> None:
        await self._flag.wait()

    def look(self) -> None:
        pass

    def read(self) -> int:
        if not self._answers:
            return 0
        self._answers = 0
        self.buffer[:6] = b"\r\nOK\r\n"
        return 6

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        self.written = data
        if data[-1] == 13:
            self._answers = 1
            self._flag.set()

    def drain(self) -> None:
        self.drained += 1


class Contact:
    """A button held from the start until the test lets go."""

    def __init__(self) -> None:
        self.first_edge_ticks: Ticks = time.ticks_ms()
        self.last_edge_ticks = self.first_edge_ticks
        self._is_armed = False
        self._flag = asyncio.ThreadSafeFlag()

    async def wait(self) -> None:
        await self._flag.wait()

    def wake(self) -> None:
        self._flag.set()

    def arm(self) -> None:
        self._is_armed = True

    def stall(self) -> None:
        pass

    def resume(self) -> None:
        pass

    def is_armed(self) -> bool:
        return self._is_armed

    def is_down(self) -> bool:
        return True


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


class Board:
    """What a board gives, without any machine."""

    def __init__(self, data_dir: str) -> None:
        self.name = "machineless"
        self.clock = time
        self.reset_cause = 1
        self.data_dir = data_dir
        self.modem_port = Line()
        self.link_port = Line()
        self.modem_power = Lines()
        self.button = Contact()
        self.motor = 0

    def haptic(self, level: int) -> None:
        self.motor = level

    def battery_mv(self) -> int:
        return 4000

    def feed_watchdog(self, is_sound: bool) -> None:
        pass

    def radio(self) -> None:
        """It has none."""

    def receiver(self, _fix: object, _on_fix: object) -> None:
        """It has none."""

    def slots(self) -> slots.Slots:
        return slots.Slots(self.data_dir)

    def reset(self) -> None:
        raise SystemExit("reset")


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


async def press(board: Board, handset: Handset) -> Locked:
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
    board = Board(data_dir)
    handset = Handset(board, A76xx)
    handset.modem.prepare([NUMBER], True, [NUMBER])
    locked = asyncio.run(press(board, handset))
    assert locked.error is None, "it allocates"
    assert board.modem_port.written == DIAL, board.modem_port.written
    assert (board.modem_port.drained, board.motor) == (1, 1)
    assert handset.activation.is_open
    assert handset.call.is_up
