"""The vigil: which handsets live, by the reports they send unasked, and which are silent."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin_host import wire
from tocsin_host.answerpoint.register import Register

MISSED = 2
"""So many reports in a row must be missing before a handset counts as silent."""

_LATE_US = 2 * 3600 * 1_000_000  # a handset tries again for so long before the next is due
_DEFAULT_S = int(wire.CONFIG["heartbeat_s"].default)


@dataclass(frozen=True, slots=True)
class ReceivedHealth:
    """An authentic health report; `sender` is the number it came from, '' when not shown."""

    t_us: int
    sender: str
    identity: int
    counter: int
    report: wire.HealthReport

    @property
    def failed(self) -> list[wire.SelfCheck]:
        """What did not pass the handset's self-test."""
        return [check for check in wire.SelfCheck if self.report.failed >> check & 1]


@dataclass(frozen=True, slots=True)
class Silence:
    """A handset that has not been heard of for too long.

    `heard_us` is None when it never was, `last` its last health report, if there was one: a handset
    whose last reason is BATTERY has run down, and was not taken from its person.
    """

    identity: int
    heard_us: int | None
    due_us: int
    last: ReceivedHealth | None


class Vigil:
    """Hears every authentic report; times in microseconds.

    A handset that was never heard of is waited for from `began_us` on.
    """

    def __init__(self, register: Register, began_us: int = 0) -> None:
        self._register = register
        self._began_us = began_us
        self._heard_us: dict[int, int] = {}
        self.reports: list[ReceivedHealth] = []

    def heard(self, identity: int, t_us: int) -> None:
        """Take a sign of life of any kind."""
        self._heard_us[identity] = max(t_us, self._heard_us.get(identity, t_us))

    def received(self, health: ReceivedHealth) -> None:
        """Take a health report."""
        self.reports.append(health)
        self.heard(health.identity, health.t_us)

    def last(self, identity: int) -> ReceivedHealth | None:
        """Return the newest health report of a handset."""
        return next((each for each in reversed(self.reports) if each.identity == identity), None)

    def silent(self, t_us: int) -> list[Silence]:
        """Return the handsets that are silent at `t_us`, those first that are so for longest."""
        found = [self._wait(entry.identity) for entry in self._register.entries.values()]
        return sorted(
            (each for each in found if each.due_us < t_us), key=lambda silence: silence.due_us
        )

    def _wait(self, identity: int) -> Silence:
        heard_us = self._heard_us.get(identity)
        last = self.last(identity)
        told = [each.report.next_s for each in self.reports if each.identity == identity]
        every_s = next((each for each in reversed(told) if each), _DEFAULT_S)
        since_us = self._began_us if heard_us is None else heard_us
        return Silence(identity, heard_us, since_us + MISSED * every_s * 1_000_000 + _LATE_US, last)
