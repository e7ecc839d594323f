"""Messages that read and write the configuration."""

from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.roles import EVERY_ROLE, FACTORY, TECHNICIAN
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Array, Blob, Field, Key, Record, Value, u8, u32

VALUE_MAX_BYTES = 32

_MAX_ENTRIES = 14  # of the largest, as many as one sealed message holds
_WRITERS = (TECHNICIAN, FACTORY)

ENTRY = Record(
    "ConfigEntry",
    "One configuration key and its value.",
    (
        Field("key", Key(), "number of the key"),
        Field("value", Value(VALUE_MAX_BYTES), "its value, encoded as its kind says"),
    ),
)

CONFIG_GET = Message(
    "ConfigGet",
    0x10,
    Direction.TO_HANDSET,
    "Asks for the value of one key.",
    (Field("key", Key(), "number of the key"),),
    flow=Flow.STARTS,
    replies=("ConfigValue", "Failure"),
    roles=EVERY_ROLE,
)

CONFIG_VALUE = Message(
    "ConfigValue",
    0x11,
    Direction.TO_HOST,
    "The value of one key.",
    (
        Field("key", Key(), "number of the key"),
        Field("is_default", u8(0, 1), "1 when the key has never been set"),
        Field("value", Value(VALUE_MAX_BYTES), "its value, encoded as its kind says"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
)

CONFIG_SET = Message(
    "ConfigSet",
    0x12,
    Direction.TO_HANDSET,
    "Sets several keys: all of them, or none when one is refused.",
    (Field("entries", Array(ENTRY, _MAX_ENTRIES), "what to set"),),
    flow=Flow.STARTS,
    replies=("ConfigApplied", "Failure"),
    roles=_WRITERS,
)

CONFIG_APPLIED = Message(
    "ConfigApplied",
    0x13,
    Direction.TO_HOST,
    "All keys are set and stored.",
    (Field("generation", u32(), "the configuration's new generation"),),
    flow=Flow.ENDS,
    roles=_WRITERS,
)

CONFIG_RESET = Message(
    "ConfigReset",
    0x16,
    Direction.TO_HANDSET,
    "Puts several keys back to their defaults: all of them, or none when one is refused.",
    (Field("keys", Blob(32), "numbers of the keys; none for every key the role may set"),),
    flow=Flow.STARTS,
    replies=("ConfigApplied", "Failure"),
    roles=_WRITERS,
    since=V1_1,
)

CONFIG_DIFF_GET = Message(
    "ConfigDiffGet",
    0x17,
    Direction.TO_HANDSET,
    "Asks for the keys that are not at their defaults.",
    (Field("after_key", u8(), "only keys above this number; 0 for all"),),
    flow=Flow.STARTS,
    replies=("ConfigDiff", "Failure"),
    roles=EVERY_ROLE,
    since=V1_1,
)

CONFIG_DIFF = Message(
    "ConfigDiff",
    0x18,
    Direction.TO_HOST,
    "Keys that are not at their defaults, in the order of their numbers.",
    (
        Field("entries", Array(ENTRY, _MAX_ENTRIES), "a secret key has an empty value"),
        Field("more", u8(0, 1), "1 when there are more keys after the last of these"),
    ),
    flow=Flow.ENDS,
    roles=EVERY_ROLE,
    since=V1_1,
)

RECORDS = (ENTRY,)
MESSAGES = (
    CONFIG_GET,
    CONFIG_VALUE,
    CONFIG_SET,
    CONFIG_APPLIED,
    CONFIG_RESET,
    CONFIG_DIFF_GET,
    CONFIG_DIFF,
)
