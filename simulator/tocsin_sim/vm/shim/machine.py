"""What the firmware imports as `machine`: the ESP32 port's, talking to the simulated world."""

import struct

from micropython import const
from shim import kinds
from shim.link import FOREVER_US, Link
from shim.pins import make_adc, make_pin
from shim.uart import make_uart

_CPU_HZ = const(240000000)


class Machine:
    """The attributes of module `machine`."""

    PWRON_RESET = kinds.PWRON_RESET
    HARD_RESET = kinds.HARD_RESET
    WDT_RESET = kinds.WDT_RESET
    DEEPSLEEP_RESET = kinds.DEEPSLEEP_RESET
    SOFT_RESET = kinds.SOFT_RESET

    def __init__(self, link: Link, unique_id: bytes, reset_cause: int) -> None:
        self.Pin = make_pin(link)
        self.ADC = make_adc(link)
        self.UART = make_uart(link)
        self.WDT = _make_watchdog(link)
        self.unique_id = lambda: unique_id
        self.reset_cause = lambda: reset_cause
        self.reset = lambda: link.reset(kinds.SOFT_RESET)
        self.soft_reset = self.reset
        self.freq = lambda hz=_CPU_HZ: _CPU_HZ
        self.idle = lambda: link.advance(FOREVER_US)
        self.disable_irq = lambda: 0
        self.enable_irq = lambda state: None


def _make_watchdog(link: Link) -> type:
    class WDT:
        def __init__(self, id: int = 0, timeout: int = 5000) -> None:
            if timeout <= 0:
                raise ValueError("WDT timeout too short")
            self._timeout_us = timeout * 1000
            link.emit(kinds.WATCHDOG, id, struct.pack("<I", timeout))
            self.feed()

        def feed(self) -> None:
            if link.debt_us:
                link.pay()
            link.deadline_us = link.now_us + self._timeout_us

    return WDT
