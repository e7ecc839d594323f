"""What the world asks of the kernel, of the handset's lines and of its own receivers."""

from collections.abc import Callable
from random import Random
from typing import Any, Protocol


class Event(Protocol):
    """Something scheduled."""

    def cancel(self) -> None:
        """Drop it; harmless once it has happened."""


class Kernel(Protocol):
    """The clock and the event queue of one run."""

    @property
    def now_us(self) -> int:
        """Virtual time."""

    def at(self, t_us: int, callback: Callable[..., object], *args: Any) -> Event:
        """Call `callback(*args)` at `t_us`."""

    def after(self, delay_us: int, callback: Callable[..., object], *args: Any) -> Event:
        """Call `callback(*args)` in `delay_us`."""

    def stream(self, name: str) -> Random:
        """Return the random stream of this name; what others draw never shifts it."""


class SerialLine(Protocol):
    """One UART of the handset, seen from outside."""

    def on_bytes(self, callback: Callable[[bytes], None]) -> None:
        """Hear what the handset sends, when its last bit has left."""

    def send(self, data: bytes) -> None:
        """Send towards the handset, after whatever is still on its way."""


class PinLine(Protocol):
    """One pin of the handset, seen from outside; levels are 0 and 1."""

    @property
    def level(self) -> int:
        """Return the level now."""

    def on_change(self, callback: Callable[[int], None]) -> None:
        """Hear every new level the handset drives."""

    def drive(self, level: int) -> None:
        """Drive the pin from outside."""


class Receiver(Protocol):
    """A satellite receiver; silent until started."""

    latest: bytes
    """The last epoch sent, empty before the first."""

    def on_epoch(self, callback: Callable[[bytes], None]) -> None:
        """Hear the sentences of each epoch as one chunk of CR LF ended lines."""

    def start(self) -> None:
        """Let it be heard from now on."""

    def stop(self) -> None:
        """Silence it."""

    def show_sky(self, is_seen: bool) -> None:
        """Let it see satellites, or none."""
