"""The trace: what the firmware reports as it happens."""

from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import TRACE_KIND
from tocsin_protocol.schema.roles import EVERY_ROLE
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
