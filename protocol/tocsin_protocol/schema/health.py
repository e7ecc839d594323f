"""The report of its health that a handset sends by itself."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import HEALTH_REASON, RESET_CAUSE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Choice, Field, Text, u8, u16, u32

REPORT = Message(
    "HealthReport",
    0x43,
    Direction.TO_ANSWER_POINT,
    "Says that the handset lives, and how it is. Travels inside Sealed.",
    (
        Field("reason", Choice(HEALTH_REASON), "why it is sent"),
        Field("next_s", u32(), "time until the next is due; 0 when none may come"),
        Field("battery_mv", u16(), "supply voltage; 0 when unknown"),
        Field("battery_pct", u8(0, 100), "charge"),
        Field("tested", u16(), "bit 1 << SelfCheck for each check that was made"),
        Field("failed", u16(), "bit 1 << SelfCheck for each that failed"),
        Field("reset_cause", Choice(RESET_CAUSE), "why the firmware last started"),
        Field("uptime_s", u32(), "time since then, at most 12 days"),
        Field("faults", u16(), "faults since then"),
        Field("config_generation", u32(), "counts every change of the configuration"),
        Field("firmware", Text(16), "firmware version"),
    ),
    flow=Flow.EVENT,
    since=V1_1,
)

MESSAGES = (REPORT,)
