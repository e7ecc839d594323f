"""The rp2 port's own ways."""

import time

import machine
from machine import WDT
from micropython import const

from drivers.board import MachineBoard
from tocsin import build, wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from drivers.modem_power import ModemPowerLines

_FULL_SCALE_MV = const(3_300)
_FULL_SCALE = const(65_535)
# The longest period of the RP2040's watchdog: the supervisor's round is 5 s.
_HARDWARE_MS = const(8_388)

# VREG_AND_CHIP_RESET: VREG, its field VSEL at 1.15 V (RP2040 datasheet, section 2.10.6).
_VREG = 0x4006_4000
_VSEL_MASK = const(0xF0)
_VSEL_1_15_V = const(0xC0)
_SETTLES_MS = const(1)

_RESET_CAUSES = {
    machine.PWRON_RESET: wire.RESET_POWER_ON,
    machine.WDT_RESET: wire.RESET_WATCHDOG,
}


class Rp2Board(MachineBoard):
    """A board with an RP2040: it starts by power or by its watchdog, also when told to."""

    # Random, but none of the private kinds: its stack has those not. For the depot only.
    ADDRESS_MODE = None if build.RELEASE else 1

    def __init__(self, facts: "Any", modem_power: "ModemPowerLines") -> None:
        _raise_core_voltage()
        super().__init__(facts, modem_power, _RESET_CAUSES)
        self._limit_ms: int = facts.WATCHDOG_MS
        self._sound_ticks = time.ticks_ms()
        self._watchdog = WDT(timeout=_HARDWARE_MS)

    def battery_mv(self) -> int:
        """Voltage of the cell in millivolts, behind the board's divider."""
        return self._battery.read_u16() * _FULL_SCALE_MV // _FULL_SCALE * self._battery_divider

    def feed_watchdog(self, is_sound: bool) -> None:
        """Feed the hardware's short watchdog while all was sound within the board's period."""
        now = time.ticks_ms()
        if is_sound:
            self._sound_ticks = now
        if time.ticks_diff(now, self._sound_ticks) < self._limit_ms:
            self._watchdog.feed()


def _raise_core_voltage() -> None:
    """Give the core what it needs above 133 MHz."""
    machine.mem32[_VREG] = machine.mem32[_VREG] & ~_VSEL_MASK | _VSEL_1_15_V
    time.sleep_ms(_SETTLES_MS)
