"""What the firmware imports as `machine` on the rp2 port, where that differs from the ESP32's."""
# ruff: noqa: D101, D102 # MicroPython documents what module machine does

from micropython import const
from shim import machine, pins, uart
from shim.kinds import PWRON_RESET, WDT_RESET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ("ADC", "PWRON_RESET", "UART", "WDT", "WDT_RESET", "Pin")

_VREG = 0x40064000
_VSEL_1_10_V = const(0xB0)
_VSEL_1_15_V = const(0xC0)
_CERTIFIED_HZ = ((133000000, _VSEL_1_10_V), (200000000, _VSEL_1_15_V))
_LONGEST_WDT_MS = const(8388)
_UNIQUE_BYTES = const(8)
_FIFO_BYTES = const(32)
_FIRST_ADC_PIN = const(26)
_LAST_ADC_PIN = const(29)
# By UART: pins for TX; each is followed by its RX (RP2040 datasheet, section 1.4.3).
_TX_PINS = ((0, 12, 16, 28), (4, 8, 20, 24))

unique_id = machine.unique_id
reset = machine.reset
soft_reset = machine.soft_reset
idle = machine.idle
disable_irq = machine.disable_irq
enable_irq = machine.enable_irq


def _begin(unique_id: bytes, cause: int) -> None:
    """Say which chip this is and why it started; a reset by program is one of the watchdog's."""
    is_power_on = cause == PWRON_RESET
    machine._begin((unique_id * 2)[:_UNIQUE_BYTES], PWRON_RESET if is_power_on else WDT_RESET)


def reset_cause() -> int:
    return machine.reset_cause()


_cpu_hz = 125000000
mem32 = {_VREG: 0x1000 | _VSEL_1_10_V | 1}


def freq(hz: "int | None" = None) -> "int | None":
    """Refuse what the chip is not certified for, which a chip would not."""
    global _cpu_hz
    if hz is None:
        return _cpu_hz
    vsel = mem32[_VREG] & 0xF0
    if not any(hz <= limit_hz and vsel >= least for limit_hz, least in _CERTIFIED_HZ):
        raise ValueError("cannot change frequency")
    _cpu_hz = hz
    return None


class Pin(pins.Pin):
    IN = 0
    OUT = 1
    OPEN_DRAIN = 2
    PULL_UP = 1
    PULL_DOWN = 2
    IRQ_FALLING = 4
    IRQ_RISING = 8

    MODES = (pins.Pin.IN, pins.Pin.OUT, pins.Pin.OPEN_DRAIN)
    PULLS = (0, pins.Pin.PULL_UP, pins.Pin.PULL_DOWN)


class ADC:
    """An analogue input on one of four pins, read without calibration."""

    def __init__(self, pin: "int | Pin") -> None:
        number = pin if isinstance(pin, int) else pin.number
        if not _FIRST_ADC_PIN <= number <= _LAST_ADC_PIN:
            raise ValueError("Pin doesn't have ADC capabilities")
        self._input = pins.ADC(number)

    def read_u16(self) -> int:
        return self._input.read_u16()


class UART(uart.UART):
    FIFO_BYTES = _FIFO_BYTES

    def __init__(self, id: int, baudrate: int = 115200, **settings: "Any") -> None:
        if id not in (0, 1):
            raise ValueError("UART(%d) doesn't exist" % id)
        for name, offset in (("tx", 0), ("rx", 1)):
            pin = settings.get(name)
            number = pin.number if isinstance(pin, pins.Pin) else pin
            if number is not None and number - offset not in _TX_PINS[id]:
                raise ValueError("bad %s pin" % name.upper())
        super().__init__(id, baudrate, **settings)


class WDT(machine.WDT):
    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        if timeout > _LONGEST_WDT_MS:
            raise ValueError("timeout exceeds %d" % _LONGEST_WDT_MS)
        super().__init__(id, timeout)
