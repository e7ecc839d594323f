"""What the answer point knows of each handset before it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The handset behind a number: its identity and its report key (32 bytes)."""

    identity: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Register:
    """All handsets by their calling number (E.164)."""

    entries: Mapping[str, RegisterEntry]

    def identity_of(self, number: str) -> int | None:
        """Return the identity registered for `number`."""
        entry = self.entries.get(number)
        return entry.identity if entry else None

    def number_of(self, identity: int) -> str:
        """Return the number registered for `identity`, '' when there is none."""
        for number, entry in self.entries.items():
            if entry.identity == identity:
                return number
        return ""

    def key_of(self, identity: int) -> bytes | None:
        """Return the report key of `identity`."""
        entry = self.entries.get(self.number_of(identity))
        return entry.key if entry else None
