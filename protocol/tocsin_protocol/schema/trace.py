"""The trace: what the firmware reports as it happens."""

from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import TRACE_KIND
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Choice, Code, Field, i32, u8, u16, u32

TRACE_EVENT = Message(
    "TraceEvent",
    0x20,
    Direction.TO_HOST,
    "One thing that happened on the handset; sent unasked, with request number 0.",
    (
        Field("sequence", u16(), "counts every event; a gap means lost ones"),
        Field("t_ms", u32(), "the firmware's millisecond counter; wraps at 2^30"),
        Field("kind", Choice(TRACE_KIND), "what is reported"),
        Field("code", Code("kind"), "which one, in the enumeration the kind names"),
        Field("attempt", u8(), "number of the call attempt, 0 before the first"),
        Field("value", i32(), "a figure that belongs to the event"),
    ),
    flow=Flow.EVENT,
    roles=EVERY_ROLE,
    lane=Lane.URGENT,
)

SUBSCRIBE = Message(
    "TraceSubscribe",
    0x21,
    Direction.TO_HANDSET,
    "Asks for trace events in this session from now on, or for no more of them.",
    (Field("on", u8(0, 1), "1 to be sent events"),),
    flow=Flow.STARTS,
    replies=("TraceSubscribed", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
)

SUBSCRIBED = Message(
    "TraceSubscribed",
    0x22,
    Direction.TO_HOST,
    "Events are sent from now on, or no more.",
    (Field("dropped", u32(), "events since the start that nobody was sent"),),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

MESSAGES = (TRACE_EVENT, SUBSCRIBE, SUBSCRIBED)
