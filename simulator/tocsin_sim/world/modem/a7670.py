"""SIMCom A7670E: its families of commands put together, and its start-up.

Behaviour after the A76XX AT command manual V1.09 and the A7670 hardware manual; quirks after
field reports.
"""

from dataclasses import dataclass

from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.interfaces import Event, Kernel, PinLine, Receiver, SerialLine
from tocsin_sim.world.message_centre import MessageCentre
from tocsin_sim.world.modem.calls import Calls
from tocsin_sim.world.modem.gnss import Gnss
from tocsin_sim.world.modem.identity import Identity
from tocsin_sim.world.modem.messages import Messages
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.power import Power, State
from tocsin_sim.world.modem.radio import Radio
from tocsin_sim.world.modem.sleep import Sleep
from tocsin_sim.world.modem.terminal import Terminal
from tocsin_sim.world.network import Network
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.witness import Witness

# After *ATREADY, from an A7670E's log.
_SIM_READY_US = 600_000
_SMS_READY_US = 2_000_000
_PHONE_BOOK_US = 5_500_000
_MESSAGE_PULSE_US = 120_000


@dataclass(frozen=True, slots=True)
class ModemPins:
    """The modem's pins as the handset's board wires them; None where it wires nothing.

    `rail` 1 supplies it, `power_key` 1 presses its key, `dtr` 0 keeps it awake; it pulls `ring`
    to 0 when a message comes.
    """

    power_key: PinLine
    rail: PinLine | None = None
    dtr: PinLine | None = None
    ring: PinLine | None = None


class A7670:
    """The modem on `line`; talks to network and message centre, carries a receiver."""

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
        self.parameters = Parameters()
        self.power = Power(kernel, pins.rail, pins.power_key, self._started, self._stopped)
        self.sleep = Sleep(kernel, pins.dtr, self._may_sleep)
        self.terminal = Terminal(
            kernel, line, self._hears, self.sleep.stir, lambda: int(self.parameters["+CMEE"])
        )
        self.radio = Radio(kernel, self.terminal, self.parameters, network, clock, self._registered)
        self.calls = Calls(
            kernel, self.terminal, self.parameters, self.radio, network, witness, setting
        )
        self.messages = Messages(
            kernel, self.terminal, self.parameters, self.radio, centre, witness, self._ring
        )
        self.gnss = Gnss(kernel, self.terminal, self.parameters, receiver)
        for family in (
            self.parameters,
            Identity(lambda: self.radio.is_sim_ready),
            self.power,
            self.radio,
            self.calls,
            self.messages,
            self.gnss,
        ):
            self.terminal.add(family.handlers())
        if pins.ring is not None:
            pins.ring.drive(1)

    def _started(self) -> None:
        self.sleep.power_on()
        self.terminal.urc("*ATREADY: 1")
        after = self._kernel.after
        self._start_up = [
            after(_SIM_READY_US, self.radio.sim_ready),
            after(_SMS_READY_US, self.messages.ready),
            after(_PHONE_BOOK_US, self.terminal.urc, "PB DONE"),
        ]

    def _stopped(self) -> None:
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
        return self.parameters["+CSCLK"] == "1" and is_idle

    def _ring(self) -> None:
        if self._ring_line is not None:
            self._ring_line.drive(0)
            self._kernel.after(_MESSAGE_PULSE_US, self._ring_line.drive, 1)
