"""Short messages at the AT line, in PDU mode."""

from collections.abc import Callable

from tocsin_sim.world.interfaces import Kernel
from tocsin_sim.world.message_centre import MessageCentre
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.radio import Radio
from tocsin_sim.world.modem.reply import ERROR, OK, Cms, Handlers, Prompt, Reply, failed, info
from tocsin_sim.world.modem.terminal import Terminal
from tocsin_sim.world.sms_pdu import PduError, Submitted, read_submit
from tocsin_sim.world.witness import Witness


class Messages:
    """Submits with +CMGS and delivers with +CMT; `ring()` pulses the ring line for a message."""

    def __init__(
        self,
        kernel: Kernel,
        terminal: Terminal,
        parameters: Parameters,
        radio: Radio,
        centre: MessageCentre,
        witness: Witness,
        ring: Callable[[], None],
        ready_line: str,
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._radio = radio
        self._centre = centre
        self._witness = witness
        self._ring = ring
        self._ready_line = ready_line
        self._reference = 0
        self._stored = 0
        self.is_ready = False

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {"+CMGS": self._submit}

    def ready(self) -> None:
        """Finish start-up of the message service."""
        self.is_ready = True
        self._terminal.urc(self._ready_line)

    def power_off(self) -> None:
        """Forget the service; what the SIM stored stays."""
        self.is_ready = False
        self._centre.detach()

    def registered(self, is_registered: bool) -> None:
        """Come into, or go out of, reach of the message centre."""
        if is_registered:
            self._centre.attach(self._deliver)
        else:
            self._centre.detach()

    def _submit(self, command: Command) -> Reply | Prompt:
        if command.form is not Form.SET or not command.text.strip().isdigit():
            return ERROR
        if self._parameters["+CMGF"] != "0":
            return ERROR
        if not self.is_ready:
            return failed(Cms.SIM_BUSY)
        tpdu_bytes = int(command.text)
        return Prompt(lambda text: self._send(text, tpdu_bytes))

    def _send(self, text: str | None, tpdu_bytes: int) -> Reply | None:
        if text is None:
            return OK
        try:
            message = read_submit(text, tpdu_bytes)
        except PduError:
            return failed(Cms.INVALID_PDU)
        self._witness.messaged(message.number, self._kernel.now_us)
        self._witness.saw("sms.submitted", number=message.number, content=message.content)
        if not self._radio.is_registered:
            return failed(Cms.NO_NETWORK_SERVICE)
        self._terminal.later(self._centre.accept_us(), lambda: self._told(message))
        return None

    def _told(self, message: Submitted) -> None:
        refusal = self._centre.refusal(self._parameters["+CGSMS"])
        if refusal is None:
            self._accepted(message)
        else:
            self._terminal.finish(failed(Cms(refusal)))

    def _accepted(self, message: Submitted) -> None:
        self._reference = self._reference % 255 + 1
        self._centre.submit(message)
        self._terminal.finish(info(f"+CMGS: {self._reference}"))

    def _deliver(self, hex_pdu: str, tpdu_bytes: int) -> None:
        """Show a message, or only that it was stored, as +CNMI asks (27.005 clause 3.4.1)."""
        self._ring()
        if self._parameters["+CNMI"].split(",")[1:2] == ["2"]:
            self._terminal.raw(f'\r\n+CMT: "",{tpdu_bytes}\r\n{hex_pdu}\r\n'.encode("ascii"))
        else:
            self._stored += 1
            self._terminal.urc(f'+CMTI: "SM",{self._stored}')
