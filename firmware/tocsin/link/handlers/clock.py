"""The time of day."""

from micropython import const

from tocsin.wire_dialogue.clock import TimeGet, TimeReply, TimeSet

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Clock, Session, Table
    from tocsin.utc import UtcClock


def make(handset: "Handset", _quiet: "Quiet") -> "ClockArea":
    """The area for one connection."""
    return ClockArea(handset.utc, handset.board.clock)


class ClockArea:
    """Answers TimeSet and TimeGet, both with the time that counts."""

    def __init__(self, utc: "UtcClock", clock: "Clock") -> None:
        self._utc = utc
        self._clock = clock

    def table(self) -> "Table":
        """Which message is answered how."""
        return {TimeSet.ID: (TimeSet, self.set), TimeGet.ID: (TimeGet, self.get)}

    async def set(self, request: TimeSet, _session: "Session") -> TimeReply:
        """Take a host's word unless there is a better one."""
        self._utc.accept(request.utc_s)
        return self._reply()

    async def get(self, _request: TimeGet, _session: "Session") -> TimeReply:
        """What the time is, and who says so."""
        return self._reply()

    def _reply(self) -> TimeReply:
        return TimeReply(self._utc.unix_s(), self._clock.ticks_ms(), self._utc.source)
