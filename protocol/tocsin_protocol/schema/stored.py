"""Records the handset keeps on its flash, in the same encoding."""

from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import JOURNAL_KIND
from tocsin_protocol.schema.config import ENTRY
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Array, Choice, Code, Field, i32, u8, u32

JOURNAL_ENTRY = Message(
    "JournalEntry",
    0x60,
    Direction.STORED,
    "One line of the journal.",
    (
        Field("sequence", u32(), "counts every entry"),
        Field("ticks_ms", u32(), "millisecond counter; wraps at 2^30"),
        Field("utc_s", u32(), "seconds since 1970-01-01 UTC; 0 when unknown"),
        Field("kind", Choice(JOURNAL_KIND), "what is recorded"),
        Field("code", Code("kind"), "which one, as the kind says"),
        Field("value", i32(), "a figure that belongs to the entry"),
    ),
)

ACTIVATION_RECORD = Message(
    "ActivationRecord",
    0x61,
    Direction.STORED,
    "The mark that an activation is open, so that it goes on after a power cut.",
    (
        Field("activation", u32(), "number of the activation"),
        Field("is_open", u8(0, 1), "1 while it is open"),
        Field("attempt", u8(), "number of the latest call attempt"),
        Field("flags", u8(0, 3), "1: it goes on under duress; 2: the button is stuck", V1_1),
        Field("age_ms", u32(), "from its press to this mark, while there was power", V1_1),
    ),
)

CONFIG_FILE = Message(
    "ConfigFile",
    0x62,
    Direction.STORED,
    "Every key that differs from its default.",
    (
        Field("schema_version", u8(), "version of the configuration's layout"),
        Field("generation", u32(), "counts every change"),
        Field("entries", Array(ENTRY, 32), "the keys and their values"),
    ),
)

MESSAGES = (JOURNAL_ENTRY, ACTIVATION_RECORD, CONFIG_FILE)
