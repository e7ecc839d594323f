"""Composition root of the LilyGO T-A7670."""

import asyncio
import os
import time

import machine
import micropython
from machine import ADC, UART, WDT, Pin

from boards.lilygo_t_a7670 import facts
from drivers.button import ButtonLine
from drivers.modem_power import ModemPowerLines
from drivers.serial import SerialPort
from tocsin import wire
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx

_RESET_CAUSES = {
    machine.PWRON_RESET: wire.RESET_POWER_ON,
    machine.HARD_RESET: wire.RESET_HARD,
    machine.WDT_RESET: wire.RESET_WATCHDOG,
    machine.SOFT_RESET: wire.RESET_SOFT,
}


class LilygoTA7670:
    """The board's peripherals as the application wants them (tocsin/parts.pyi, Board)."""

    def __init__(self) -> None:
        self.name = facts.NAME
        self.clock = time
        self.data_dir = facts.DATA_DIR
        self.reset_cause = _RESET_CAUSES.get(machine.reset_cause(), wire.RESET_UNKNOWN)
        self.haptic = Pin(facts.HAPTIC_PIN, Pin.OUT, value=0)
        self.button = ButtonLine(Pin(facts.BUTTON_PIN, Pin.IN, Pin.PULL_UP))
        self.modem_power = ModemPowerLines(
            key=Pin(facts.MODEM_POWER_KEY_PIN, Pin.OUT, value=0),
            dtr=Pin(facts.MODEM_DTR_PIN, Pin.OUT, value=0),
            rail=Pin(facts.MODEM_RAIL_PIN, Pin.OUT, value=1),
        )
        self.modem_port = SerialPort(
            UART(
                facts.MODEM_UART,
                baudrate=facts.MODEM_BAUD,
                tx=facts.MODEM_TX_PIN,
                rx=facts.MODEM_RX_PIN,
                rxbuf=2048,
                txbuf=512,
            ),
            facts.MODEM_BAUD,
        )
        self.link_port = SerialPort(
            UART(
                facts.LINK_UART,
                baudrate=facts.LINK_BAUD,
                tx=facts.LINK_TX_PIN,
                rx=facts.LINK_RX_PIN,
                rxbuf=1024,
                txbuf=1024,
            ),
            facts.LINK_BAUD,
        )
        self.gnss_port: SerialPort | None = None
        self._battery = ADC(Pin(facts.BATTERY_ADC_PIN))
        self._watchdog = WDT(timeout=facts.WATCHDOG_MS)
        self._make_data_dir()

    def _make_data_dir(self) -> None:
        try:
            os.mkdir(self.data_dir)
        except OSError:
            pass

    def battery_mv(self) -> int:
        """Voltage of the cell in millivolts, behind the board's divider."""
        return self._battery.read_uv() * facts.BATTERY_DIVIDER // 1000

    def feed_watchdog(self) -> None:
        """Put the hardware watchdog off for another period."""
        self._watchdog.feed()

    def reset(self) -> None:
        """Start again from the reset vector."""
        machine.reset()


def run() -> None:
    """Build the handset and run it for ever."""
    # The link's frames hold any octet: 3 is not to interrupt the firmware as it would a prompt.
    micropython.kbd_intr(-1)
    supervisor = Handset(LilygoTA7670(), A76xx).start()
    asyncio.run(supervisor.run())
