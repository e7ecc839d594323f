"""A modem put together: what every family has, and what each says of itself."""

from typing import ClassVar

from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.interfaces import Event, Kernel, Receiver, SerialLine
from tocsin_sim.world.message_centre import MessageCentre
from tocsin_sim.world.modem.calls import Calls
from tocsin_sim.world.modem.gnss import Gnss
from tocsin_sim.world.modem.identity import Badge, Identity
from tocsin_sim.world.modem.messages import Messages
from tocsin_sim.world.modem.parameters import Parameters, Table
from tocsin_sim.world.modem.pins import ModemPins
from tocsin_sim.world.modem.power import Power, PowerTimes, State
from tocsin_sim.world.modem.radio import Radio
from tocsin_sim.world.modem.reply import Handlers
from tocsin_sim.world.modem.sleep import Sleep
from tocsin_sim.world.modem.terminal import Terminal
from tocsin_sim.world.network import Network, Service
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.witness import Witness

_MESSAGE_PULSE_US = 120_000


class Module:
    """The modem on `line`; talks to network and message centre, carries a receiver.

    Start-up is told in microseconds after the line has come alive, when GREETING is said.
    """

    BADGE: ClassVar[Badge]
    TIMES: ClassVar[PowerTimes]
    OWN_PARAMETERS: ClassVar[Table]
    SLEEP_PARAMETER: ClassVar[str]
    GREETING: ClassVar[tuple[str, ...]]
    SIM_READY_US: ClassVar[int]
    SMS_READY: ClassVar[tuple[int, str]]
    PHONE_BOOK_READY: ClassVar[tuple[int, str]]
    EMERGENCY_STAT: ClassVar[int] = Service.EMERGENCY_ONLY
    CALLS: ClassVar[type[Calls]] = Calls
    GNSS: ClassVar[type[Gnss]] = Gnss

    def __init__(
        self,
        kernel: Kernel,
        setting: Setting,
        clock: UtcClock,
        line: SerialLine,
        pins: ModemPins,
        network: Network,
        centre: MessageCentre,
        receiver: Receiver,
        witness: Witness,
    ) -> None:
        self._kernel = kernel
        self._ring_line = pins.ring
        self._start_up: list[Event] = []
        self.parameters = parameters = Parameters(self.OWN_PARAMETERS)
        self.power = Power(
            kernel,
            self.TIMES,
            pins,
            self._started,
            self._stopped,
            lambda state: witness.saw("modem.power", state=state.value),
        )
        self.sleep = Sleep(kernel, pins.dtr, self._may_sleep)
        self.terminal = terminal = Terminal(
            kernel, line, self._hears, self.sleep.stir, lambda: int(parameters["+CMEE"])
        )
        self.radio = radio = Radio(
            kernel, terminal, parameters, network, clock, self._registered, self.EMERGENCY_STAT
        )
        self.calls = self.CALLS(kernel, terminal, parameters, radio, network, witness, setting)
        self.messages = Messages(
            kernel, terminal, parameters, radio, centre, witness, self._ring, self.SMS_READY[1]
        )
        self.gnss = self.GNSS(kernel, terminal, parameters, receiver)
        identity = Identity(self.BADGE, lambda: radio.sim_error)
        for part in (parameters, identity, radio, self.calls, self.messages, self.gnss):
            terminal.add(part.handlers())
        terminal.add(self.own_handlers())
        if pins.ring is not None:
            pins.ring.drive(1)

    def hang(self, *, key_works: bool) -> None:
        """Stop hearing and saying anything until its power goes, by its key if that works."""
        self.terminal.is_hung = True
        self.power.is_key_dead = not key_works

    def own_handlers(self) -> Handlers:
        """Return the commands that only this family knows."""
        return {}

    def _started(self) -> None:
        self.sleep.power_on()
        for line in self.GREETING:
            self.terminal.raw(f"\r\n{line}\r\n".encode("ascii"))
        after = self._kernel.after
        self._start_up = [
            after(self.SIM_READY_US, self.radio.sim_ready),
            after(self.SMS_READY[0], self.messages.ready),
            after(self.PHONE_BOOK_READY[0], self.terminal.urc, self.PHONE_BOOK_READY[1]),
        ]

    def _stopped(self) -> None:
        self.power.is_key_dead = False
        for event in self._start_up:
            event.cancel()
        for part in (
            self.terminal,
            self.calls,
            self.messages,
            self.gnss,
            self.radio,
            self.parameters,
        ):
            part.power_off()

    def _registered(self, is_registered: bool) -> None:
        self.messages.registered(is_registered)

    def _hears(self) -> bool:
        return self.power.state is State.ON and self.sleep.hears()

    def _may_sleep(self) -> bool:
        is_idle = not (self.calls.is_active or self.gnss.is_powered)
        return self.parameters[self.SLEEP_PARAMETER] == "1" and is_idle

    def _ring(self) -> None:
        if self._ring_line is not None:
            self._ring_line.drive(0)
            self._kernel.after(_MESSAGE_PULSE_US, self._ring_line.drive, 1)
