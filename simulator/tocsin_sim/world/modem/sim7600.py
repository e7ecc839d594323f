"""SIMCom SIM7600E-H: its start-up, a receiver that reports positions as lines of the modem's.

Behaviour after the SIM7500_SIM7600 AT command manual V3.00; quirks after field reports.
"""

from typing import ClassVar

from tocsin_sim.world.laws import uniform_us
from tocsin_sim.world.modem import simcom
from tocsin_sim.world.modem.calls import Calls, Results
from tocsin_sim.world.modem.gnss import Gnss, Place
from tocsin_sim.world.modem.module import Module
from tocsin_sim.world.modem.parameters import Table
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.power import PowerTimes
from tocsin_sim.world.modem.reply import ERROR, OK, Handlers, Reply, info
from tocsin_sim.world.network import Cause

_LINGER_S = (2.0, 30.0)  # manual: the receiver stops so long after it is told to


class Sim7600Calls(simcom.SimcomCalls):
    """It has a result for a call that nobody answers."""

    RESULTS: ClassVar[Results] = {**Calls.RESULTS, Cause.ALERTING_NO_ANSWER: "NO ANSWER"}


class Sim7600Gnss(Gnss):
    """Reports every so many epochs, once asked to; lingers after it is stopped."""

    _free_us = 0
    _every = 0
    _form = "+CGNSSINFO"
    _epochs = 0

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {"+CGPS": self._power, "+CGNSSINFO": self._info, "+CGPSINFO": self._info}

    def power_off(self) -> None:
        """Switch the receiver off."""
        super().power_off()
        self._every = 0

    def _power(self, command: Command) -> Reply:
        if command.form is Form.READ:
            return info(f"+CGPS: {int(self.is_powered)},1")
        wanted = command.values()[0] == "1"
        if wanted and (self.is_powered or self._kernel.now_us < self._free_us):
            return ERROR
        if wanted:
            self.is_powered = True
            self._receiver.start()
        elif self.is_powered:
            self.power_off()
            linger_us = uniform_us(self._kernel.stream("modem.gnss"), *_LINGER_S)
            self._free_us = self._kernel.now_us + linger_us
            self._kernel.after(linger_us, self._terminal.urc, "+CGPS: 0")
        else:
            return ERROR
        return OK

    def _info(self, command: Command) -> Reply:
        if command.form is Form.SET:
            if not command.text.isdigit() or int(command.text) > 255:
                return ERROR
            self._every, self._form, self._epochs = int(command.text), command.name, 0
            return OK
        return info(self._line(command.name))

    def _heard(self, chunk: bytes) -> None:
        self._epochs += 1
        if self._every and self._epochs % self._every == 0:
            self._terminal.urc(self._line(self._form))

    def _line(self, name: str) -> str:
        place = Place.read(self._receiver.latest)
        if place is None:
            return f"{name}: ,,,,,,,,"
        where = (
            f"{_six(place.lat)},{place.north_south},{_six(place.lon)},{place.east_west},"
            f"{place.date},{place.utc[:8]},{place.altitude_m},{place.speed_kn},{place.course_deg}"
        )
        if name == "+CGPSINFO":
            return f"{name}: {where}"
        return f"{name}: 2,{place.satellites},00,00,{where},1.5,{place.hdop},0.9"


def _six(angle: str) -> str:
    """Write dddmm.mmmm with six decimals."""
    whole, _, fraction = angle.partition(".")
    return f"{whole}.{fraction:0<6}"


class Sim7600(Module):
    """A SIM7600E-H on its board."""

    BADGE = simcom.badge("SIMCOM INCORPORATED", "SIMCOM_SIM7600E-H", "LE20B04SIM7600M22")
    # LilyGO: 500 ms to start, 15 s until it hears; the key's other times as the A7670's.
    TIMES = PowerTimes(500_000, 2_500_000, 2_000_000, 2_000_000, (13.0, 15.0))
    OWN_PARAMETERS: ClassVar[Table] = {
        **simcom.PARAMETERS,
        "^DSCI": ("0", r"[01]"),
        "+MORING": ("0", r"[01]"),
    }
    SLEEP_PARAMETER = "+CSCLK"
    GREETING = ("RDY",)
    SIM_READY_US = 800_000
    SMS_READY = (4_000_000, "SMS DONE")
    PHONE_BOOK_READY = (6_000_000, "PB DONE")
    CALLS = Sim7600Calls
    GNSS = Sim7600Gnss

    def own_handlers(self) -> Handlers:
        """Return the commands that only this family knows."""
        return {
            **simcom.serving_cell(self.radio),
            "+SIMCOMATI": lambda _: info(*self.BADGE.about),
            "+CPOF": self.power.switch_off,
            "+CRESET": self.power.reset,
        }
