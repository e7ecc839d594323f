"""The schema: every enumeration, message and configuration key of the protocol."""

from tocsin_protocol.frame import MAX_PAYLOAD_BYTES
from tocsin_protocol.schema import (
    about,
    air,
    codes,
    config,
    link,
    notices,
    roles,
    session,
    stages,
    stored,
    trace,
    transfer,
)
from tocsin_protocol.schema.config_keys import CONFIG
from tocsin_protocol.schema.stages import REPORTERS

__all__ = [
    "AREAS",
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
MINOR = 1

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
    codes.TRANSFER_KIND,
)

FLAGS = (codes.CAPABILITY,)

RECORDS = (config.ENTRY,)

# What belongs together, so that the codecs have a module each.
AREAS = {
    "link": link.MESSAGES,
    "session": session.MESSAGES,
    "about": about.MESSAGES,
    "config": config.MESSAGES,
    "trace": trace.MESSAGES,
    "transfer": transfer.MESSAGES,
    "air": air.MESSAGES,
    "stored": stored.MESSAGES,
}

MESSAGES = tuple(
    sorted((message for messages in AREAS.values() for message in messages), key=lambda it: it.id)
)
