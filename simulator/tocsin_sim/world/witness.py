"""The witness of what happens in a world: nothing but the run's own numbers may be dialled."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

OnEvent = Callable[[str, dict[str, Any]], object]
"""Called with the name of what has just happened, and what is to be told of it."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """One dial string or message address exactly as the handset wrote it."""

    t_us: int
    text: str
    is_allowed: bool


class Witness:
    """Records each ATD and each message address; any that is not allowed fails the run.

    Everybody in the world tells it what happens there; listeners hear of that as it does.

    No emergency number is in the drama range, so every spelling of one is a violation.
    """

    def __init__(self, voice: Collection[str], message: Collection[str]) -> None:
        self._voice = voice
        self._message = message
        self.dialled_numbers: list[Dialled] = []
        self.messaged_numbers: list[Dialled] = []
        self._listeners: list[OnEvent] = []

    def listen(self, listener: OnEvent) -> None:
        """Have `listener` hear of everything that happens from now on."""
        self._listeners.append(listener)

    def saw(self, event: str, **details: Any) -> None:
        """Note what has just happened; names are those of `tocsin_sim.scenario.events`."""
        for listener in self._listeners:
            listener(event, details)

    def dialled(self, text: str, t_us: int, *, over_call: bool = False) -> None:
        """Note the text after ATD, without the semicolon of a voice call."""
        is_allowed = text in self._voice
        self.dialled_numbers.append(Dialled(t_us, text, is_allowed))
        self.saw("modem.dial", number=text, allowed=is_allowed, over_call=over_call)

    def messaged(self, number: str, t_us: int) -> None:
        """Note the address of a submitted message."""
        is_allowed = number in self._message
        self.messaged_numbers.append(Dialled(t_us, number, is_allowed))
        self.saw("modem.text", number=number, allowed=is_allowed)

    @property
    def violations(self) -> list[Dialled]:
        """Return what must never have been dialled or written to, in order of time."""
        everything = self.dialled_numbers + self.messaged_numbers
        return sorted((d for d in everything if not d.is_allowed), key=lambda d: d.t_us)
