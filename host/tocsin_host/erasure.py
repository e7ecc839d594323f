"""What follows a wipe: the handset restarts and clears its flash of what it has deleted."""

from __future__ import annotations

import time
from collections.abc import Callable

from tocsin_host.client import HandsetClient
from tocsin_host.errors import TocsinError

_LOOK_S = 1.0


def is_cleared(connect: Callable[[], HandsetClient], limit_s: float) -> bool:
    """Wait for it, at most so long; False while it still goes on, or cannot be asked."""
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        try:
            with connect() as handset:
                if handset.is_unclaimed and not handset.status().is_erasing:
                    return True
        except TocsinError:
            pass  # it is restarting
        time.sleep(max(0.0, min(_LOOK_S, end_s - time.monotonic())))
    return False
