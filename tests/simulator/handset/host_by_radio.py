"""The gesture for service mode, and a host that comes by radio."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tocsin_sim.kernel import Kernel
from tocsin_sim.vm.radio import Radio

if TYPE_CHECKING:
    from .conftest import Phone

MTU = 247
_GESTURE_PIN = 13
_FOUND_US = 10_000_000
_LOOK_US = 1_000

_PROGRAM = """
import asyncio
from machine import Pin
{first}
from boards.{board}.board import build

handset = build()
flag = asyncio.ThreadSafeFlag()
Pin({pin}, Pin.IN, Pin.PULL_UP).irq(lambda _: flag.set(), Pin.IRQ_FALLING)

async def watch():
    while True:
        await flag.wait()
        {before}
        handset.begin_service_mode()

async def main():
    supervisor = handset.start()
    asyncio.create_task(watch())
    await supervisor.run()

asyncio.run(main())
"""


def with_gesture(board: str = "lilygo_t_a7670", first: str = "", before: str = "pass") -> str:
    """The firmware, with a pin in place of the gesture; does `first`, and `before` each gesture."""
    return _PROGRAM.format(board=board, first=first, before=before, pin=_GESTURE_PIN)


def gesture(phone: Phone) -> int:
    """Make the gesture, as if the button had been moved so; returns when."""
    at_us = phone.kernel.now_us
    phone.handset.pin(_GESTURE_PIN).drive(0)
    phone.run(0.001)
    phone.handset.pin(_GESTURE_PIN).drive(1)
    return at_us


class HostByRadio:
    """Takes the place of the line for a host's conversation, once it has found the handset."""

    def __init__(self, kernel: Kernel, radio: Radio, mtu: int = MTU) -> None:
        self.gone_us: int | None = None
        self.largest = 0
        self._kernel = kernel
        self._radio = radio
        self._callbacks: list[Callable[[bytes], object]] = []
        kernel.run_until(kernel.now_us + _FOUND_US, lambda: radio.is_advertising)
        radio.connect(self._take, self._gone)
        if mtu != radio.mtu:
            radio.exchange_mtu(mtu)
            kernel.run_until(kernel.now_us + _FOUND_US, lambda: radio.mtu == mtu)

    def on_bytes(self, callback: Callable[[bytes], object]) -> None:
        """Call `callback` with what the handset notifies."""
        self._callbacks.append(callback)

    def send(self, data: bytes) -> None:
        """Write to the handset."""
        if self.gone_us is None:
            self._radio.write(data)

    def _take(self, value: bytes) -> None:
        self.largest = max(self.largest, len(value))
        for callback in self._callbacks:
            callback(value)

    def _gone(self) -> None:
        self.gone_us = self._kernel.now_us


def five_presses(phone: Phone) -> None:
    """Make the gesture at the button itself."""
    for place in range(5):
        phone.press(hold_s=0.2, after_s=4.0 * place)
    phone.run(17.5)
