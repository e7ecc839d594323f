"""Voice calls at the AT line: dialling, what the modem says of them, hanging up."""

from collections.abc import Mapping
from typing import ClassVar

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

Results = Mapping[Cause, str]


class Calls:
    """One call at a time, told as 3GPP TS 27.007 has it; families add what they say besides.

    With `false_end_after_s` the modem says NO CARRIER so long after dialling though the call goes
    on, as in a fallback to circuit switching. With `begins_at_ringback` a modem that tells the
    beginning of a call tells it when the far end rings.
    """

    RESULTS: ClassVar[Results] = {Cause.USER_BUSY: "BUSY"}

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
        self.false_end_after_s: float | None = None
        self.begins_at_ringback = setting.begin_at_ringback
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._radio = radio
        self._network = network
        self._witness = witness
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
            self._witness.saw("call.lost", attempt=self._call.attempt)
            self._call.lose_radio()
        self._reports_list = False
        self._forget()

    def _forget(self) -> None:
        self._call = None
        self._claimed = CallState.DIALLING
        self._is_released_here = False
        self._cause = Cause.NORMAL_CALL_CLEARING

    def _dial(self, command: Command) -> Reply:
        number, is_voice = command.text.removesuffix(";"), command.text.endswith(";")
        self._witness.dialled(number, self._kernel.now_us, over_call=self._call is not None)
        if not is_voice or not number:
            return ERROR
        if self._call is not None:
            return failed(Cme.NOT_ALLOWED)
        refusal = self._radio.refuses(number)
        if refusal is not None:
            return failed(refusal)
        self._forget()
        self._call = self._network.place_call(number, self._changed)
        self._kernel.after(_DIALLING_US, self._report_dialling, self._call)
        if self.false_end_after_s is not None:
            delay_us = round(self.false_end_after_s * 1e6)
            self._kernel.after(delay_us, self._say_false_end, self._call)
        return OK

    def _say_false_end(self, call: Call) -> None:
        if self._call is call:
            self._terminal.raw(b"\r\nNO CARRIER\r\n")
            self._witness.saw("modem.false_no_carrier", attempt=call.attempt)

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
        return f'+CLCC: 1,0,{self._claimed.value},0,0,"{call.number}",{kind}'

    def _changed(self, call: Call) -> None:
        if call.state is CallState.ENDED:
            self._ended(call)
        else:
            self._claim(call.state)

    def _ended(self, call: Call) -> None:
        self._cause = call.cause or Cause.NORMAL_CALL_CLEARING
        self._claim(CallState.ENDED)
        self._call = None
        self._say_end()
        if not self._is_released_here:
            result = self.RESULTS.get(self._cause, "NO CARRIER")
            self._terminal.raw(f"\r\n{result}\r\n".encode("ascii"))

    def _say_end(self) -> None:
        """Say that the call is over, besides its result."""

    def _report_dialling(self, call: Call) -> None:
        if self._call is call and call.state is CallState.DIALLING:
            self._claim(CallState.DIALLING)

    def _claim(self, state: CallState) -> None:
        self._claimed = state
        if self._reports_list and self._call is not None:
            self._terminal.urc(self._line(self._call))
