"""The mobile network's calls: set-up, ringing, answer, release."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from tocsin_sim.world.interfaces import Event, Kernel
from tocsin_sim.world.laws import lognormal_us, uniform_us
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.witness import Witness

_RADIO_LINK_TIMEOUT_US = 10_000_000


class CallState(IntEnum):
    """States of a call, as +CLCC numbers them (3GPP TS 27.007 clause 7.18; 6 is SIMCom's)."""

    ACTIVE = 0
    DIALLING = 2
    ALERTING = 3
    ENDED = 6


class Cause(IntEnum):
    """Why a call ended (3GPP TS 24.008 clause 10.5.4.11)."""

    UNASSIGNED_NUMBER = 1
    NORMAL_CALL_CLEARING = 16
    USER_BUSY = 17
    ALERTING_NO_ANSWER = 19
    CALL_REJECTED = 21
    TEMPORARY_FAILURE = 41
    CONGESTION = 42

    @property
    def text(self) -> str:
        """Return the number and its words, as +CEER prints them."""
        return f"{self.value} {self.name.replace('_', ' ').capitalize()}"


class Service(IntEnum):
    """What the network offers where the handset is (3GPP TS 27.007 clause 7.2, <stat>)."""

    NONE = 0
    HOME = 1
    DENIED = 3
    ROAMING = 5
    EMERGENCY_ONLY = 8


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a call: it ends for `cause`, `after_s` into `state`."""

    cause: Cause
    after_s: float = 1.0
    state: CallState = CallState.DIALLING


class FarEnd(Protocol):
    """Whoever is called."""

    def call_arrived(self, call: "Call") -> None:
        """Ring."""

    def call_ended(self, call: "Call") -> None:
        """Stop ringing, or hang up."""


class Call:
    """One call of the handset; both ends hear of each change of state once."""

    def __init__(
        self,
        kernel: Kernel,
        number: str,
        attempt: int,
        on_state: Callable[["Call"], None],
        on_end: Callable[["Call", CallState], None],
    ) -> None:
        self.number = number
        self.attempt = attempt
        self.state = CallState.DIALLING
        self.cause: Cause | None = None
        self.far_end: FarEnd | None = None
        self.fate: Fate | None = None
        self._kernel = kernel
        self._on_state: Callable[[Call], None] | None = on_state
        self._on_end = on_end
        self._timer: Event | None = None

    def schedule(self, delay_us: int, step: Callable[..., None], *args: object) -> None:
        """Let the network take the next step in `delay_us`, instead of the one scheduled."""
        self._cancel_timer()
        self._timer = self._kernel.after(delay_us, step, *args)

    def alert(self, far_end: FarEnd) -> None:
        """Ring at the far end."""
        self.far_end = far_end
        self._enter(CallState.ALERTING)
        far_end.call_arrived(self)

    def answer(self) -> None:
        """Go off-hook at the far end."""
        self._cancel_timer()
        self._enter(CallState.ACTIVE)

    def end(self, cause: Cause) -> None:
        """End the call, from either side or by the network; the first end counts."""
        if self.state is CallState.ENDED:
            return
        self._cancel_timer()
        self.cause = cause
        self._on_end(self, self.state)
        self._enter(CallState.ENDED)
        if self.far_end is not None:
            self.far_end.call_ended(self)

    def lose_radio(self) -> None:
        """Cut off the handset: the far end is released when the network gives the radio up."""
        self._on_state = None
        self.schedule(_RADIO_LINK_TIMEOUT_US, self.end, Cause.NORMAL_CALL_CLEARING)

    def _enter(self, state: CallState) -> None:
        self.state = state
        if self.fate is not None and self.fate.state is state:
            self._kernel.after(round(self.fate.after_s * 1e6), self.end, self.fate.cause)
        if self._on_state is not None:
            self._on_state(self)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Network:
    """Sets calls up towards `far_end` at the setting's voice numbers; no other number exists."""

    def __init__(self, kernel: Kernel, setting: Setting, far_end: FarEnd, witness: Witness) -> None:
        self._kernel = kernel
        self._witness = witness
        self._setting = setting
        self._far_end = far_end
        self._setup = kernel.stream("network.setup")
        self._refusal = kernel.stream("network.refusal")
        self._registration = kernel.stream("network.registration")
        self._listeners: list[Callable[[], None]] = []
        self.attempts = 0
        self.service = Service.HOME
        self.emergency_numbers: frozenset[str] = frozenset()
        """What this world calls in place of an emergency number: carried without registration."""
        self.fates: deque[Fate] = deque()
        """What becomes of the next calls, one each; then the setting's rules hold."""

    def on_service(self, callback: Callable[[], None]) -> None:
        """Hear when `service` has changed."""
        self._listeners.append(callback)

    def offer(self, service: Service) -> None:
        """Change what the network offers where the handset is."""
        self.service = service
        self._witness.saw("network.service", service=service.name)
        for listener in self._listeners:
            listener()

    def registration_us(self) -> int:
        """Return how long a modem takes to register from cold on a known network."""
        return uniform_us(self._registration, 3.0, 8.0)

    def place_call(self, number: str, on_state: Callable[[Call], None]) -> Call:
        """Start a call; `on_state(call)` hears each change of its state after DIALLING."""
        self.attempts += 1
        call = Call(self._kernel, number, self.attempts, on_state, self._ended)
        self._witness.saw("call.placed", attempt=call.attempt, number=number)
        setting = self._setting
        setup_us = lognormal_us(self._setup, setting.setup_median_s, setting.setup_sigma)
        refusal_us = uniform_us(self._refusal, 0.8, 1.2)
        if self.fates:
            call.fate = self.fates.popleft()
        if call.fate is not None and call.fate.state is CallState.DIALLING:
            call.schedule(round(call.fate.after_s * 1e6), call.end, call.fate.cause)
        elif self.attempts <= setting.refuse_calls:
            call.schedule(refusal_us, call.end, Cause.CONGESTION)
        elif number not in setting.numbers.voice:
            call.schedule(setup_us, call.end, Cause.UNASSIGNED_NUMBER)
        else:
            call.schedule(setup_us, self._ring, call)
        return call

    def _ended(self, call: Call, was: CallState) -> None:
        cause = call.cause.name if call.cause is not None else ""
        self._witness.saw("call.ended", attempt=call.attempt, cause=cause, was=was.name)

    def _ring(self, call: Call) -> None:
        ring_limit_us = round(self._setting.ring_limit_s * 1e6)
        call.schedule(ring_limit_us, call.end, Cause.ALERTING_NO_ANSWER)
        call.alert(self._far_end)
