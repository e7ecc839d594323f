"""A handset's clock."""

from __future__ import annotations

from tocsin_host import wire
from tocsin_host.client.asking import Asking


class Clock:
    """UTC as the handset has it, in seconds since 1970; 0 while it does not know."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def get(self) -> wire.TimeReply:
        """Return the handset's time, and from whom it has it."""
        return self._asking.ask(wire.TimeGet(), wire.TimeReply)

    def set(self, utc_s: int) -> wire.TimeReply:
        """Tell the handset the time; return what it takes it to be."""
        return self._asking.ask(wire.TimeSet(utc_s), wire.TimeReply)
