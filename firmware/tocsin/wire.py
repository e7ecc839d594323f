"""The wire codec of the firmware. Generated from the protocol's schema: do not edit.

A message that leaves the handset encodes its body, without the id, into a buffer that holds
MAX_BYTES from the offset on. A message that reaches it fills itself from a body; after a
DecodeError its fields are not to be used. A body may be longer than expected: a newer minor
version only appends. In range checks `x >> bits` is true for negative and too large numbers alike.
"""

from struct import pack_into, unpack_from

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


class EncodeError(ValueError):
    """A field's value cannot go on the wire; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DecodeError(ValueError):
    """Bytes are not the message; `field` is where they stop making sense."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def put(buf: "bytearray | memoryview", offset: int, data: bytes, limit: int, field: str) -> int:
    n = len(data)
    # A slice past the end would grow a bytearray instead of failing.
    if n > limit or offset + n >= len(buf):
        raise EncodeError(field)
    buf[offset] = n
    offset += 1
    buf[offset : offset + n] = data
    return offset + n


def take(buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str) -> bytes:
    if offset >= end or buf[offset] > limit or offset + 1 + buf[offset] > end:
        raise DecodeError(field)
    return bytes(buf[offset + 1 : offset + 1 + buf[offset]])


MAX_PAYLOAD_BYTES = 512

STAGE_PRESSED = 1
STAGE_RECOGNISED = 2
STAGE_ACKNOWLEDGED = 3
STAGE_DIALLED = 4
STAGE_MODEM_CONNECTED = 7
STAGE_ANSWER_CONFIRMED = 8
STAGE_FIX_ACQUIRED = 9
STAGE_LOCATION_SENT = 10
STAGE_TAG_SENT = 12
STAGE_CLOSED = 15

TRACE_STAGE = 1
TRACE_NOTICE = 2
TRACE_FAULT = 3
TRACE_BOOT = 4

NOTICE_RAISED = 1
NOTICE_RETRYING = 2
NOTICE_CONNECTED = 3
NOTICE_ANSWERED = 4
NOTICE_NOT_READY = 5
NOTICE_CLOSED = 6
NOTICE_ALREADY_RAISED = 7
NOTICE_SERVICE = 8
NOTICE_STUCK = 9

OUTCOME_ANSWERED = 1
OUTCOME_CANCELLED = 2
OUTCOME_LIMIT = 3
OUTCOME_BATTERY = 4

RESET_UNKNOWN = 0
RESET_POWER_ON = 1
RESET_HARD = 2
RESET_WATCHDOG = 3
RESET_SOFT = 4
RESET_BROWN_OUT = 5

FIX_NONE = 0
FIX_GNSS = 1
FIX_LAST_KNOWN = 2
FIX_CELL = 3

PRIORITY_TEST = 1
PRIORITY_EMERGENCY = 2

JOURNAL_BOOT = 1
JOURNAL_PRESSED = 2
JOURNAL_DIALLED = 3
JOURNAL_CALL_FAILED = 4
JOURNAL_MODEM_CONNECTED = 5
JOURNAL_ANSWER_CONFIRMED = 6
JOURNAL_LOCATION_SENT = 7
JOURNAL_TAG_SENT = 8
JOURNAL_CLOSED = 9
JOURNAL_RESUMED = 10
JOURNAL_FAULT = 11
JOURNAL_CONFIG = 12
JOURNAL_REFUSED = 13
JOURNAL_GESTURE_REJECTED = 14
JOURNAL_UPDATE = 15
JOURNAL_UPDATE_REFUSED = 16
JOURNAL_CANCEL = 17
JOURNAL_HEALTH_SENT = 18

# On and off times in milliseconds, by turns.
NOTICE_PATTERNS: dict[int, tuple[int, ...]] = {
    NOTICE_RAISED: (600,),
    NOTICE_RETRYING: (120, 120, 120),
    NOTICE_CONNECTED: (120, 120, 120, 120, 120),
    NOTICE_ANSWERED: (500, 300, 500),
    NOTICE_NOT_READY: (60, 60, 60, 60, 60, 60, 60, 60, 60),
    NOTICE_CLOSED: (1200,),
    NOTICE_ALREADY_RAISED: (120, 120, 600),
    NOTICE_SERVICE: (600, 120, 120),
    NOTICE_STUCK: (120, 120, 120, 120, 120, 120, 600),
}


class TraceEvent:
    """One thing that happened on the handset; sent unasked, with request number 0."""

    ID = 0x20
    MAX_BYTES = 13
    LANE = 1

    def __init__(
        self,
        sequence: int = 0,
        t_ms: int = 0,
        kind: int = TRACE_STAGE,
        code: int = 0,
        attempt: int = 0,
        value: int = 0,
    ) -> None:
        self.sequence = sequence
        self.t_ms = t_ms
        self.kind = kind
        self.code = code
        self.attempt = attempt
        self.value = value

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.sequence >> 16:
            raise EncodeError("sequence")
        if self.t_ms >> 32:
            raise EncodeError("t_ms")
        if not 1 <= self.kind <= 4:
            raise EncodeError("kind")
        if self.code >> 8:
            raise EncodeError("code")
        if self.attempt >> 8:
            raise EncodeError("attempt")
        if not -2147483648 <= self.value <= 2147483647:
            raise EncodeError("value")
        pack_into(
            "<HLBBBl",
            buf,
            offset,
            self.sequence,
            self.t_ms,
            self.kind,
            self.code,
            self.attempt,
            self.value,
        )
        return offset + 13


class TagReport:
    """Tags the call with who presses, how urgent and where. Travels inside Sealed."""

    ID = 0x40
    MAX_BYTES = 35

    def __init__(
        self,
        activation: int = 0,
        priority: int = PRIORITY_TEST,
        attempt: int = 0,
        press_age_ms: int = 0,
        battery_pct: int = 0,
        fix_source: int = FIX_NONE,
        lat_deg_e7: int = 0,
        lon_deg_e7: int = 0,
        radius_m: int = 0,
        fix_age_s: int = 0,
        mcc: int = 0,
        mnc: int = 0,
        area: int = 0,
        cell: int = 0,
        duress: int = 0,
    ) -> None:
        self.activation = activation
        self.priority = priority
        self.attempt = attempt
        self.press_age_ms = press_age_ms
        self.battery_pct = battery_pct
        self.fix_source = fix_source
        self.lat_deg_e7 = lat_deg_e7
        self.lon_deg_e7 = lon_deg_e7
        self.radius_m = radius_m
        self.fix_age_s = fix_age_s
        self.mcc = mcc
        self.mnc = mnc
        self.area = area
        self.cell = cell
        self.duress = duress

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.activation >> 32:
            raise EncodeError("activation")
        if not 1 <= self.priority <= 2:
            raise EncodeError("priority")
        if self.attempt >> 8:
            raise EncodeError("attempt")
        if self.press_age_ms >> 32:
            raise EncodeError("press_age_ms")
        if self.battery_pct >> 8:
            raise EncodeError("battery_pct")
        if self.fix_source >> 2:
            raise EncodeError("fix_source")
        if not -900000000 <= self.lat_deg_e7 <= 900000000:
            raise EncodeError("lat_deg_e7")
        if not -1800000000 <= self.lon_deg_e7 <= 1800000000:
            raise EncodeError("lon_deg_e7")
        if self.radius_m >> 16:
            raise EncodeError("radius_m")
        if self.fix_age_s >> 16:
            raise EncodeError("fix_age_s")
        if self.mcc >> 16:
            raise EncodeError("mcc")
        if self.mnc >> 16:
            raise EncodeError("mnc")
        if self.area >> 16:
            raise EncodeError("area")
        if self.cell >> 32:
            raise EncodeError("cell")
        pack_into(
            "<LBBLBBllHHHHHL",
            buf,
            offset,
            self.activation,
            self.priority,
            self.attempt,
            self.press_age_ms,
            self.battery_pct,
            self.fix_source,
            self.lat_deg_e7,
            self.lon_deg_e7,
            self.radius_m,
            self.fix_age_s,
            self.mcc,
            self.mnc,
            self.area,
            self.cell,
        )
        offset += 34
        if self.duress >> 1:
            raise EncodeError("duress")
        pack_into("<B", buf, offset, self.duress)
        return offset + 1


class AnswerAck:
    """Confirms that a person has answered this activation. Travels inside Sealed."""

    ID = 0x41
    MAX_BYTES = 8

    activation: int
    answered_age_ms: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 8:
            raise DecodeError("activation")
        self.activation, self.answered_age_ms = unpack_from("<LL", buf, offset)
        return self


class Sealed:
    """Carries one message over the air, encrypted and authenticated (see Over the air)."""

    ID = 0x42
    MAX_BYTES = 128

    def __init__(self, handset: int = 0, counter: int = 0, box: bytes = b"") -> None:
        self.handset = handset
        self.counter = counter
        self.box = box

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.handset >> 32:
            raise EncodeError("handset")
        if self.counter >> 32:
            raise EncodeError("counter")
        pack_into("<LL", buf, offset, self.handset, self.counter)
        offset += 8
        return put(buf, offset, self.box, 119, "box")

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 8:
            raise DecodeError("handset")
        self.handset, self.counter = unpack_from("<LL", buf, offset)
        offset += 8
        self.box = take(buf, offset, end, 119, "box")
        return self


class JournalEntry:
    """One line of the journal."""

    ID = 0x60
    MAX_BYTES = 18

    def __init__(
        self,
        sequence: int = 0,
        ticks_ms: int = 0,
        utc_s: int = 0,
        kind: int = JOURNAL_BOOT,
        code: int = 0,
        value: int = 0,
    ) -> None:
        self.sequence = sequence
        self.ticks_ms = ticks_ms
        self.utc_s = utc_s
        self.kind = kind
        self.code = code
        self.value = value

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.sequence >> 32:
            raise EncodeError("sequence")
        if self.ticks_ms >> 32:
            raise EncodeError("ticks_ms")
        if self.utc_s >> 32:
            raise EncodeError("utc_s")
        if not 1 <= self.kind <= 18:
            raise EncodeError("kind")
        if self.code >> 8:
            raise EncodeError("code")
        if not -2147483648 <= self.value <= 2147483647:
            raise EncodeError("value")
        pack_into(
            "<LLLBBl",
            buf,
            offset,
            self.sequence,
            self.ticks_ms,
            self.utc_s,
            self.kind,
            self.code,
            self.value,
        )
        return offset + 18

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 18:
            raise DecodeError("sequence")
        (
            self.sequence,
            self.ticks_ms,
            self.utc_s,
            self.kind,
            self.code,
            self.value,
        ) = unpack_from("<LLLBBl", buf, offset)
        if not 1 <= self.kind <= 18:
            raise DecodeError("kind")
        return self


class ActivationRecord:
    """The mark that an activation is open, so that it goes on after a power cut."""

    ID = 0x61
    MAX_BYTES = 11

    def __init__(
        self,
        activation: int = 0,
        is_open: int = 0,
        attempt: int = 0,
        flags: int = 0,
        age_ms: int = 0,
    ) -> None:
        self.activation = activation
        self.is_open = is_open
        self.attempt = attempt
        self.flags = flags
        self.age_ms = age_ms

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.activation >> 32:
            raise EncodeError("activation")
        if self.is_open >> 1:
            raise EncodeError("is_open")
        if self.attempt >> 8:
            raise EncodeError("attempt")
        pack_into("<LBB", buf, offset, self.activation, self.is_open, self.attempt)
        offset += 6
        if self.flags >> 2:
            raise EncodeError("flags")
        if self.age_ms >> 32:
            raise EncodeError("age_ms")
        pack_into("<BL", buf, offset, self.flags, self.age_ms)
        return offset + 5

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        self.flags = 0
        self.age_ms = 0
        if end - offset < 6:
            raise DecodeError("activation")
        self.activation, self.is_open, self.attempt = unpack_from("<LBB", buf, offset)
        if self.is_open >> 1:
            raise DecodeError("is_open")
        offset += 6
        if offset == end:  # an older peer's
            return self
        if end - offset < 5:
            raise DecodeError("flags")
        self.flags, self.age_ms = unpack_from("<BL", buf, offset)
        if self.flags >> 2:
            raise DecodeError("flags")
        return self
