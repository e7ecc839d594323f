"""The enumerations of the wire. Generated from the protocol's schema: do not edit."""

from enum import IntFlag, StrEnum

from tocsin_protocol.wire_enum import WireEnum


class Reporter(StrEnum):
    """Who may report a stage."""

    FIXTURE = "fixture"
    FIRMWARE = "firmware"
    FAR_END = "far end"
    ANSWER_POINT = "answer point"


class Stage(WireEnum):
    """A point on the way from press to answered call."""

    reporters: tuple[Reporter, ...]

    def __init__(self, value: int, meaning: str = "", reporters: tuple[Reporter, ...] = ()) -> None:
        super().__init__(value, meaning)
        self.reporters = reporters

    PRESSED = 1, "first electrical edge of the press", (Reporter.FIXTURE, Reporter.FIRMWARE)
    RECOGNISED = 2, "gesture qualified", (Reporter.FIRMWARE,)
    ACKNOWLEDGED = 3, "haptic started", (Reporter.FIRMWARE, Reporter.FIXTURE)
    DIALLED = 4, "dial command fully written to the modem", (Reporter.FIRMWARE,)
    ALERTING = 5, "far end rings", (Reporter.FAR_END,)
    ANSWERED = 6, "far end is off-hook: the only answer", (Reporter.FAR_END,)
    MODEM_CONNECTED = 7, "modem claims a connected call: never the answer", (Reporter.FIRMWARE,)
    ANSWER_CONFIRMED = 8, "sealed answer acknowledgement reached the handset", (Reporter.FIRMWARE,)
    FIX_ACQUIRED = 9, "first fix good enough to send", (Reporter.FIRMWARE,)
    LOCATION_SENT = 10, "location text accepted by the network", (Reporter.FIRMWARE,)
    LOCATION_RECEIVED = 11, "location text decoded at the answer point", (Reporter.ANSWER_POINT,)
    TAG_SENT = 12, "tag report accepted by the network", (Reporter.FIRMWARE,)
    TAG_RECEIVED = 13, "tag report decrypted at the answer point", (Reporter.ANSWER_POINT,)
    TAG_SHOWN = 14, "call flagged on the queue", (Reporter.ANSWER_POINT,)
    CLOSED = 15, "activation ended, with its outcome", (Reporter.FIRMWARE,)


class TraceKind(WireEnum):
    """What a trace event reports; its code is a number of the enumeration named here."""

    STAGE = 1, "a stage was reached; code is a Stage"
    NOTICE = 2, "the person was told; code is a Notice"
    FAULT = 3, "something failed; code is the firmware's fault number"
    BOOT = 4, "the firmware has started; code is a ResetCause"


class Notice(WireEnum):
    """What the person is told by haptics; the pattern alternates on and off in milliseconds."""

    pattern: tuple[int, ...]

    def __init__(self, value: int, meaning: str = "", pattern: tuple[int, ...] = ()) -> None:
        super().__init__(value, meaning)
        self.pattern = pattern

    RAISED = 1, "the alarm is raised", (600,)
    RETRYING = 2, "the call did not get through and is tried again", (120, 120, 120)
    CONNECTED = 3, "the call is connected, nobody is known to listen", (120, 120, 120, 120, 120)
    ANSWERED = 4, "the answer point has confirmed its answer", (500, 300, 500)
    NOT_READY = (
        5,
        "nobody can be called: not issued, no usable SIM, no modem",
        (60, 60, 60, 60, 60, 60, 60, 60, 60),
    )
    CLOSED = 6, "the activation has ended", (1200,)
    ALREADY_RAISED = 7, "the alarm was already raised", (120, 120, 600)
    SERVICE = 8, "service mode has begun, by the gesture for it", (600, 120, 120)
    STUCK = 9, "the button is stuck: no press counts", (120, 120, 120, 120, 120, 120, 600)


class Outcome(WireEnum):
    """How an activation ended."""

    ANSWERED = 1, "a confirmed call has ended"
    CANCELLED = 2, "an authenticated cancel, or one by gesture inside the cancel window"
    LIMIT = 3, "the configured time limit was reached"
    BATTERY = 4, "the battery is empty"


class ResetCause(WireEnum):
    """Why the firmware last started."""

    UNKNOWN = 0, "the board cannot tell"
    POWER_ON = 1, "power was applied"
    HARD = 2, "the reset pin"
    WATCHDOG = 3, "the watchdog was not fed"
    SOFT = 4, "the firmware asked for it"
    BROWN_OUT = 5, "the supply fell too low"


class FixSource(WireEnum):
    """Where a position comes from."""

    NONE = 0, "there is no position"
    GNSS = 1, "a live satellite fix"
    LAST_KNOWN = 2, "the last satellite fix, with its age"
    CELL = 3, "the serving cell only"


class Priority(WireEnum):
    """How urgent a tag report is."""

    TEST = 1, "a test call"
    EMERGENCY = 2, "a real activation"


class FailureCode(WireEnum):
    """Why the handset refused a request."""

    UNKNOWN_MESSAGE = 1, "no such message, or not one a host may send"
    MALFORMED = 2, "the body does not decode"
    VERSION = 3, "the major versions differ"
    UNKNOWN_KEY = 4, "no such configuration key"
    OUT_OF_RANGE = 5, "the value is not allowed for this key"
    READ_ONLY = 6, "the key cannot be changed, or not in this role"
    SECRET = 7, "the key can be written, never read"
    STORAGE = 8, "the flash could not be written"
    BUSY = 9, "not while an activation is open"
    NO_SESSION = 10, "this message needs a session"
    NO_KEY = 11, "the handset holds no key for that role"
    AUTHENTICATION = 12, "the handshake proves no key, or another one"
    NOT_ALLOWED = 13, "not in this session's role"
    WRONG_HASH = 14, "what was transferred has another hash than announced"
    NO_SPACE = 15, "too large for what is free"
    NOT_OPEN = 16, "no transfer is open"
    NOT_OFFERED = 17, "this firmware does not take that"
    CLAIMED = 18, "the handset has an owner already"
    UNCLAIMED = 19, "the handset must be claimed first"
    WRONG_IDENTITY = 20, "another handset was meant"
    NO_ACTIVATION = 21, "that activation is not open"
    INTERNAL = 22, "the firmware failed at it"
    NOT_READY = 23, "the handset has no number that it may dial"
    WRONG_SIGNATURE = 24, "the update is not signed by its maker"
    WRONG_BOARD = 25, "the update is for another board"
    WRONG_SIZE = 26, "the update is longer or shorter than it says"
    OLDER = 27, "the update must not come back: its security counter fell"
    TOO_OLD = 28, "the running firmware is too old for this update"
    ON_TRIAL = 29, "the running firmware has not proved itself yet"


class UpdateStep(WireEnum):
    """How far an update came."""

    NONE = 0, "there was none"
    INSTALLED = 1, "it is in its slot, to be started on trial"
    CONFIRMED = 2, "it has proved itself and stays"
    UNPROVEN = 3, "it restarted before it had proved itself: the one before it runs"
    DAMAGED = 4, "what is in its slot is damaged: another one runs"


class Slot(WireEnum):
    """Where firmware is kept."""

    FLASHED = 0, "beside the loader, as it was flashed"
    A = 1, "the first slot of updates"
    B = 2, "the second one"


class Press(WireEnum):
    """What a press that counted came to."""

    BEGAN = 0, "an alarm, now or once the modem is ready"
    AGAIN = 1, "nothing new: the alarm was already raised"
    BY_HOST = 2, "no press: a host asked for a test call"


class Gesture(WireEnum):
    """What was done with the button that raised no alarm."""

    SHORT = 0, "let go too early; value is for how long it was closed, in milliseconds"
    STUCK = 1, "held for so long that it is taken to be stuck"
    RELEASED = 2, "a button that was stuck came back"
    SERVICE = 3, "the gesture for service mode"


class Cancel(WireEnum):
    """What short presses inside the cancel window came to; value is how many there were."""

    EARNEST = 1, "the number that cancels: the activation ends"
    DURESS = 2, "another number: it goes on silently, and the answer point is told"


class HealthReason(WireEnum):
    """Why a handset reports its health."""

    HEARTBEAT = 1, "it is due"
    BATTERY = 2, "the battery is nearly empty: nothing more may come"


class JournalKind(WireEnum):
    """What a journal entry records."""

    BOOT = 1, "the firmware started; code is a ResetCause"
    PRESSED = 2, "an activation began, or a press came while one was open"
    DIALLED = 3, "a call was dialled"
    CALL_FAILED = 4, "a call ended without a confirmed answer"
    MODEM_CONNECTED = 5, "the modem claims a connected call"
    ANSWER_CONFIRMED = 6, "the answer point confirmed its answer"
    LOCATION_SENT = 7, "a location text was accepted by the network"
    TAG_SENT = 8, "a tag report was accepted by the network"
    CLOSED = 9, "the activation ended; code is an Outcome"
    RESUMED = 10, "an open activation went on after a restart"
    FAULT = 11, "something failed; code is the firmware's fault number"
    CONFIG = 12, "the configuration changed; value is its generation"
    REFUSED = 13, "the dial guard refused a number"
    GESTURE_REJECTED = 14, "the button was used, and no alarm raised"
    UPDATE = 15, "an update came further; code is an UpdateStep, value its security counter"
    UPDATE_REFUSED = 16, "an update was refused; code is a FailureCode"
    CANCEL = 17, "short presses inside the cancel window"
    HEALTH_SENT = 18, "a health report was accepted by the network; code is a HealthReason"


class Role(WireEnum):
    """What a host proves to be when it opens a session; each role has a key of its own."""

    TECHNICIAN = 1, "services issued handsets"
    FACTORY = 2, "provisions handsets"
    FIXTURE = 3, "tests handsets on a rig"


class TransferKind(WireEnum):
    """What a transfer carries."""

    UPDATE = 1, "new firmware"
    AIDING = 2, "aiding data for the satellite receiver"
    DIAGNOSTIC = 3, "octets that only show that transfers work"


class Registration(WireEnum):
    """Whether the network has taken the modem in (3GPP TS 27.007 clause 7.2, <stat>)."""

    NONE = 0, "not registered, not searching"
    HOME = 1, "registered at home"
    SEARCHING = 2, "searching"
    DENIED = 3, "registration denied"
    UNKNOWN = 4, "the modem has not said"
    ROAMING = 5, "registered, roaming"
    SMS_HOME = 6, "registered at home, for texts only"
    SMS_ROAMING = 7, "registered, roaming, for texts only"
    EMERGENCY_ONLY = 8, "emergency calls only"
    CSFB_HOME = 9, "registered at home, circuit-switched calls not preferred"
    CSFB_ROAMING = 10, "registered, roaming, circuit-switched calls not preferred"


class GnssState(WireEnum):
    """What the satellite receiver does."""

    OFF = 0, "switched off"
    SEARCHING = 1, "on, without a fix"
    FIXED = 2, "has a fix"


class RadioState(WireEnum):
    """What the handset's Bluetooth radio does."""

    ABSENT = 0, "this build has none: service mode is by cable only"
    OFF = 1, "switched off"
    ON = 2, "on: in service mode"


class SelfCheck(WireEnum):
    """What a self-test looks at."""

    STORAGE = 1, "flash can be written and read back; value is free octets"
    BATTERY = 2, "supply; value is millivolts"
    BUTTON = 3, "the button is open; value is its level"
    HAPTIC = 4, "the motor draws current"
    MODEM = 5, "the modem answers"
    SIM = 6, "the SIM is ready"
    NETWORK = 7, "the network would take a call; value is a Registration"
    GNSS = 8, "the satellite receiver tells of itself; value is how often it did"
    CLOCK = 9, "the time is known; value is a TimeSource"
    CONFIG = 10, "the configuration is complete; value is a key that is missing"
    IMS = 11, "the network takes calls over LTE; value is 1 when it does"
    KEYS = 12, "report and technician key are set; value is a key that is missing"


class SelfVerdict(WireEnum):
    """What came of a check."""

    PASSED = 0, "as it should be"
    FAILED = 1, "not as it should be"
    SKIPPED = 2, "this board or this moment does not allow it"


class TimeSource(WireEnum):
    """Where the handset has the time from, the better the higher."""

    NONE = 0, "the time is not known"
    HOST = 1, "a host has set it"
    NETWORK = 2, "the mobile network"
    GNSS = 3, "satellites"


class Contact(WireEnum):
    """A contact the fixture board can close."""

    BUTTON = 1, "the alarm button"
    RESET = 2, "the reset pin"
    BOOT = 3, "the pin that starts the bootloader"


class Signal(WireEnum):
    """A line the fixture board stamps."""

    BUTTON = 1, "the alarm button, as the handset sees it"
    HAPTIC = 2, "the motor's drive"
    MODEM_TX = 3, "octets from the handset to its modem"
    MODEM_RX = 4, "octets from the modem to the handset"
    RING = 5, "the far end's ring indicator"
    SPARE = 6, "whatever a test connects"


class Rail(WireEnum):
    """A supply the fixture board can switch."""

    BATTERY = 1, "the handset's battery"
    USB = 2, "the handset's USB supply"


class Capability(IntFlag):
    """What the handset offers on this link."""

    NONE = 0
    CONFIG = 1
    TRACE = 2
    JOURNAL = 4
    TRANSFER = 8
    PROVISION = 16
    CLOCK = 32
    ACTIVATION = 64
    STATUS = 128
    SELF_TEST = 256
    UPDATE = 512
