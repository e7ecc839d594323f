"""Messages that set and read the handset's clock."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import TIME_SOURCE
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Choice, Field, u32

_REPLIES = ("TimeReply", "Failure")

SET = Message(
    "TimeSet",
    0x4C,
    Direction.TO_HANDSET,
    "Sets the clock, unless the handset has the time from a better source.",
    (Field("utc_s", u32(), "seconds since 1970-01-01 UTC"),),
    flow=Flow.STARTS,
    replies=_REPLIES,
    roles=EVERY_ROLE,
    since=V1_1,
)

REPLY = Message(
    "TimeReply",
    0x4D,
    Direction.TO_HOST,
    "The time the handset goes by.",
    (
        Field("utc_s", u32(), "seconds since 1970-01-01 UTC; 0 when unknown"),
        Field("ticks_ms", u32(), "millisecond counter at that moment; wraps at 2^30"),
        Field("source", Choice(TIME_SOURCE), "where the time is from"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

GET = Message(
    "TimeGet",
    0x4E,
    Direction.TO_HANDSET,
    "Asks for the time.",
    flow=Flow.STARTS,
    replies=_REPLIES,
    roles=EVERY_ROLE,
    since=V1_1,
)

MESSAGES = (SET, REPLY, GET)
