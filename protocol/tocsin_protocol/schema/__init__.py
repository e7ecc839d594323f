"""The schema: every enumeration, message and configuration key of the protocol."""

from tocsin_protocol.frame import MAX_PAYLOAD_BYTES
from tocsin_protocol.schema import air, codes, config, link, notices, roles, stages, stored, trace
from tocsin_protocol.schema.config_keys import CONFIG
from tocsin_protocol.schema.stages import REPORTERS

__all__ = [
    "CONFIG",
    "ENUMS",
    "FLAGS",
    "MAJOR",
    "MAX_PAYLOAD_BYTES",
    "MESSAGES",
    "MINOR",
    "RECORDS",
    "REMOVED_IDS",
    "REPORTERS",
]

MAJOR = 1
MINOR = 0

# Messages that are gone; their numbers are never used again.
REMOVED_IDS: frozenset[int] = frozenset()

ENUMS = (
    stages.STAGE,
    codes.TRACE_KIND,
    notices.NOTICE,
    codes.OUTCOME,
    codes.RESET_CAUSE,
    codes.FIX_SOURCE,
    codes.PRIORITY,
    codes.FAILURE_CODE,
    codes.JOURNAL_KIND,
    roles.ROLE,
)

FLAGS = (codes.CAPABILITY,)

RECORDS = (config.ENTRY,)

MESSAGES = (
    link.HELLO,
    link.HELLO_REPLY,
    link.INFO_GET,
    link.INFO,
    config.CONFIG_GET,
    config.CONFIG_VALUE,
    config.CONFIG_SET,
    config.CONFIG_APPLIED,
    link.RESTART,
    link.RESTARTING,
    trace.TRACE_EVENT,
    air.TAG_REPORT,
    air.ANSWER_ACK,
    air.SEALED,
    stored.JOURNAL_ENTRY,
    stored.ACTIVATION_RECORD,
    stored.CONFIG_FILE,
    link.FAILURE,
)
