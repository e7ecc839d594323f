"""Voice calls at the AT line: dialling, the modem's claims, hanging up."""

from tocsin_sim.world.interfaces import Kernel
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.radio import Radio
from tocsin_sim.world.modem.reply import ERROR, OK, Cme, Handlers, Reply, failed, info
from tocsin_sim.world.modem.terminal import Terminal
from tocsin_sim.world.network import Call, CallState, Cause, Network
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.witness import Witness

_INTERNATIONAL, _UNKNOWN = 145, 129  # types of number, 3GPP TS 24.008 clause 10.5.4.7
_DIALLING_US = 50_000
_RELEASE_US = 205_000  # from DISCONNECT to RELEASE in a recorded call


class Calls:
    """One call at a time. At ring-back the modem may claim that it is already connected."""

    def __init__(
        self,
        kernel: Kernel,
        terminal: Terminal,
        parameters: Parameters,
        radio: Radio,
        network: Network,
        witness: Witness,
        setting: Setting,
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._radio = radio
        self._network = network
        self._witness = witness
        self._begins_at_ringback = setting.begin_at_ringback
        self._call: Call | None = None
        self._reports_list = False
        self._forget()

    @property
    def is_active(self) -> bool:
        """Tell whether a call is up in any state."""
        return self._call is not None

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {
            "D": self._dial,
            "H": self._hook,
            "+CHUP": lambda _: self._hang_up(),
            "+CLCC": self._list,
            "+CEER": lambda _: info(f'+CEER: "{self._cause.text}"'),
        }

    def power_off(self) -> None:
        """Drop the call without signalling."""
        if self._call is not None:
            self._call.lose_radio()
        self._reports_list = False
        self._forget()

    def _forget(self) -> None:
        self._call = None
        self._claimed = CallState.DIALLING
        self._begun_us: int | None = None
        self._is_released_here = False
        self._cause = Cause.NORMAL_CALL_CLEARING

    def _dial(self, command: Command) -> Reply:
        number, is_voice = command.text.removesuffix(";"), command.text.endswith(";")
        self._witness.dialled(number, self._kernel.now_us)
        if not is_voice or not number:
            return ERROR
        if self._call is not None:
            return failed(Cme.NOT_ALLOWED)
        if not self._radio.is_registered:
            return failed(Cme.NO_NETWORK_SERVICE)
        self._forget()
        self._call = self._network.place_call(number, self._changed)
        self._kernel.after(_DIALLING_US, self._report_dialling, self._call)
        return OK

    def _hook(self, command: Command) -> Reply:
        """Hang up by ATH, which +CVHU=1 turns into an empty gesture."""
        if command.text not in {"", "0"}:
            return ERROR
        return self._hang_up() if self._parameters["+CVHU"] == "0" else OK

    def _hang_up(self) -> Reply:
        if self._call is not None:
            self._is_released_here = True
            self._kernel.after(_RELEASE_US, self._call.end, Cause.NORMAL_CALL_CLEARING)
        return OK

    def _list(self, command: Command) -> Reply:
        if command.form is Form.SET:
            if command.text not in {"0", "1"}:
                return ERROR
            self._reports_list = command.text == "1"
            return OK
        if command.form is Form.READ:
            return info(f"+CLCC: {int(self._reports_list)}")
        return OK if self._call is None else info(self._line(self._call))

    def _line(self, call: Call) -> str:
        kind = _INTERNATIONAL if call.number.startswith("+") else _UNKNOWN
        return f'+CLCC: 1,0,{self._claimed.value},0,0,"{call.number}",{kind},"",,0'

    def _changed(self, call: Call) -> None:
        if call.state is CallState.ENDED:
            self._ended(call)
        elif call.state is CallState.ACTIVE or self._begins_at_ringback:
            self._begin()
        else:
            self._claim(call.state)

    def _begin(self) -> None:
        if self._begun_us is None:
            self._begun_us = self._kernel.now_us
            self._claim(CallState.ACTIVE)
            self._terminal.urc("VOICE CALL: BEGIN")

    def _ended(self, call: Call) -> None:
        self._cause = call.cause or Cause.NORMAL_CALL_CLEARING
        self._claim(CallState.ENDED)
        self._call = None
        if self._begun_us is not None:
            seconds = (self._kernel.now_us - self._begun_us) // 1_000_000
            clock = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"
            self._terminal.urc(f"VOICE CALL: END: {clock}")
        if not self._is_released_here:
            self._terminal.urc("NO CARRIER")

    def _report_dialling(self, call: Call) -> None:
        if self._call is call and call.state is CallState.DIALLING:
            self._claim(CallState.DIALLING)

    def _claim(self, state: CallState) -> None:
        self._claimed = state
        if self._reports_list and self._call is not None:
            self._terminal.urc(self._line(self._call))
