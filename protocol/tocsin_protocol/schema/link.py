"""Messages that open the link, tell about the handset, restart it, and refuse."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import CAPABILITY, FAILURE_CODE, RESET_CAUSE
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.vocabulary import Choice, Field, Flags, Text, u8, u16, u32

HELLO = Message(
    "Hello",
    0x01,
    Direction.TO_HANDSET,
    "Opens the link and says which protocol the host speaks.",
    (
        Field("major", u8(), "major version; another one is refused with VERSION"),
        Field("minor", u8(), "minor version; a newer one only adds"),
    ),
    flow=Flow.STARTS,
    replies=("HelloReply", "Failure"),
)

HELLO_REPLY = Message(
    "HelloReply",
    0x02,
    Direction.TO_HOST,
    "Says which protocol the handset speaks, and its limits.",
    (
        Field("major", u8(), "major version"),
        Field("minor", u8(), "minor version"),
        Field("max_payload_bytes", u16(), "largest payload the handset takes"),
        Field("capabilities", Flags(CAPABILITY), "what the handset offers"),
    ),
    flow=Flow.ENDS,
)

INFO_GET = Message(
    "InfoGet",
    0x03,
    Direction.TO_HANDSET,
    "Asks what this handset is and how it is.",
    flow=Flow.STARTS,
    replies=("Info", "Failure"),
    roles=EVERY_ROLE,
)

INFO = Message(
    "Info",
    0x04,
    Direction.TO_HOST,
    "What this handset is and how it is.",
    (
        Field("identity", u32(), "handset number printed on the unit"),
        Field("board", Text(24), "board name"),
        Field("firmware", Text(16), "firmware version"),
        Field("micropython", Text(24), "MicroPython version"),
        Field("issued", u8(0, 1), "1 when the handset is marked issued"),
        Field("uptime_s", u32(), "time since the firmware started"),
        Field("ticks_ms", u32(), "millisecond counter now; wraps at 2^30"),
        Field("heap_free_bytes", u32(), "free heap"),
        Field("battery_pct", u8(), "charge, 0 to 100; 255 when unknown"),
        Field("reset_cause", Choice(RESET_CAUSE), "why the firmware last started"),
        Field("imei", Text(16), "the modem's IMEI; empty until it has been read"),
        Field("config_generation", u32(), "counts every change of the configuration"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
)

RESTART = Message(
    "Restart",
    0x14,
    Direction.TO_HANDSET,
    "Restarts the firmware; refused with BUSY while an activation is open.",
    flow=Flow.STARTS,
    replies=("Restarting", "Failure"),
    roles=EVERY_ROLE,
)

RESTARTING = Message(
    "Restarting",
    0x15,
    Direction.TO_HOST,
    "The last word before a restart.",
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
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
