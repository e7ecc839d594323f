"""Trace events as they happen, for a host that asks for them."""

from micropython import const

from tocsin.wire_dialogue.trace import TraceSubscribe, TraceSubscribed

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table
    from tocsin.trace import Trace


def make(handset: "Handset", _quiet: "Quiet") -> "TraceArea":
    """The area for one connection."""
    return TraceArea(handset.trace)


class TraceArea:
    """Answers TraceSubscribe."""

    def __init__(self, trace: "Trace") -> None:
        self._trace = trace

    def table(self) -> "Table":
        """Which message is answered how."""
        return {TraceSubscribe.ID: (TraceSubscribe, self.subscribe)}

    async def subscribe(self, request: TraceSubscribe, session: "Session") -> TraceSubscribed:
        """Send events to this session, or no more."""
        session.subscribe(bool(request.on))
        return TraceSubscribed(self._trace.dropped)
