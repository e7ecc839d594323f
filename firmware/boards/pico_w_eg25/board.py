"""Composition root of the Pico W with an EG25-G."""

import asyncio

import micropython
from machine import Pin

from boards.pico_w_eg25 import facts
from drivers.modem_power import ModemPowerLines
from drivers.rp2 import Rp2Board
from tocsin.handset import Handset
from tocsin.modem.ec25 import Ec25


class PicoWEg25(Rp2Board):
    """The modem is always supplied, and has a reset line."""

    def __init__(self) -> None:
        power = ModemPowerLines(
            key=Pin(facts.MODEM_POWER_KEY_PIN, Pin.OUT, value=0),
            dtr=Pin(facts.MODEM_DTR_PIN, Pin.OUT, value=0),
            reset=Pin(facts.MODEM_RESET_PIN, Pin.OUT, value=0),
        )
        super().__init__(facts, power)


def build() -> Handset:
    """Put the handset together on this board."""
    return Handset(PicoWEg25(), Ec25)


def run() -> None:
    """Build the handset and run it for ever."""
    # The link's frames hold any octet: 3 is not to interrupt the firmware as it would a prompt.
    micropython.kbd_intr(-1)
    asyncio.run(build().start().run())
