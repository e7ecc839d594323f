"""Messages that tell about the handset and restart it."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import RESET_CAUSE
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.vocabulary import Choice, Field, Text, u8, u32

INFO_GET = Message(
    "InfoGet",
    0x03,
    Direction.TO_HANDSET,
    "Asks what this handset is and how it is.",
    flow=Flow.STARTS,
    replies=("Info", "Failure"),
    roles=EVERY_ROLE,
    of_unclaimed=True,
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

MESSAGES = (INFO_GET, INFO, RESTART, RESTARTING)
