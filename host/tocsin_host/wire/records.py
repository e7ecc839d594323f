"""The entries of arrays. Generated from the protocol's schema: do not edit."""

from typing import NamedTuple

from .names import JournalKind, SelfCheck, SelfVerdict, Signal


class ConfigEntry(NamedTuple):
    """One configuration key and its value."""

    key: int = 0
    value: bytes = b""

    def __repr__(self) -> str:
        return f"ConfigEntry(key={self.key!r})"


class SelfTestFinding(NamedTuple):
    """What one check of a self-test found."""

    checked: SelfCheck = SelfCheck.STORAGE
    verdict: SelfVerdict = SelfVerdict.PASSED
    value: int = 0


class JournalLine(NamedTuple):
    """One line of the journal, as JournalEntry."""

    sequence: int = 0
    ticks_ms: int = 0
    utc_s: int = 0
    kind: JournalKind = JournalKind.BOOT
    code: int = 0
    value: int = 0


class FixtureEdge(NamedTuple):
    """One change of a level, stamped by the board."""

    t_us: int = 0
    signal: Signal = Signal.BUTTON
    level: int = 0
