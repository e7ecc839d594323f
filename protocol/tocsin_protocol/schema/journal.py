"""Messages that read the journal."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.roles import EVERY_ROLE, FACTORY, TECHNICIAN
from tocsin_protocol.schema.stored import JOURNAL_ENTRY
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Array, Field, Record, u32

_READERS = (TECHNICIAN, FACTORY)

LINE = Record("JournalLine", "One line of the journal, as JournalEntry.", JOURNAL_ENTRY.fields)

GET = Message(
    "JournalGet",
    0x28,
    Direction.TO_HANDSET,
    "Asks for journal entries, oldest first.",
    (Field("from_sequence", u32(), "the first to be told, if it is still there"),),
    flow=Flow.STARTS,
    replies=("JournalEntries", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
)

ENTRIES = Message(
    "JournalEntries",
    0x29,
    Direction.TO_HOST,
    "Some of the entries asked for; the rest begins at `next_sequence`.",
    (
        Field("entries", Array(LINE, 16), "in the order of their sequence; none at the end"),
        Field("next_sequence", u32(), "sequence after the last of these"),
        Field("oldest", u32(), "sequence of the oldest entry that is still kept"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

ACK = Message(
    "JournalAck",
    0x2A,
    Direction.TO_HANDSET,
    "The host has safely stored every entry up to this one.",
    (Field("through", u32(), "sequence of the last entry stored"),),
    flow=Flow.STARTS,
    replies=("JournalAcked", "Failure"),
    roles=_READERS,
    since=V1_1,
)

ACKED = Message(
    "JournalAcked",
    0x2B,
    Direction.TO_HOST,
    "The handset need not keep those entries any longer.",
    (Field("through", u32(), "sequence of the last entry acknowledged"),),
    flow=Flow.ENDS,
    roles=_READERS,
    since=V1_1,
)

RECORDS = (LINE,)
MESSAGES = (GET, ENTRIES, ACK, ACKED)
