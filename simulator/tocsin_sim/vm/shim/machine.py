"""What the firmware imports as `machine`: the ESP32 port's, talking to the simulated world."""
# ruff: noqa: D102 # MicroPython documents what module machine does

import struct

from shim.kinds import (
    DEEPSLEEP_RESET,
    HARD_RESET,
    PWRON_RESET,
    SOFT_RESET,
    WATCHDOG,
    WDT_RESET,
)
from shim.link import FOREVER_US, link
from shim.pins import ADC, Pin
from shim.uart import UART

__all__ = (
    "ADC",
    "DEEPSLEEP_RESET",
    "HARD_RESET",
    "PWRON_RESET",
    "SOFT_RESET",
    "UART",
    "WDT",
    "WDT_RESET",
    "Pin",
)

_SPEEDS_HZ = (20000000, 40000000, 80000000, 160000000, 240000000)

_cpu_hz = 160000000
_unique_id = b""
_reset_cause = PWRON_RESET


def _begin(unique_id: bytes, cause: int) -> None:
    """Say which chip this is and why it started."""
    global _unique_id, _reset_cause
    _unique_id = unique_id
    _reset_cause = cause


def unique_id() -> bytes:
    return _unique_id


def reset_cause() -> int:
    return _reset_cause


def reset() -> None:
    link.reset(SOFT_RESET)


soft_reset = reset


def freq(hz: "int | None" = None) -> "int | None":
    global _cpu_hz
    if hz is None:
        return _cpu_hz
    if hz not in _SPEEDS_HZ:
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")
    _cpu_hz = hz
    return None


def idle() -> None:
    link.advance(FOREVER_US)


def disable_irq() -> int:
    return 0  # handlers run between bytecodes at waiting points only


def enable_irq(state: int) -> None:
    pass


class WDT:
    """The watchdog; the link keeps its deadline, in virtual time."""

    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        self._timeout_us = timeout * 1000
        link.emit(WATCHDOG, id, struct.pack("<I", timeout))
        link.sync(link.now_us)  # be known of even if the program never comes to wait
        self.feed()

    def feed(self) -> None:
        if link.debt_us:
            link.pay()
        link.deadline_us = link.now_us + self._timeout_us
