"""The modem's place in the network: registration, serving cell, network time."""

from collections.abc import Callable

from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.interfaces import Event, Kernel
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.reply import ERROR, OK, Cme, Handlers, Reply, failed, info
from tocsin_sim.world.modem.terminal import Terminal
from tocsin_sim.world.network import Network

_AREA, _CELL = 0x67F2, 2871821
_SERVING = f"LTE,Online,001-01,0x{_AREA:04X},{_CELL},432,EUTRAN-BAND20,6225,2,-110,-960,-650,12"
_NO_SERVICE = "NO SERVICE,Online"
_UNSET_CLOCK = '"70/01/01,00:00:00+00"'
_HOME, _SEARCHING, _NOT_REGISTERED = 1, 2, 0


class Radio:
    """Registers some seconds after the SIM is ready; `on_registered(is_registered)` hears it."""

    def __init__(
        self,
        kernel: Kernel,
        terminal: Terminal,
        parameters: Parameters,
        network: Network,
        clock: UtcClock,
        on_registered: Callable[[bool], None],
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._network = network
        self._clock = clock
        self._on_registered = on_registered
        self._search: Event | None = None
        self.power_off()

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {
            "+CPIN": self._pin,
            "+CFUN": self._function,
            "+CREG": self._registration,
            "+CGREG": self._registration,
            "+CEREG": self._registration,
            "+CSQ": lambda _: info("+CSQ: 20,99" if self.is_registered else "+CSQ: 99,99"),
            "+CPSI": lambda _: info(f"+CPSI: {_SERVING if self.is_registered else _NO_SERVICE}"),
            "+COPS": lambda _: info('+COPS: 0,0,"Test 01",7' if self.is_registered else "+COPS: 0"),
            "+CCLK": self._time,
        }

    def sim_ready(self) -> None:
        """Find the SIM and start to search for its network."""
        self.is_sim_ready = True
        self._terminal.urc("+CPIN: READY")
        self._start_search()

    def power_off(self) -> None:
        """Leave the network without a word."""
        self.is_sim_ready = False
        self.is_registered = False
        self._function_level = "1"
        self._urc_mode = {"+CREG": "0", "+CGREG": "0", "+CEREG": "0"}
        self._cancel_search()

    def _start_search(self) -> None:
        self._cancel_search()
        self._search = self._kernel.after(self._network.registration_us(), self._registered)

    def _registered(self) -> None:
        self._search = None
        self.is_registered = True
        self._terminal.urc("+CGEV: EPS PDN ACT 1")
        self._announce()
        self._on_registered(True)

    def _leave(self) -> None:
        self._cancel_search()
        if self.is_registered:
            self.is_registered = False
            self._announce()
            self._on_registered(False)

    def _announce(self) -> None:
        for name, mode in self._urc_mode.items():
            if mode != "0":
                self._terminal.urc(f"{name}: {self._status(mode)}")

    def _cancel_search(self) -> None:
        if self._search is not None:
            self._search.cancel()
            self._search = None

    def _pin(self, command: Command) -> Reply:
        if command.form is not Form.READ:
            return ERROR
        return info("+CPIN: READY") if self.is_sim_ready else failed(Cme.SIM_BUSY)

    def _function(self, command: Command) -> Reply:
        if command.form is Form.READ:
            return info(f"+CFUN: {self._function_level}")
        if command.text not in {"0", "1", "4"}:
            return ERROR
        if command.text != self._function_level:
            self._function_level = command.text
            if command.text == "1":
                self._start_search()
            else:
                self._leave()
        return OK

    def _registration(self, command: Command) -> Reply:
        mode = self._urc_mode[command.name]
        if command.form is Form.READ:
            return info(f"{command.name}: {mode},{self._status(mode)}")
        if command.text not in {"0", "1", "2"}:
            return ERROR
        self._urc_mode[command.name] = command.text
        return OK

    def _status(self, mode: str) -> str:
        """Return stat, with area and cell where asked for (3GPP TS 27.007 clause 7.2)."""
        if not self.is_registered:
            return str(_NOT_REGISTERED if self._search is None else _SEARCHING)
        return f'{_HOME},"{_AREA:04X}","{_CELL:08X}",7' if mode == "2" else str(_HOME)

    def _time(self, command: Command) -> Reply:
        if command.form is not Form.READ:
            return ERROR
        if not self.is_registered or self._parameters["+CTZU"] == "0":
            return info(f"+CCLK: {_UNSET_CLOCK}")
        return info(f'+CCLK: "{self._clock.at(self._kernel.now_us):%y/%m/%d,%H:%M:%S}+00"')
