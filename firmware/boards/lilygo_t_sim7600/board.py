"""Composition root of the LilyGO T-SIM7600."""

import asyncio

import micropython
from machine import Pin

from boards.lilygo_t_sim7600 import facts
from drivers.esp32 import Esp32Board
from drivers.modem_power import ModemPowerLines
from tocsin.handset import Handset
from tocsin.modem.sim7600 import Sim7600


class LilygoTSim7600(Esp32Board):
    """The modem is always supplied; a pin of its own allows its radio."""

    def __init__(self) -> None:
        self.flight = Pin(facts.MODEM_FLIGHT_PIN, Pin.OUT, value=1)
        power = ModemPowerLines(
            key=Pin(facts.MODEM_POWER_KEY_PIN, Pin.OUT, value=0),
            dtr=Pin(facts.MODEM_DTR_PIN, Pin.OUT, value=0),
        )
        super().__init__(facts, power)


def build() -> Handset:
    """Put the handset together on this board."""
    return Handset(LilygoTSim7600(), Sim7600)


def run() -> None:
    """Build the handset and run it for ever."""
    # The link's frames hold any octet: 3 is not to interrupt the firmware as it would a prompt.
    micropython.kbd_intr(-1)
    asyncio.run(build().start().run())
