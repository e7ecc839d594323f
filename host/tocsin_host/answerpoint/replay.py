"""Which counters a handset has used: a report is believed once (INTERFACE.md, 'Over the air')."""

from __future__ import annotations

from collections import OrderedDict

CHANCE = 1 << 30
"""From here up counters begin at a place of chance: the handset's flash did not keep count."""

OVERTAKING = 64
"""By less than this texts overtake one another; RFC 4303 section 3.4.3."""

KEPT = 65_536
"""So many counters a handset gives from one place of chance before it asks its flash again."""


def overtook(counter: int, other: int) -> bool:
    """Whether `counter` is of the same place as `other`, and was given out after it."""
    return 0 < counter - other < OVERTAKING


class UsedCounters:
    """The counters of one handset's reports, in bounded memory: handsets report for years.

    Below 2^30 they rise, so only those less than 64 below the newest are remembered, and all that
    lie further down are refused. From 2^30 up a start may begin anywhere, so height says nothing:
    the last 65,536 taken are remembered, and they alone are refused. What a start gives without
    its flash fits in, and a recorded report would pass again only after so many others.
    """

    def __init__(self) -> None:
        self._leased: set[int] = set()
        self._by_chance: OrderedDict[int, None] = OrderedDict()

    def take(self, counter: int) -> bool:
        """Whether `counter` was fresh; it is used from now on."""
        return self._take_by_chance(counter) if counter >= CHANCE else self._take_leased(counter)

    def _take_leased(self, counter: int) -> bool:
        newest = max(self._leased, default=0)
        if counter in self._leased or counter <= newest - OVERTAKING:
            return False
        forgotten = max(newest, counter) - OVERTAKING
        self._leased = {each for each in (*self._leased, counter) if each > forgotten}
        return True

    def _take_by_chance(self, counter: int) -> bool:
        if counter in self._by_chance:
            return False
        self._by_chance[counter] = None
        if len(self._by_chance) > KEPT:
            self._by_chance.popitem(last=False)
        return True
