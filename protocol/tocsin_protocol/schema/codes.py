"""The smaller enumerations of the wire."""

from tocsin_protocol.schema.notices import NOTICE
from tocsin_protocol.schema.stages import STAGE
from tocsin_protocol.schema.versions import V1_1
from tocsin_protocol.vocabulary import Member, names

OUTCOME = names(
    "Outcome",
    "OUTCOME",
    "How an activation ended.",
    Member("ANSWERED", 1, "a confirmed call has ended"),
    Member("CANCELLED", 2, "an authenticated cancel, or one by gesture inside the cancel window"),
    Member("LIMIT", 3, "the configured time limit was reached"),
    Member("BATTERY", 4, "the battery is empty"),
)

RESET_CAUSE = names(
    "ResetCause",
    "RESET",
    "Why the firmware last started.",
    Member("UNKNOWN", 0, "the board cannot tell"),
    Member("POWER_ON", 1, "power was applied"),
    Member("HARD", 2, "the reset pin"),
    Member("WATCHDOG", 3, "the watchdog was not fed"),
    Member("SOFT", 4, "the firmware asked for it"),
    Member("BROWN_OUT", 5, "the supply fell too low"),
)

TRACE_KIND = names(
    "TraceKind",
    "TRACE",
    "What a trace event reports; its code is a number of the enumeration named here.",
    Member("STAGE", 1, "a stage was reached; code is a Stage", codes=STAGE),
    Member("NOTICE", 2, "the person was told; code is a Notice", codes=NOTICE),
    Member("FAULT", 3, "something failed; code is the firmware's fault number"),
    Member("BOOT", 4, "the firmware has started; code is a ResetCause", codes=RESET_CAUSE),
)

FIX_SOURCE = names(
    "FixSource",
    "FIX",
    "Where a position comes from.",
    Member("NONE", 0, "there is no position"),
    Member("GNSS", 1, "a live satellite fix"),
    Member("LAST_KNOWN", 2, "the last satellite fix, with its age"),
    Member("CELL", 3, "the serving cell only"),
)

PRIORITY = names(
    "Priority",
    "PRIORITY",
    "How urgent a tag report is.",
    Member("TEST", 1, "a test call"),
    Member("EMERGENCY", 2, "a real activation"),
)

FAILURE_CODE = names(
    "FailureCode",
    "FAILURE",
    "Why the handset refused a request.",
    Member("UNKNOWN_MESSAGE", 1, "no such message, or not one a host may send"),
    Member("MALFORMED", 2, "the body does not decode"),
    Member("VERSION", 3, "the major versions differ"),
    Member("UNKNOWN_KEY", 4, "no such configuration key"),
    Member("OUT_OF_RANGE", 5, "the value is not allowed for this key"),
    Member("READ_ONLY", 6, "the key cannot be changed, or not in this role"),
    Member("SECRET", 7, "the key can be written, never read"),
    Member("STORAGE", 8, "the flash could not be written"),
    Member("BUSY", 9, "not while an activation is open"),
    Member("NO_SESSION", 10, "this message needs a session", since=V1_1),
    Member("NO_KEY", 11, "the handset holds no key for that role", since=V1_1),
    Member("AUTHENTICATION", 12, "the handshake proves no key, or another one", since=V1_1),
    Member("NOT_ALLOWED", 13, "not in this session's role", since=V1_1),
    Member("WRONG_HASH", 14, "what was transferred has another hash than announced", since=V1_1),
    Member("NO_SPACE", 15, "too large for what is free", since=V1_1),
    Member("NOT_OPEN", 16, "no transfer is open", since=V1_1),
    Member("NOT_OFFERED", 17, "this firmware does not take that", since=V1_1),
    Member("CLAIMED", 18, "the handset has an owner already", since=V1_1),
    Member("UNCLAIMED", 19, "the handset must be claimed first", since=V1_1),
    Member("WRONG_IDENTITY", 20, "another handset was meant", since=V1_1),
    Member("NO_ACTIVATION", 21, "that activation is not open", since=V1_1),
    Member("INTERNAL", 22, "the firmware failed at it", since=V1_1),
    Member("NOT_READY", 23, "the handset has no number that it may dial", since=V1_1),
    Member("WRONG_SIGNATURE", 24, "the update is not signed by its maker", since=V1_1),
    Member("WRONG_BOARD", 25, "the update is for another board", since=V1_1),
    Member("WRONG_SIZE", 26, "the update is longer or shorter than it says", since=V1_1),
    Member("OLDER", 27, "the update must not come back: its security counter fell", since=V1_1),
    Member("TOO_OLD", 28, "the running firmware is too old for this update", since=V1_1),
    Member("ON_TRIAL", 29, "the running firmware has not proved itself yet", since=V1_1),
)

UPDATE_STEP = names(
    "UpdateStep",
    "UPDATE",
    "How far an update came.",
    Member("NONE", 0, "there was none"),
    Member("INSTALLED", 1, "it is in its slot, to be started on trial"),
    Member("CONFIRMED", 2, "it has proved itself and stays"),
    Member("UNPROVEN", 3, "it restarted before it had proved itself: the one before it runs"),
    Member("DAMAGED", 4, "what is in its slot is damaged: another one runs"),
)

SLOT = names(
    "Slot",
    "SLOT",
    "Where firmware is kept.",
    Member("FLASHED", 0, "beside the loader, as it was flashed"),
    Member("A", 1, "the first slot of updates"),
    Member("B", 2, "the second one"),
)

PRESS = names(
    "Press",
    "PRESS",
    "What a press that counted came to.",
    Member("BEGAN", 0, "an alarm, now or once the modem is ready"),
    Member("AGAIN", 1, "nothing new: the alarm was already raised"),
    Member("BY_HOST", 2, "no press: a host asked for a test call"),
)

GESTURE = names(
    "Gesture",
    "GESTURE",
    "What was done with the button that raised no alarm.",
    Member("SHORT", 0, "let go too early; value is for how long it was closed, in milliseconds"),
    Member("STUCK", 1, "held for so long that it is taken to be stuck"),
    Member("RELEASED", 2, "a button that was stuck came back"),
    Member("SERVICE", 3, "the gesture for service mode"),
)

CANCEL = names(
    "Cancel",
    "CANCEL",
    "What short presses inside the cancel window came to; value is how many there were.",
    Member("EARNEST", 1, "the number that cancels: the activation ends"),
    Member("DURESS", 2, "another number: it goes on silently, and the answer point is told"),
)

HEALTH_REASON = names(
    "HealthReason",
    "HEALTH",
    "Why a handset reports its health.",
    Member("HEARTBEAT", 1, "it is due"),
    Member("BATTERY", 2, "the battery is nearly empty: nothing more may come"),
)

JOURNAL_KIND = names(
    "JournalKind",
    "JOURNAL",
    "What a journal entry records.",
    Member("BOOT", 1, "the firmware started; code is a ResetCause", codes=RESET_CAUSE),
    Member("PRESSED", 2, "an activation began, or a press came while one was open", codes=PRESS),
    Member("DIALLED", 3, "a call was dialled"),
    Member("CALL_FAILED", 4, "a call ended without a confirmed answer"),
    Member("MODEM_CONNECTED", 5, "the modem claims a connected call"),
    Member("ANSWER_CONFIRMED", 6, "the answer point confirmed its answer"),
    Member("LOCATION_SENT", 7, "a location text was accepted by the network"),
    Member("TAG_SENT", 8, "a tag report was accepted by the network"),
    Member("CLOSED", 9, "the activation ended; code is an Outcome", codes=OUTCOME),
    Member("RESUMED", 10, "an open activation went on after a restart"),
    Member("FAULT", 11, "something failed; code is the firmware's fault number"),
    Member("CONFIG", 12, "the configuration changed; value is its generation"),
    Member("REFUSED", 13, "the dial guard refused a number"),
    Member("GESTURE_REJECTED", 14, "the button was used, and no alarm raised", codes=GESTURE),
    Member(
        "UPDATE",
        15,
        "an update came further; code is an UpdateStep, value its security counter",
        codes=UPDATE_STEP,
        since=V1_1,
    ),
    Member(
        "UPDATE_REFUSED",
        16,
        "an update was refused; code is a FailureCode",
        codes=FAILURE_CODE,
        since=V1_1,
    ),
    Member("CANCEL", 17, "short presses inside the cancel window", codes=CANCEL, since=V1_1),
    Member(
        "HEALTH_SENT",
        18,
        "a health report was accepted by the network; code is a HealthReason",
        codes=HEALTH_REASON,
        since=V1_1,
    ),
)

CAPABILITY = names(
    "Capability",
    "CAPABILITY",
    "What the handset offers on this link.",
    Member("CONFIG", 1, "configuration can be read and written"),
    Member("TRACE", 2, "trace events are sent as they happen"),
    Member("JOURNAL", 4, "the journal can be read", since=V1_1),
    Member("TRANSFER", 8, "transfers are taken", since=V1_1),
    Member("PROVISION", 16, "the handset can be claimed and wiped", since=V1_1),
    Member("CLOCK", 32, "the clock can be read and set", since=V1_1),
    Member("ACTIVATION", 64, "test calls and cancels are taken", since=V1_1),
    Member("STATUS", 128, "the status can be read", since=V1_1),
    Member("SELF_TEST", 256, "the handset tests itself on request", since=V1_1),
    Member("UPDATE", 512, "a transferred update is installed", since=V1_1),
)

TRANSFER_KIND = names(
    "TransferKind",
    "TRANSFER",
    "What a transfer carries.",
    Member("UPDATE", 1, "new firmware"),
    Member("AIDING", 2, "aiding data for the satellite receiver"),
    Member("DIAGNOSTIC", 3, "octets that only show that transfers work"),
)

REGISTRATION = names(
    "Registration",
    "REGISTRATION",
    "Whether the network has taken the modem in (3GPP TS 27.007 clause 7.2, <stat>).",
    Member("NONE", 0, "not registered, not searching"),
    Member("HOME", 1, "registered at home"),
    Member("SEARCHING", 2, "searching"),
    Member("DENIED", 3, "registration denied"),
    Member("UNKNOWN", 4, "the modem has not said"),
    Member("ROAMING", 5, "registered, roaming"),
    Member("SMS_HOME", 6, "registered at home, for texts only"),
    Member("SMS_ROAMING", 7, "registered, roaming, for texts only"),
    Member("EMERGENCY_ONLY", 8, "emergency calls only"),
    Member("CSFB_HOME", 9, "registered at home, circuit-switched calls not preferred"),
    Member("CSFB_ROAMING", 10, "registered, roaming, circuit-switched calls not preferred"),
)

GNSS_STATE = names(
    "GnssState",
    "GNSS",
    "What the satellite receiver does.",
    Member("OFF", 0, "switched off"),
    Member("SEARCHING", 1, "on, without a fix"),
    Member("FIXED", 2, "has a fix"),
)

RADIO_STATE = names(
    "RadioState",
    "RADIO",
    "What the handset's Bluetooth radio does.",
    Member("ABSENT", 0, "this build has none: service mode is by cable only"),
    Member("OFF", 1, "switched off"),
    Member("ON", 2, "on: in service mode"),
)

SELF_CHECK = names(
    "SelfCheck",
    "CHECK",
    "What a self-test looks at.",
    Member("STORAGE", 1, "flash can be written and read back; value is free octets"),
    Member("BATTERY", 2, "supply; value is millivolts"),
    Member("BUTTON", 3, "the button is open; value is its level"),
    Member("HAPTIC", 4, "the motor draws current"),
    Member("MODEM", 5, "the modem answers"),
    Member("SIM", 6, "the SIM is ready"),
    Member("NETWORK", 7, "the network would take a call; value is a Registration"),
    Member("GNSS", 8, "the satellite receiver tells of itself; value is how often it did"),
    Member("CLOCK", 9, "the time is known; value is a TimeSource"),
    Member("CONFIG", 10, "the configuration is complete; value is a key that is missing"),
    Member("IMS", 11, "the network takes calls over LTE; value is 1 when it does"),
    Member("KEYS", 12, "report and technician key are set; value is a key that is missing"),
)

SELF_VERDICT = names(
    "SelfVerdict",
    "VERDICT",
    "What came of a check.",
    Member("PASSED", 0, "as it should be"),
    Member("FAILED", 1, "not as it should be"),
    Member("SKIPPED", 2, "this board or this moment does not allow it"),
)

TIME_SOURCE = names(
    "TimeSource",
    "TIME",
    "Where the handset has the time from, the better the higher.",
    Member("NONE", 0, "the time is not known"),
    Member("HOST", 1, "a host has set it"),
    Member("NETWORK", 2, "the mobile network"),
    Member("GNSS", 3, "satellites"),
)

CONTACT = names(
    "Contact",
    "CONTACT",
    "A contact the fixture board can close.",
    Member("BUTTON", 1, "the alarm button"),
    Member("RESET", 2, "the reset pin"),
    Member("BOOT", 3, "the pin that starts the bootloader"),
)

SIGNAL = names(
    "Signal",
    "SIGNAL",
    "A line the fixture board stamps.",
    Member("BUTTON", 1, "the alarm button, as the handset sees it"),
    Member("HAPTIC", 2, "the motor's drive"),
    Member("MODEM_TX", 3, "octets from the handset to its modem"),
    Member("MODEM_RX", 4, "octets from the modem to the handset"),
    Member("RING", 5, "the far end's ring indicator"),
    Member("SPARE", 6, "whatever a test connects"),
)

RAIL = names(
    "Rail",
    "RAIL",
    "A supply the fixture board can switch.",
    Member("BATTERY", 1, "the handset's battery"),
    Member("USB", 2, "the handset's USB supply"),
)
