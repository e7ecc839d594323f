"""One incident on the call taker's screen: calls, texts and tags of one handset."""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin_host import wire
from tocsin_host.answerpoint.aml import AmlLocation
from tocsin_host.answerpoint.replay import overtook

QUIET_US = 30 * 60 * 1_000_000
"""After this long without call, text or tag, the next one begins a new incident."""


@dataclass(slots=True)
class Call:
    """One call on the queue; times in microseconds, None until it happens."""

    number: str
    arrived_us: int
    answered_us: int | None = None
    ended_us: int | None = None
    flagged_us: int | None = None


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A text as it came, and what it says; `problem` tells why `location` is None."""

    t_us: int
    sender: str
    raw: str
    location: AmlLocation | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedTag:
    """An authentic tag report; `sender` is the number it came from, '' when not shown."""

    t_us: int
    sender: str
    identity: int
    counter: int
    report: wire.TagReport


@dataclass(slots=True)
class Incident:
    """What belongs together; `problems` is what a call taker must see.

    `number` is '' while only a call without a number is known, `identity` None until a tag came.
    """

    number: str
    last_us: int
    identity: int | None = None
    calls: list[Call] = field(default_factory=list)
    texts: list[ReceivedText] = field(default_factory=list)
    tags: list[ReceivedTag] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> set[str]:
        """Every number this incident was seen at."""
        seen = {each.number for each in self.calls}
        seen |= {each.sender for each in self.texts} | {each.sender for each in self.tags}
        return (seen | {self.number}) - {""}

    @property
    def call(self) -> Call | None:
        """The call that is up, or None."""
        if self.calls and self.calls[-1].ended_us is None:
            return self.calls[-1]
        return None

    @property
    def location(self) -> AmlLocation | None:
        """The newest text that decoded."""
        return next((each.location for each in reversed(self.texts) if each.location), None)

    @property
    def newest_tag(self) -> ReceivedTag | None:
        """The tag that came last of those that none has overtaken.

        Not the one with the highest counter: after a restart all may be lower (see UsedCounters).
        """
        return next((each for each in reversed(self.tags) if not self._is_overtaken(each)), None)

    def is_open(self, t_us: int) -> bool:
        """Whether something at `t_us` may still belong to this incident."""
        return self.call is not None or t_us - self.last_us <= QUIET_US

    def note(self, problem: str) -> None:
        """Show `problem` once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def _is_overtaken(self, tag: ReceivedTag) -> bool:
        return any(overtook(each.counter, tag.counter) for each in self.tags)
