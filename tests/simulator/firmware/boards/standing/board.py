"""The standing load: NMEA in, AT exchange a second, interrupt-driven button, haptic."""

import asyncio

import machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LINE_BYTES = 256


class LineReader:
    """Lines of a UART, drained in one piece whenever the line falls idle."""

    def __init__(
        self, uart: machine.UART, on_line: "Callable[[bytearray, int, int], None]"
    ) -> None:
        self._uart = uart
        self._on_line = on_line
        self._flag = asyncio.ThreadSafeFlag()
        self._buffer = bytearray(512)
        self._view = memoryview(self._buffer)
        self._fill = 0
        uart.irq(self._wake, machine.UART.IRQ_RXIDLE)

    def _wake(self, uart: machine.UART) -> None:
        self._flag.set()

    async def run(self) -> None:
        while True:
            await self._flag.wait()
            while self._uart.any():
                self._fill += self._uart.readinto(self._view[self._fill :]) or 0
                self._split()

    def _split(self) -> None:
        start = 0
        while True:
            end = self._buffer.find(b"\n", start, self._fill)
            if end < 0:
                break
            self._on_line(self._buffer, start, end)
            start = end + 1
        self._fill -= start
        self._buffer[: self._fill] = self._buffer[start : start + self._fill]


class Standing:
    """The tasks and what they counted."""

    def __init__(self) -> None:
        self.sentences = 0
        self.exchanges = 0
        self.presses = 0
        self._answered = asyncio.Event()
        self._pressed = asyncio.ThreadSafeFlag()
        self._button = machine.Pin(32, machine.Pin.IN, machine.Pin.PULL_UP)
        self._haptic = machine.Pin(33, machine.Pin.OUT, value=0)
        self._modem = machine.UART(1, 115200, rxbuf=1024)
        self._gnss = machine.UART(2, 9600, rxbuf=1024)
        self._watchdog = machine.WDT(timeout=8000)

    async def run(self) -> None:
        self._button.irq(self._edge, machine.Pin.IRQ_FALLING)
        tasks = (
            LineReader(self._gnss, self._on_sentence).run(),
            LineReader(self._modem, self._on_modem_line).run(),
            self._press(),
        )
        for task in tasks:
            asyncio.create_task(task)  # noqa: RUF006 - MicroPython's loop keeps its tasks
        while True:
            self._watchdog.feed()
            self._modem.write(b"AT+CSQ\r\n")
            await asyncio.wait_for_ms(self._answered.wait(), 300)
            self._answered.clear()
            self.exchanges += 1
            await asyncio.sleep_ms(1000)

    def _edge(self, pin: machine.Pin) -> None:
        self._pressed.set()

    def _on_sentence(self, buffer: bytearray, start: int, end: int) -> None:
        check = 0
        for i in range(start + 1, end - 4):
            check ^= buffer[i]
        if check == int(bytes(buffer[end - 3 : end - 1]), 16):
            self.sentences += 1

    def _on_modem_line(self, buffer: bytearray, start: int, end: int) -> None:
        if end - start >= 2 and buffer[start] == 79:
            self._answered.set()

    async def _press(self) -> None:
        while True:
            await self._pressed.wait()
            await asyncio.sleep_ms(30)
            self._pressed.clear()
            if self._button.value() == 0:
                self.presses += 1
                for _ in range(4):
                    self._haptic.value(1)
                    await asyncio.sleep_ms(50)
                    self._haptic.value(0)
                    await asyncio.sleep_ms(50)
                print("presses", self.presses, "nmea", self.sentences, "at", self.exchanges)


def run() -> None:
    asyncio.run(Standing().run())
