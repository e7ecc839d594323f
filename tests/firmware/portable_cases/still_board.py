"""A board of nothing but memory, on which nothing happens by itself: for scripts on a VM."""

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tocsin.parts import Ticks


class StillPort:
    """A line on which nothing is heard; `written` is the last thing it was sent."""

    def __init__(self) -> None:
        self.baud = 115_200
        self.buffer = bytearray(64)
        self.written: bytes | bytearray | memoryview = b""
        self.drained = 0
        self._flag = asyncio.Event()

    async def readable(self) -> None:
        await self._flag.wait()
        self._flag.clear()

    def look(self) -> None:
        pass

    def read(self) -> int:
        return 0

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        self.written = data

    def drain(self) -> None:
        self.drained += 1


class StillButton:
    """A button that is down, since both its stamps, while `is_pressed`."""

    def __init__(self) -> None:
        self.first_edge_ticks: Ticks = 0
        self.last_edge_ticks: Ticks = 0
        self.is_pressed = False
        self._flag = asyncio.Event()

    async def wait(self) -> None:
        await self._flag.wait()
        self._flag.clear()

    def wake(self) -> None:
        self._flag.set()

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


class StillLines:
    """Power lines that do nothing."""

    def rail_on(self) -> None:
        pass

    def wake(self) -> None:
        pass

    def allow_sleep(self) -> None:
        pass

    async def press_key(self, hold_ms: int) -> None:
        await asyncio.sleep(hold_ms / 1000)

    async def force_off(self) -> None:
        pass


class StillBoard:
    """What a board gives; `motor` is what it was last told to be."""

    name = "still"
    reset_cause = 1

    def __init__(self, data_dir: str, clock: "Any") -> None:
        self.clock = clock
        self.data_dir = data_dir
        self.modem_port = StillPort()
        self.link_port: Any = StillPort()
        self.modem_power = StillLines()
        self.button = StillButton()
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

    def slots(self) -> "Any":
        from slots import Slots

        return Slots(self.data_dir)

    def reset(self) -> None:
        raise SystemExit("reset")
