"""The short message service: accepts from the handset, carries to the far end and back."""

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Protocol

from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.interfaces import Kernel
from tocsin_sim.world.laws import lognormal_us, uniform_us
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.sms_pdu import Ports, Submitted, deliver_data
from tocsin_sim.world.witness import Witness

NETWORK_TIMEOUT = 332
"""+CMS error of a message the network does not answer (3GPP TS 27.005 clause 3.2.5)."""


class Addressee(Protocol):
    """Whoever reads messages at the far end."""

    def message_received(self, sender: str, message: Submitted) -> None:
        """Read one message."""


class MessageCentre:
    """Carries messages between the handset and `addressee`; none is lost unless it is to be.

    Only the setting's message numbers exist: others are accepted, as networks do, and dropped.
    Messages for the handset wait until a modem `attach`es.
    """

    def __init__(
        self,
        kernel: Kernel,
        setting: Setting,
        clock: UtcClock,
        addressee: Addressee,
        witness: Witness,
    ) -> None:
        self._kernel = kernel
        self._witness = witness
        self._setting = setting
        self._clock = clock
        self._addressee = addressee
        self._accept = kernel.stream("sms.accept")
        self._to_host = kernel.stream("sms.to-host")
        self._to_handset = kernel.stream("sms.to-handset")
        self._waiting: list[tuple[str, int]] = []
        self._handset: Callable[[str, int], None] | None = None
        self.refusals: deque[int] = deque()
        """+CMS errors the next messages end with, one each."""
        self.bearers = frozenset("0123")
        """Values of +CGSMS with which a message gets through, else it times out."""
        self.losses = {"answer point": 0, "handset": 0}
        """How many of the next messages on their way there never arrive."""
        self.delay_s = 0.0
        """How much longer messages take than the setting says."""

    def refusal(self, bearer: str) -> int | None:
        """Return the +CMS error a message submitted by `bearer` ends with, None when accepted."""
        code = self.refusals.popleft() if self.refusals else None
        if code is None and bearer not in self.bearers:
            code = NETWORK_TIMEOUT
        if code is not None:
            self._witness.saw("sms.refused", code=code, bearer=bearer)
        return code

    def accept_us(self) -> int:
        """Return how long the network takes to accept a message."""
        setting = self._setting
        return uniform_us(self._accept, setting.sms_accept_min_s, setting.sms_accept_max_s)

    def submit(self, message: Submitted) -> None:
        """Carry an accepted message to the far end."""
        delay_us = self._delay_us(self._to_host)
        if message.number in self._setting.numbers.message and not self._is_lost("answer point"):
            sender = self._setting.numbers.handset
            self._kernel.after(delay_us, self._addressee.message_received, sender, message)

    def send_data(self, sender: str, payload: bytes, ports: Ports) -> None:
        """Carry binary data to the handset; at most 133 octets."""
        self._kernel.after(self._delay_us(self._to_handset), self._arrive, sender, payload, ports)

    def attach(self, handset: Callable[[str, int], None]) -> None:
        """Deliver to `handset(hex_pdu, tpdu_bytes)` from now on, first what has waited."""
        self._handset = handset
        waiting, self._waiting = self._waiting, []
        for pdu in waiting:
            handset(*pdu)

    def detach(self) -> None:
        """Keep messages until the next attach."""
        self._handset = None

    def _arrive(self, sender: str, payload: bytes, ports: Ports) -> None:
        if self._is_lost("handset"):
            return
        pdu = deliver_data(sender, payload, ports, self._clock.at(self._kernel.now_us))
        if self._handset is None:
            self._waiting.append(pdu)
        else:
            self._handset(*pdu)

    def _delay_us(self, stream: Random) -> int:
        setting = self._setting
        usual_us = lognormal_us(stream, setting.sms_delay_median_s, setting.sms_delay_sigma)
        return usual_us + round(self.delay_s * 1e6)

    def _is_lost(self, towards: str) -> bool:
        if not self.losses[towards]:
            return False
        self.losses[towards] -= 1
        self._witness.saw("sms.lost", towards=towards)
        return True
