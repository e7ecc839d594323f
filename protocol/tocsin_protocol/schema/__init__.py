"""The schema: every enumeration, message and configuration key of the protocol."""

from tocsin_protocol.frame import MAX_PAYLOAD_BYTES
from tocsin_protocol.schema import (
    about,
    activation,
    air,
    clock,
    codes,
    config,
    fixture,
    health,
    journal,
    link,
    notices,
    provision,
    roles,
    session,
    stages,
    status,
    stored,
    trace,
    transfer,
    update,
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
    codes.UPDATE_STEP,
    codes.SLOT,
    codes.PRESS,
    codes.GESTURE,
    codes.CANCEL,
    codes.HEALTH_REASON,
    codes.JOURNAL_KIND,
    roles.ROLE,
    codes.TRANSFER_KIND,
    codes.REGISTRATION,
    codes.GNSS_STATE,
    codes.RADIO_STATE,
    codes.SELF_CHECK,
    codes.SELF_VERDICT,
    codes.TIME_SOURCE,
    codes.CONTACT,
    codes.SIGNAL,
    codes.RAIL,
)

FLAGS = (codes.CAPABILITY,)

RECORDS = (*config.RECORDS, *status.RECORDS, *journal.RECORDS, *fixture.RECORDS)

# What belongs together, so that the codecs have a module each.
AREAS = {
    "link": link.MESSAGES,
    "session": session.MESSAGES,
    "about": about.MESSAGES,
    "status": status.MESSAGES,
    "health": health.MESSAGES,
    "config": config.MESSAGES,
    "trace": trace.MESSAGES,
    "journal": journal.MESSAGES,
    "transfer": transfer.MESSAGES,
    "update": update.MESSAGES,
    "activation": activation.MESSAGES,
    "air": air.MESSAGES,
    "provision": provision.MESSAGES,
    "clock": clock.MESSAGES,
    "fixture": fixture.MESSAGES,
    "stored": stored.MESSAGES,
}

MESSAGES = tuple(
    sorted((message for messages in AREAS.values() for message in messages), key=lambda it: it.id)
)
