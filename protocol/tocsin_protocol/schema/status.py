"""Messages that tell how the handset is: its supply, its network, its parts, its last fault."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import (
    GNSS_STATE,
    RADIO_STATE,
    REGISTRATION,
    RESET_CAUSE,
    SELF_CHECK,
    SELF_VERDICT,
)
from tocsin_protocol.schema.roles import EVERY_ROLE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Array, Choice, Field, Record, Text, i32, u8, u16, u32

FINDING = Record(
    "SelfTestFinding",
    "What one check of a self-test found.",
    (
        Field("checked", Choice(SELF_CHECK), "what was tested"),
        Field("verdict", Choice(SELF_VERDICT), "what came of it"),
        Field("value", i32(), "a figure that belongs to the check"),
    ),
)

STATUS_GET = Message(
    "StatusGet",
    0x08,
    Direction.TO_HANDSET,
    "Asks how ready the handset is to raise an alarm.",
    flow=Flow.STARTS,
    replies=("Status", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
    of_unclaimed=True,
)

STATUS = Message(
    "Status",
    0x09,
    Direction.TO_HOST,
    "How ready the handset is to raise an alarm.",
    (
        Field("battery_mv", u16(), "supply voltage; 0 when unknown"),
        Field("battery_pct", u8(), "charge, 0 to 100; 255 when unknown"),
        Field("registration", Choice(REGISTRATION), "whether the network would take a call"),
        Field("signal_dbm", i32(-150, 0), "received signal; 0 when unknown"),
        Field("gnss", Choice(GNSS_STATE), "what the satellite receiver does"),
        Field("fix_age_s", u16(), "age of the last position; 65535 when there is none"),
        Field("is_open", u8(0, 1), "1 while an activation is open"),
        Field("activation", u32(), "number of that activation, or of the last; 0 for none"),
        Field("journal_next", u32(), "sequence the next journal entry will have"),
        Field("storage_free_bytes", u32(), "free flash for what the handset keeps"),
        Field("faults", u32(), "faults since the firmware started"),
        Field("journal_acked", u32(), "sequence up to which a host has the journal; 0 for none"),
        Field("is_erasing", u8(0, 1), "1 while flash is cleared of what a wipe has deleted"),
        Field("radio", Choice(RADIO_STATE), "what its Bluetooth radio does"),
        Field("reset_cause", Choice(RESET_CAUSE), "why the firmware last started"),
        Field("fault_uptime_s", u32(), "time from a start until the last fault ever noted"),
        Field("fault_utc_s", u32(), "when that was, in seconds since 1970-01-01 UTC; 0 unknown"),
        Field("fault", Text(160), "that fault: task, last line of the traceback, error; or none"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

SELF_TEST_RUN = Message(
    "SelfTestRun",
    0x0A,
    Direction.TO_HANDSET,
    "Has the handset test itself; refused with BUSY while an activation is open.",
    flow=Flow.STARTS,
    replies=("SelfTestResult", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
)

SELF_TEST_RESULT = Message(
    "SelfTestResult",
    0x0B,
    Direction.TO_HOST,
    "What the self-test found.",
    (Field("findings", Array(FINDING, 16), "one for each check that was run"),),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

RECORDS = (FINDING,)
MESSAGES = (STATUS_GET, STATUS, SELF_TEST_RUN, SELF_TEST_RESULT)
