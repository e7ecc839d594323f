"""An alarm of a handset's: how it stands, and a technician's hand in it."""

from __future__ import annotations

from tocsin_host import wire
from tocsin_host.client.asking import Asking


class Activation:
    """At most one is open."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def get(self) -> wire.ActivationState:
        """Return the open activation, or the last."""
        return self._asking.ask(wire.ActivationGet(), wire.ActivationState)

    def test_call(self, limit_s: int = 60, *, alternate: bool = False) -> wire.ActivationState:
        """Begin a test call, to the alternate number if wished; return its activation."""
        message = wire.TestCall(limit_s, int(alternate))
        return self._asking.ask(message, wire.ActivationState)

    def cancel(self, activation: int) -> wire.ActivationState:
        """End an open activation by its number; return how it stands now."""
        return self._asking.ask(wire.ActivationCancel(activation), wire.ActivationState)
