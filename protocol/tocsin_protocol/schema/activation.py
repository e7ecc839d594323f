"""Messages that begin a test call, end an activation, and tell about it."""

from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import PRIORITY
from tocsin_protocol.schema.roles import EVERY_ROLE, FIXTURE, TECHNICIAN
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Choice, Field, u8, u16, u32

_REPLIES = ("ActivationState", "Failure")

TEST_CALL = Message(
    "TestCall",
    0x38,
    Direction.TO_HANDSET,
    "Begins an activation of priority TEST; refused with BUSY while one is open.",
    (
        Field("limit_s", u16(10, 3600), "when it ends by itself"),
        Field("alternate", u8(0, 1), "1 to begin with the alternate number"),
    ),
    flow=Flow.STARTS,
    replies=_REPLIES,
    roles=(TECHNICIAN, FIXTURE),
    lane=Lane.URGENT,
    since=V1_1,
)

STATE = Message(
    "ActivationState",
    0x39,
    Direction.TO_HOST,
    "The activation that is open, or the last one.",
    (
        Field("activation", u32(), "its number; 0 when there was none since the start"),
        Field("is_open", u8(0, 1), "1 while it is open"),
        Field("is_confirmed", u8(0, 1), "1 when the answer point has confirmed its answer"),
        Field("priority", Choice(PRIORITY), "how urgent it is"),
        Field("attempt", u8(), "number of the latest call attempt"),
        Field("press_age_ms", u32(), "time since it began"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    lane=Lane.URGENT,
    since=V1_1,
)

CANCEL = Message(
    "ActivationCancel",
    0x3A,
    Direction.TO_HANDSET,
    "Ends an activation; refused with NO_ACTIVATION unless just that one is open.",
    (Field("activation", u32(), "its number"),),
    flow=Flow.STARTS,
    replies=_REPLIES,
    roles=(TECHNICIAN, FIXTURE),
    lane=Lane.URGENT,
    since=V1_1,
)

GET = Message(
    "ActivationGet",
    0x3B,
    Direction.TO_HANDSET,
    "Asks about the activation that is open, or the last one.",
    flow=Flow.STARTS,
    replies=_REPLIES,
    roles=EVERY_ROLE,
    lane=Lane.URGENT,
    since=V1_1,
)

MESSAGES = (TEST_CALL, STATE, CANCEL, GET)
