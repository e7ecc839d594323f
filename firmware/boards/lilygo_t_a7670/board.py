"""Composition root of the LilyGO T-A7670."""

import asyncio

import micropython
from machine import Pin

from boards.lilygo_t_a7670 import facts
from drivers.esp32 import Esp32Board
from drivers.modem_power import ModemPowerLines
from tocsin.handset import Handset
from tocsin.modem.a76xx import A76xx


class LilygoTA7670(Esp32Board):
    """Its rail switch feeds the modem."""

    def __init__(self) -> None:
        power = ModemPowerLines(
            key=Pin(facts.MODEM_POWER_KEY_PIN, Pin.OUT, value=0),
            dtr=Pin(facts.MODEM_DTR_PIN, Pin.OUT, value=0),
            rail=Pin(facts.MODEM_RAIL_PIN, Pin.OUT, value=1),
        )
        super().__init__(facts, power)


def build() -> Handset:
    """Put the handset together on this board."""
    return Handset(LilygoTA7670(), A76xx)


def run() -> None:
    """Build the handset and run it for ever."""
    # The link's frames hold any octet: 3 is not to interrupt the firmware as it would a prompt.
    micropython.kbd_intr(-1)
    asyncio.run(build().start().run())
