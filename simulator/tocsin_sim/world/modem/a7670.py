"""SIMCom A7670E: its start-up, its receiver with test output on the AT line.

Behaviour after the A76XX AT command manual V1.09 and the A7670 hardware manual; quirks after
field reports.
"""

from typing import ClassVar

from tocsin_sim.world.interfaces import Event
from tocsin_sim.world.modem import simcom
from tocsin_sim.world.modem.gnss import Gnss, Place
from tocsin_sim.world.modem.module import Module
from tocsin_sim.world.modem.parameters import Table
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.power import PowerTimes
from tocsin_sim.world.modem.reply import ERROR, OK, Handlers, Reply, info
from tocsin_sim.world.network import Call

_RECEIVER_READY_US = 9_000_000  # the manual's 9 s from power-on to +CGNSSPWR: READY!


class A7670Calls(simcom.SimcomCalls):
    """Its list of calls has an empty name and a priority."""

    def _line(self, call: Call) -> str:
        return super()._line(call) + ',"",,0'


class A7670Gnss(Gnss):
    """Its sentences reach the AT line when test output is switched there."""

    _starting: Event | None = None
    is_ready = False

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {
            "+CGNSSPWR": self._power,
            "+CGNSSTST": self._test,
            "+CGNSSINFO": lambda _: info(_position(self._receiver.latest)),
        }

    def power_off(self) -> None:
        """Switch the receiver off."""
        super().power_off()
        self.is_ready = False
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None

    def _power(self, command: Command) -> Reply:
        if command.form is Form.READ:
            return info(f"+CGNSSPWR: {int(self.is_powered)},0,1")
        wanted = command.values()[0]
        if wanted not in {"0", "1"}:
            return ERROR
        if wanted == "0":
            self.power_off()
        elif not self.is_powered:
            self.is_powered = True
            self._starting = self._kernel.after(_RECEIVER_READY_US, self._ready)
        return OK

    def _ready(self) -> None:
        self._starting = None
        self.is_ready = True
        self._terminal.urc("+CGNSSPWR: READY!")
        self._receiver.start()

    def _test(self, command: Command) -> Reply:
        """Switch test output, which the receiver takes only once it is ready."""
        if command.form is Form.SET and not self.is_ready:
            return ERROR
        return self._parameters.handle(command)

    def _heard(self, chunk: bytes) -> None:
        if self._parameters["+CGNSSTST"] == "1" and self._parameters["+CGNSSPORTSWITCH"].endswith(
            "1"
        ):
            self._terminal.raw(chunk)


class A7670(Module):
    """An A7670E on its board."""

    BADGE = simcom.badge("INCORPORATED", "A7670E-FASE", "A110B07A7670M7_F")
    # A7670 hardware manual: on after 50 ms, off after 2.5 s, ports down 2 s later, 2 s off.
    TIMES = PowerTimes(50_000, 2_500_000, 2_000_000, 2_000_000, (10.2, 11.1))
    OWN_PARAMETERS: ClassVar[Table] = {
        **simcom.PARAMETERS,
        "+CGNSSTST": ("0", r"[01]"),
        "+CGNSSPORTSWITCH": ("0,0", r"[01],[01]"),
    }
    SLEEP_PARAMETER = "+CSCLK"
    GREETING = ("*ATREADY: 1",)
    # After *ATREADY, from an A7670E's log.
    SIM_READY_US = 600_000
    SMS_READY = (2_000_000, "SMS DONE")
    PHONE_BOOK_READY = (5_500_000, "PB DONE")
    EMERGENCY_STAT = 11
    CALLS = A7670Calls
    GNSS = A7670Gnss

    def own_handlers(self) -> Handlers:
        """Return the commands that only this family knows."""
        return {
            **simcom.serving_cell(self.radio),
            "+SIMCOMATI": lambda _: info(*self.BADGE.about),
            "+CPOF": self.power.switch_off,
            "+CRESET": self.power.reset,
        }


def _position(epoch: bytes) -> str:
    """Return +CGNSSINFO as an A7670E prints it: degrees, and a field for Galileo."""
    place = Place.read(epoch)
    if place is None:
        return "+CGNSSINFO: ,,,,,,,,"
    return (
        f"+CGNSSINFO: 3,{place.satellites},,,,{place.lat_deg:.7f},{place.north_south},"
        f"{place.lon_deg:.7f},{place.east_west},{place.date},{place.utc},{place.altitude_m},"
        f"{place.speed_kn},{place.course_deg},,{place.hdop},,{place.satellites}"
    )
