"""A handset's firmware, and what becomes of an update."""

from __future__ import annotations

from tocsin_host import wire
from tocsin_host.client.asking import Asking

_CHECK_S = 30.0  # the handset reads the whole twice, and gives way to everything else


class Updates:
    """Transfer the file first, as TransferKind.UPDATE."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def status(self) -> wire.UpdateStatus:
        """Return which firmware runs, and how far the last update came."""
        return self._asking.ask(wire.UpdateGet(), wire.UpdateStatus)

    def apply(self) -> wire.UpdateAccepted:
        """Have the transferred update checked and started on trial: the handset restarts.

        Raises UpdateError when the handset does not take it.
        """
        return self._asking.ask(wire.UpdateApply(), wire.UpdateAccepted, _CHECK_S)
