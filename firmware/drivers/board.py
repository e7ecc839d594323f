"""What every board has, opened as its facts say."""

import os
import sys
import time

import machine
from machine import ADC, UART, Pin

from drivers.button import ButtonLine
from drivers.serial import SerialPort
from tocsin import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from drivers.modem_power import ModemPowerLines
    from tocsin.location.fix import Fix
    from tocsin.location.receiver import Receiver
    from tocsin.parts import Radio, Slots


class MachineBoard:
    """The board's peripherals as the application wants them (tocsin/parts.pyi, Board).

    Ports differ in their reset causes, in how a voltage is read and in how long a watchdog waits.
    """

    # Of Bluetooth, as `BLE.config(addr_mode=)` takes it; None for a radio that stays off.
    ADDRESS_MODE: "int | None" = None

    def __init__(
        self, facts: "Any", modem_power: "ModemPowerLines", reset_causes: "dict[int, int]"
    ) -> None:
        machine.freq(facts.CPU_HZ)  # first: lines are clocked by what it is when they are opened
        self.name: str = facts.NAME
        self.clock = time
        self.data_dir: str = facts.DATA_DIR
        self.reset_cause = reset_causes.get(machine.reset_cause(), wire.RESET_UNKNOWN)
        self.haptic = Pin(facts.HAPTIC_PIN, Pin.OUT, value=0)
        self.button = ButtonLine(Pin(facts.BUTTON_PIN, Pin.IN, Pin.PULL_UP))
        self.modem_power = modem_power
        self.modem_port = SerialPort(
            UART(
                facts.MODEM_UART,
                baudrate=facts.MODEM_BAUD,
                tx=Pin(facts.MODEM_TX_PIN),
                rx=Pin(facts.MODEM_RX_PIN),
                rxbuf=2048,  # a second's sentences or five texts in one go, and an answer
                txbuf=512,
            ),
            facts.MODEM_BAUD,
        )
        self.link_port = SerialPort(
            UART(
                facts.LINK_UART,
                baudrate=facts.LINK_BAUD,
                tx=Pin(facts.LINK_TX_PIN),
                rx=Pin(facts.LINK_RX_PIN),
                rxbuf=1024,
                txbuf=1024,
            ),
            facts.LINK_BAUD,
        )
        self._battery = ADC(Pin(facts.BATTERY_ADC_PIN))
        self._battery_divider: int = facts.BATTERY_DIVIDER
        try:
            os.mkdir(self.data_dir)
        except OSError:
            pass

    def slots(self) -> "Slots":
        """The loader, anew: in memory only for as long as somebody holds it."""
        import slots

        del sys.modules["slots"]
        return slots.Slots()

    def radio(self) -> "Radio | None":
        """The radio's driver, anew; None where this build is to have no radio."""
        if self.ADDRESS_MODE is None:
            return None
        try:
            from drivers.radio import Radio
        except ImportError:
            return None
        del sys.modules["drivers.radio"]
        delattr(sys.modules["drivers"], "radio")
        return Radio(self.ADDRESS_MODE)

    def receiver(self, fix: "Fix", on_fix: "Callable[[], None]") -> "Receiver | None":
        """For boards that have one beside the modem's."""
        return None

    def reset(self) -> None:
        """Start again from the reset vector."""
        machine.reset()
