"""Quectel EG25-G (EC25): unsolicited lines where they are sent to, a receiver that is asked.

Behaviour after the EC25&EC21 AT commands manual V1.3 and the EC2x GNSS manual; quirks after field
reports.
"""

from typing import ClassVar

from tocsin_sim.world.modem.calls import Calls
from tocsin_sim.world.modem.gnss import Gnss, Place
from tocsin_sim.world.modem.identity import Badge
from tocsin_sim.world.modem.module import Module
from tocsin_sim.world.modem.parameters import Table
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.power import PowerTimes
from tocsin_sim.world.modem.radio import AREA, CELL
from tocsin_sim.world.modem.reply import ERROR, OK, Cme, Handlers, Reply, failed, info
from tocsin_sim.world.network import Call, CallState

_SERVING = f'"NOCONN","LTE","FDD",001,01,{CELL:X},348,6225,20,3,3,{AREA:X},-96,-11,-65,12,34'
# ^DSCI numbers the states of a call in its own way.
_DSCI = {CallState.DIALLING: 2, CallState.ALERTING: 7, CallState.ACTIVE: 3, CallState.ENDED: 6}
_LTE_BEARER = '+CLCC: 1,0,0,1,0,"",128'


class Eg25Calls(Calls):
    """Lists its LTE bearer as a data call, and tells changes by ^DSCI only."""

    def _list(self, command: Command) -> Reply:
        if command.form is not Form.EXECUTE:
            return ERROR
        bearer = (_LTE_BEARER,) if self._radio.is_registered else ()
        voice = () if self._call is None else (self._line(self._call),)
        return info(*bearer, *voice)

    def _line(self, call: Call) -> str:
        return super()._line(call).replace("+CLCC: 1,", "+CLCC: 2,")

    def _claim(self, state: CallState) -> None:
        super()._claim(state)
        if self._parameters["^DSCI"] == "1" and self._call is not None:
            self._terminal.urc(f"^DSCI: 2,0,{_DSCI[state]},0,{self._call.number},145")


class Eg25Gnss(Gnss):
    """Answers when asked; an error while there is no fix."""

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {"+QGPS": self._power, "+QGPSEND": self._end, "+QGPSLOC": self._location}

    def _power(self, command: Command) -> Reply:
        if command.form is Form.READ:
            return info(f"+QGPS: {int(self.is_powered)}")
        if command.values()[0] != "1":
            return ERROR
        if self.is_powered:
            return failed(Cme.SESSION_IS_ONGOING)
        self.is_powered = True
        self._receiver.start()
        return OK

    def _end(self, command: Command) -> Reply:
        if not self.is_powered:
            return failed(Cme.SESSION_NOT_ACTIVE)
        self.power_off()
        return OK

    def _location(self, command: Command) -> Reply:
        if command.text not in {"0", "1", "2"}:
            return ERROR
        if not self.is_powered:
            return failed(Cme.SESSION_NOT_ACTIVE)
        place = Place.read(self._receiver.latest)
        if place is None:
            return failed(Cme.NOT_FIXED_NOW)
        lat, lon = _angles(place, command.text)
        return info(
            f"+QGPSLOC: {place.utc[:9]},{lat},{lon},{place.hdop},{place.altitude_m},3,"
            f"{place.course_deg},0.0,{place.speed_kn},{place.date},{place.satellites}"
        )


def _angles(place: Place, mode: str) -> tuple[str, str]:
    """Write latitude and longitude: ddmm.mmmm with a letter, or signed degrees in mode 2."""
    if mode != "2":
        return place.lat + place.north_south, place.lon + place.east_west
    south = "-" if place.north_south == "S" else ""
    west = "-" if place.east_west == "W" else ""
    return f"{south}{place.lat_deg:.5f}", f"{west}{place.lon_deg:.5f}"


class UrcPort:
    """Where unsolicited lines go: to its USB port, until told otherwise; kept without power."""

    def __init__(self) -> None:
        self.is_uart = False

    def handle(self, command: Command) -> Reply:
        """Set or read it."""
        values = [value.strip('"') for value in command.values()]
        if command.form is not Form.SET or values[0] != "urcport":
            return ERROR
        if len(values) == 1:
            return info(f'+QURCCFG: "urcport","{"uart1" if self.is_uart else "usbat"}"')
        self.is_uart = values[1] in {"uart1", "all"}
        return OK


class Eg25(Module):
    """An EG25-G on its board. Results reach the line at any rate, other lines by its port."""

    BADGE = Badge(
        "Quectel",
        "EG25",
        "EG25GGBR07A08M2G",
        ("Quectel", "EG25", "Revision: EG25GGBR07A08M2G"),
        ("+QCCID", "+QCCID:"),
    )
    # Manual: 500 ms to start, 650 ms to stop; leaving the network takes seconds; RDY after 12 s.
    TIMES = PowerTimes(500_000, 650_000, 8_000_000, 2_000_000, (12.0, 13.5))
    OWN_PARAMETERS: ClassVar[Table] = {
        "^DSCI": ("0", r"[01]"),
        "+QSCLK": ("0", r"[01]"),
        "+QMIC": ("12000,8192", r"\d{1,5},\d{1,5}"),
    }
    SLEEP_PARAMETER = "+QSCLK"
    GREETING = ("RDY",)
    SIM_READY_US = 700_000
    SMS_READY = (5_500_000, "+QIND: SMS DONE")
    PHONE_BOOK_READY = (5_400_000, "+QIND: PB DONE")
    CALLS = Eg25Calls
    GNSS = Eg25Gnss

    def own_handlers(self) -> Handlers:
        """Return the commands that only this family knows."""
        self.urc_port = UrcPort()
        self.terminal.silence(lambda: not self.urc_port.is_uart)
        return {
            "+QURCCFG": self.urc_port.handle,
            "+QCFG": self._configured,
            "+QENG": self._serving_cell,
            "+QNWINFO": self._network,
            "+QPOWD": self._switch_off,
        }

    def _configured(self, command: Command) -> Reply:
        if command.form is not Form.SET or command.values() != ['"ims"']:
            return ERROR
        return info(f'+QCFG: "ims",0,{int(self.radio.is_registered)}')

    def _started(self) -> None:
        super()._started()
        self.terminal.urc("+CFUN: 1")
        self._start_up.append(
            self._kernel.after(self.SIM_READY_US + 10_000, self.terminal.urc, "+QUSIM: 1")
        )

    def _serving_cell(self, command: Command) -> Reply:
        if command.text != '"servingcell"':
            return ERROR
        cell = _SERVING if self.radio.is_registered else '"SEARCH"'
        return info(f'+QENG: "servingcell",{cell}')

    def _network(self, command: Command) -> Reply:
        band = '"FDD LTE","00101","LTE BAND 20",6225'
        return info(f"+QNWINFO: {band if self.radio.is_registered else 'No Service'}")

    def _switch_off(self, command: Command) -> Reply:
        self._kernel.after(1_000_000, self.terminal.raw, b"\r\nPOWERED DOWN\r\n")
        return self.power.switch_off(command)
