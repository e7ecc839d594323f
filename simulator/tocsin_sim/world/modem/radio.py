"""The modem's place in the network: registration, serving cell, network time."""

from collections.abc import Callable
from enum import Enum

from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.interfaces import Event, Kernel
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.reply import ERROR, OK, Cme, Handlers, Reply, failed, info
from tocsin_sim.world.modem.terminal import Terminal
from tocsin_sim.world.network import Network, Service

AREA, CELL = 0x67F2, 2871821
_UNSET_CLOCK = '"70/01/01,00:00:00+00"'
_SEARCHING = 2


class Sim(Enum):
    """What is in the SIM's holder, and the +CPIN code it is told by."""

    READY = "READY"
    ABSENT = "SIM REMOVED"
    PIN = "SIM PIN"
    PUK = "SIM PUK"
    FAULTY = "SIM FAILURE"
    BUSY = "SIM BUSY"


_SIM_ERRORS = {
    Sim.ABSENT: Cme.SIM_NOT_INSERTED,
    Sim.PIN: Cme.SIM_PIN_REQUIRED,
    Sim.PUK: Cme.SIM_PUK_REQUIRED,
    Sim.FAULTY: Cme.SIM_FAILURE,
    Sim.BUSY: Cme.SIM_BUSY,
}


class Radio:
    """Registers some seconds after the SIM is ready; `on_registered(is_registered)` hears it.

    Without a usable SIM it camps for emergency calls only, told as `emergency_stat`.
    """

    def __init__(
        self,
        kernel: Kernel,
        terminal: Terminal,
        parameters: Parameters,
        network: Network,
        clock: UtcClock,
        on_registered: Callable[[bool], None],
        emergency_stat: int = Service.EMERGENCY_ONLY,
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._network = network
        self._clock = clock
        self._on_registered = on_registered
        self._emergency_stat = emergency_stat
        self._search: Event | None = None
        self._sim = Sim.READY
        self.power_off()
        network.on_service(self._service_changed)

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {
            "+CPIN": self._pin,
            "+CFUN": self._function,
            "+CREG": self._registration,
            "+CGREG": self._registration,
            "+CEREG": self._registration,
            "+CSQ": lambda _: info("+CSQ: 20,99" if self.is_registered else "+CSQ: 99,99"),
            "+COPS": self._operator,
            "+CCLK": self._time,
        }

    def sim_ready(self) -> None:
        """Have looked at the SIM: search for a network."""
        self._is_sim_read = True
        if self._sim is not Sim.BUSY:
            self._terminal.urc(f"+CPIN: {self._sim.value}")
        self._start_search()

    def change_sim(self, sim: Sim) -> None:
        """Put another SIM into the holder, or take it out."""
        self._sim = sim
        if self._is_sim_read:
            self._leave()
            self.sim_ready()

    @property
    def sim_error(self) -> Cme | None:
        """What keeps the SIM from being used."""
        return _SIM_ERRORS.get(self._sim) if self._is_sim_read else Cme.SIM_BUSY

    @property
    def is_registered(self) -> bool:
        """Tell whether the network has taken the modem in."""
        return self._service in {Service.HOME, Service.ROAMING}

    def refuses(self, number: str) -> Cme | None:
        """Return what a call to `number` fails with at once."""
        if self.is_registered:
            return None
        if self._service is Service.NONE:
            return Cme.NO_NETWORK_SERVICE
        is_emergency = number in self._network.emergency_numbers
        return None if is_emergency else Cme.EMERGENCY_CALLS_ONLY

    def power_off(self) -> None:
        """Leave the network without a word."""
        self._is_sim_read = False
        self._service = Service.NONE
        self._function_level = "1"
        self._is_operator_numeric = False
        self._urc_mode = {"+CREG": "0", "+CGREG": "0", "+CEREG": "0"}
        self._cancel_search()

    def _start_search(self) -> None:
        self._cancel_search()
        self._search = self._kernel.after(self._network.registration_us(), self._registered)

    def _registered(self) -> None:
        self._search = None
        offered = self._network.service
        if self._sim is not Sim.READY and offered is not Service.NONE:
            offered = Service.EMERGENCY_ONLY
        self._service = offered
        if self.is_registered:
            self._terminal.urc("+CGEV: EPS PDN ACT 1")
        if offered is not Service.NONE:
            self._announce()
        if self.is_registered:
            self._on_registered(True)

    def _service_changed(self) -> None:
        if self._is_sim_read and self._function_level == "1":
            self._leave()
            self._start_search()

    def _leave(self) -> None:
        self._cancel_search()
        was_registered = self.is_registered
        if self._service is not Service.NONE:
            self._service = Service.NONE
            self._announce()
        if was_registered:
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
        if not self._is_sim_read:
            return failed(Cme.SIM_BUSY)
        if self._sim in {Sim.ABSENT, Sim.FAULTY, Sim.BUSY}:
            return failed(_SIM_ERRORS[self._sim])
        return info(f"+CPIN: {self._sim.value}")

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
        if self._service is Service.NONE:
            return str(int(Service.NONE) if self._search is None else _SEARCHING)
        if self._service is Service.EMERGENCY_ONLY:
            return str(self._emergency_stat)
        stat = int(self._service)
        return f'{stat},"{AREA:04X}","{CELL:08X}",7' if mode == "2" else str(stat)

    def _operator(self, command: Command) -> Reply:
        if command.form is Form.SET:
            self._is_operator_numeric = command.values()[:2] == ["3", "2"]
            return OK
        if not self.is_registered:
            return info("+COPS: 0")
        return info(
            '+COPS: 0,2,"00101",7' if self._is_operator_numeric else '+COPS: 0,0,"Test 01",7'
        )

    def _time(self, command: Command) -> Reply:
        if command.form is not Form.READ:
            return ERROR
        if not self.is_registered or self._parameters["+CTZU"] == "0":
            return info(f"+CCLK: {_UNSET_CLOCK}")
        return info(f'+CCLK: "{self._clock.at(self._kernel.now_us):%y/%m/%d,%H:%M:%S}+00"')
