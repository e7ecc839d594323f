"""Test calls, and the authorised end of an activation."""

import asyncio

from micropython import const

from tocsin.refusal import Refusal
from tocsin.wire import OUTCOME_CANCELLED
from tocsin.wire_dialogue import FAILURE_NO_ACTIVATION, FAILURE_NOT_READY
from tocsin.wire_dialogue.activation import (
    ActivationCancel,
    ActivationGet,
    ActivationState,
    TestCall,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.activation import Activation
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import Session, Table

# What is sent to a modem not yet awake is lost.
_WAKE_MS = const(100)


def make(handset: "Handset", quiet: "Quiet") -> "ActivationArea":
    """The area for one connection."""
    return ActivationArea(handset.activation, handset.modem, quiet)


class ActivationArea:
    """Answers TestCall, ActivationCancel and ActivationGet."""

    def __init__(self, activation: "Activation", modem: "CellularModem", quiet: "Quiet") -> None:
        self._activation = activation
        self._modem = modem
        self._quiet = quiet

    def table(self) -> "Table":
        """Which message is answered how."""
        return {
            TestCall.ID: (TestCall, self.test),
            ActivationCancel.ID: (ActivationCancel, self.cancel),
            ActivationGet.ID: (ActivationGet, self.get),
        }

    async def test(self, request: TestCall, _session: "Session") -> ActivationState:
        """Begin a test call, to a number that the dial guard lets through."""
        if not self._modem.can_dial(request.alternate):
            raise Refusal(FAILURE_NOT_READY, "no such number, or the handset is not issued")
        await self._quiet.turn()
        self._modem.wake()
        await asyncio.sleep_ms(_WAKE_MS)
        await self._quiet.turn()  # a press that came meanwhile goes first
        if not self._activation.test(request.limit_s, bool(request.alternate)):
            raise Refusal(FAILURE_NOT_READY, "there is no number to call")
        return self._state()

    async def cancel(self, request: ActivationCancel, _session: "Session") -> ActivationState:
        """End the activation of this number."""
        activation = self._activation
        if not activation.is_open or request.activation != activation.number:
            raise Refusal(FAILURE_NO_ACTIVATION, "%d is not open" % request.activation)
        activation.end(OUTCOME_CANCELLED)
        return self._state()

    async def get(self, _request: ActivationGet, _session: "Session") -> ActivationState:
        """The activation that is open, or the last one."""
        return self._state()

    def _state(self) -> ActivationState:
        activation = self._activation
        return ActivationState(
            activation=activation.latest,
            is_open=int(activation.is_open),
            is_confirmed=int(activation.is_confirmed),
            priority=activation.priority,
            attempt=activation.attempt,
            press_age_ms=max(0, activation.age_ms()) if activation.latest else 0,
        )
