"""The witness of everything a handset dials: nothing but the run's own numbers is allowed."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialled:
    """One dial string or message address exactly as the handset wrote it."""

    t_us: int
    text: str
    is_allowed: bool


class Witness:
    """Records each ATD and each message address; any outside `allowed` fails the run.

    No emergency number is in the drama range, so every spelling of one is a violation.
    """

    def __init__(self, voice: Collection[str], message: Collection[str]) -> None:
        self._voice = voice
        self._message = message
        self.dialled_numbers: list[Dialled] = []
        self.messaged_numbers: list[Dialled] = []

    def dialled(self, text: str, t_us: int) -> None:
        """Note the text after ATD, without the semicolon of a voice call."""
        self.dialled_numbers.append(Dialled(t_us, text, text in self._voice))

    def messaged(self, number: str, t_us: int) -> None:
        """Note the address of a submitted message."""
        self.messaged_numbers.append(Dialled(t_us, number, number in self._message))

    @property
    def violations(self) -> list[Dialled]:
        """Return what must never have been dialled or written to, in order of time."""
        everything = self.dialled_numbers + self.messaged_numbers
        return sorted((d for d in everything if not d.is_allowed), key=lambda d: d.t_us)
