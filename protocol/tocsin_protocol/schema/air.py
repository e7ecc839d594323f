"""Messages over the air: short messages between handset and answer point."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import FIX_SOURCE, PRIORITY
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Blob, Choice, Field, i32, u8, u16, u32

TAG_REPORT = Message(
    "TagReport",
    0x40,
    Direction.TO_ANSWER_POINT,
    "Tags the call with who presses, how urgent and where. Travels inside Sealed.",
    (
        Field("activation", u32(), "number of the activation"),
        Field("priority", Choice(PRIORITY), "how urgent"),
        Field("attempt", u8(), "number of the call attempt"),
        Field("press_age_ms", u32(), "time since the press"),
        Field("battery_pct", u8(), "charge, 0 to 100; 255 when unknown"),
        Field("fix_source", Choice(FIX_SOURCE), "where the position comes from"),
        Field("lat_deg_e7", i32(-900000000, 900000000), "latitude, 1e-7 degrees, WGS 84"),
        Field("lon_deg_e7", i32(-1800000000, 1800000000), "longitude, 1e-7 degrees, WGS 84"),
        Field("radius_m", u16(), "radius of 68 % confidence; 0 when there is none"),
        Field("fix_age_s", u16(), "age of the position; 65535 when there is none"),
        Field("mcc", u16(), "mobile country code of the serving cell"),
        Field("mnc", u16(), "mobile network code of the serving cell"),
        Field("area", u16(), "tracking or location area of the serving cell"),
        Field("cell", u32(), "identity of the serving cell"),
        Field("duress", u8(0, 1), "1 when somebody made the holder cancel: send help", V1_1),
    ),
    flow=Flow.STARTS,
    replies=("AnswerAck",),
)

ANSWER_ACK = Message(
    "AnswerAck",
    0x41,
    Direction.FROM_ANSWER_POINT,
    "Confirms that a person has answered this activation. Travels inside Sealed.",
    (
        Field("activation", u32(), "number of the activation answered"),
        Field("answered_age_ms", u32(), "time since the answer"),
    ),
    flow=Flow.ENDS,
)

SEALED = Message(
    "Sealed",
    0x42,
    Direction.EITHER_AIR,
    "Carries one message over the air, encrypted and authenticated (see Over the air).",
    (
        Field("handset", u32(), "identity of the handset, whichever way it goes"),
        Field("counter", u32(), "never repeats for one handset and direction"),
        Field("box", Blob(119), "ciphertext and tag"),
    ),
)

MESSAGES = (TAG_REPORT, ANSWER_ACK, SEALED)
