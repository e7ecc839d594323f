"""How far a transfer is, for whoever watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def progress() -> Callable[[int, int], None]:
    """Show octets the handset has acknowledged, on a terminal only."""
    stream = sys.stderr
    if not stream.isatty():
        return lambda _done, _size: None

    def show(done: int, size: int) -> None:
        end = "\n" if done == size else ""
        stream.write(f"\r{done:>9} of {size} octets{end}")
        stream.flush()

    return show
