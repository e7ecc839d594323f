"""Messages that open the link in clear, and the refusal."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import CAPABILITY, FAILURE_CODE
from tocsin_protocol.schema.roles import ROLE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Choice, Field, Flags, Octets, Text, u8, u16

HELLO = Message(
    "Hello",
    0x01,
    Direction.TO_HANDSET,
    "Opens the link and says which protocol the host speaks.",
    (
        Field("major", u8(), "major version; another one is refused with VERSION"),
        Field("minor", u8(), "minor version; a newer one only adds"),
        Field("role", Choice(ROLE), "what the host will prove to be", V1_1),
    ),
    flow=Flow.STARTS,
    replies=("HelloReply", "Failure"),
)

HELLO_REPLY = Message(
    "HelloReply",
    0x02,
    Direction.TO_HOST,
    "Says which protocol the handset speaks, its limits, and by which key it knows the role.",
    (
        Field("major", u8(), "major version"),
        Field("minor", u8(), "minor version"),
        Field("max_payload_bytes", u16(), "largest payload the handset takes"),
        Field("capabilities", Flags(CAPABILITY), "what the handset offers"),
        Field("salt", Octets(8), "random, another each time (see Greeting)", V1_1),
        Field("key_check", Octets(4), "tells the role's key from others (see Greeting)", V1_1),
        Field("normal_window", u8(), "messages the normal lane may have on the way", V1_1),
        Field("urgent_window", u8(), "messages the urgent lane may have on the way", V1_1),
    ),
    flow=Flow.ENDS,
)

FAILURE = Message(
    "Failure",
    0x7F,
    Direction.TO_HOST,
    "Refuses a request; may answer any.",
    (
        Field("code", Choice(FAILURE_CODE), "why"),
        Field("detail", Text(48), "what exactly, for people"),
    ),
    flow=Flow.ENDS,
)

MESSAGES = (HELLO, HELLO_REPLY, FAILURE)
