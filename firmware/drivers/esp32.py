"""The ESP32 port's own ways."""

import machine
from machine import WDT

from drivers.board import MachineBoard
from tocsin import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from drivers.modem_power import ModemPowerLines

_RESET_CAUSES = {
    machine.PWRON_RESET: wire.RESET_POWER_ON,
    machine.HARD_RESET: wire.RESET_HARD,
    machine.WDT_RESET: wire.RESET_WATCHDOG,
    machine.SOFT_RESET: wire.RESET_SOFT,
}


class Esp32Board(MachineBoard):
    """A board with an ESP32: calibrated voltages, a watchdog of any period."""

    # Private and not resolvable: nobody can tell who it is, not even one who pairs with it.
    ADDRESS_MODE = 3

    def __init__(self, facts: "Any", modem_power: "ModemPowerLines") -> None:
        super().__init__(facts, modem_power, _RESET_CAUSES)
        self._watchdog = WDT(timeout=facts.WATCHDOG_MS)

    def battery_mv(self) -> int:
        """Voltage of the cell in millivolts, behind the board's divider."""
        return self._battery.read_uv() * self._battery_divider // 1000

    def feed_watchdog(self, is_sound: bool) -> None:
        """Put the hardware watchdog off for another period if all is sound."""
        if is_sound:
            self._watchdog.feed()
