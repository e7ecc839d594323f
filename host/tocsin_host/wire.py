"""The wire codec of the host. Generated from the protocol's schema: do not edit.

Each message encodes to its body and decodes from one; the id is not part of the body.
A body may be longer than expected: a newer minor version only appends.
"""

from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from struct import pack, unpack_from
from typing import ClassVar, NamedTuple, Protocol, Self

from tocsin_protocol.codec import (
    check,
    check_decoded,
    need,
    put_blob,
    put_count,
    put_text,
    take_blob,
    take_count,
    take_text,
)
from tocsin_protocol.config_field import ConfigField, ConfigKind
from tocsin_protocol.errors import DecodeError, EncodeError, WireValueError
from tocsin_protocol.flow import Flow, Lane
from tocsin_protocol.wire_enum import WireEnum

__all__ = [
    "CONFIG",
    "MAX_PAYLOAD_BYTES",
    "MESSAGES",
    "PROTOCOL_MAJOR",
    "PROTOCOL_MINOR",
    "ActivationRecord",
    "AnswerAck",
    "Capability",
    "ConfigApplied",
    "ConfigEntry",
    "ConfigField",
    "ConfigFile",
    "ConfigGet",
    "ConfigKind",
    "ConfigSet",
    "ConfigValue",
    "DecodeError",
    "EncodeError",
    "Failure",
    "FailureCode",
    "FixSource",
    "Flow",
    "Hello",
    "HelloReply",
    "Info",
    "InfoGet",
    "JournalEntry",
    "JournalKind",
    "Lane",
    "Message",
    "Notice",
    "Outcome",
    "Priority",
    "Reporter",
    "ResetCause",
    "Restart",
    "Restarting",
    "Role",
    "Sealed",
    "Stage",
    "TagReport",
    "TraceEvent",
    "TraceKind",
    "WireValueError",
]

PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 0
MAX_PAYLOAD_BYTES = 512


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
        "the handset is not issued and calls nobody",
        (60, 60, 60, 60, 60, 60, 60, 60, 60),
    )
    CLOSED = 6, "the activation has ended", (1200,)
    ALREADY_RAISED = 7, "the alarm was already raised", (120, 120, 600)


class Outcome(WireEnum):
    """How an activation ended."""

    ANSWERED = 1, "a confirmed call has ended"
    CANCELLED = 2, "an authenticated cancel"
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
    READ_ONLY = 6, "the key cannot be changed"
    SECRET = 7, "the key can be written, never read"
    STORAGE = 8, "the flash could not be written"
    BUSY = 9, "not while an activation is open"


class JournalKind(WireEnum):
    """What a journal entry records."""

    BOOT = 1, "the firmware started; code is a ResetCause"
    PRESSED = 2, "an activation began"
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
    GESTURE_REJECTED = 14, "a press was too short to count"


class Role(WireEnum):
    """What a host proves to be when it opens a session; each role has a key of its own."""

    TECHNICIAN = 1, "services issued handsets"
    FACTORY = 2, "provisions handsets"
    FIXTURE = 3, "tests handsets on a rig"


class Capability(IntFlag):
    """What the handset offers on this link."""

    NONE = 0
    CONFIG = 1
    TRACE = 2


class ConfigEntry(NamedTuple):
    """One configuration key and its value."""

    key: int = 0
    value: bytes = b""


class Message(Protocol):
    """What all messages have in common.

    FLOW is the place in an exchange and REPLIES the ids of possible answers; ROLES are those who
    may exchange it in a session, none when it needs no session; SINCE is (major, minor).
    """

    ID: ClassVar[int]
    MAX_BYTES: ClassVar[int]
    FLOW: ClassVar[Flow]
    REPLIES: ClassVar[frozenset[int]]
    ROLES: ClassVar[frozenset[Role]]
    LANE: ClassVar[Lane]
    SINCE: ClassVar[tuple[int, int]]

    def encode(self) -> bytes:
        """The body. Raises EncodeError."""
        ...

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """The message in a body. Raises DecodeError."""
        ...


@dataclass(slots=True)
class Hello:
    """Opens the link and says which protocol the host speaks."""

    ID: ClassVar[int] = 0x01
    MAX_BYTES: ClassVar[int] = 2
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x02, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    major: int = 0
    minor: int = 0

    def encode(self) -> bytes:
        check("major", self.major, 0, 255)
        check("minor", self.minor, 0, 255)
        return pack("<BB", self.major, self.minor)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("major", body, 2)
        major, minor = unpack_from("<BB", body, 0)
        return cls(major, minor)


@dataclass(slots=True)
class HelloReply:
    """Says which protocol the handset speaks, and its limits."""

    ID: ClassVar[int] = 0x02
    MAX_BYTES: ClassVar[int] = 8
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    major: int = 0
    minor: int = 0
    max_payload_bytes: int = 0
    capabilities: Capability = Capability.NONE

    def encode(self) -> bytes:
        check("major", self.major, 0, 255)
        check("minor", self.minor, 0, 255)
        check("max_payload_bytes", self.max_payload_bytes, 0, 65535)
        check("capabilities", self.capabilities, 0, 4294967295)
        return pack("<BBHL", self.major, self.minor, self.max_payload_bytes, self.capabilities)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("major", body, 8)
        major, minor, max_payload_bytes, capabilities = unpack_from("<BBHL", body, 0)
        return cls(major, minor, max_payload_bytes, Capability(capabilities))


@dataclass(slots=True)
class InfoGet:
    """Asks what this handset is and how it is."""

    ID: ClassVar[int] = 0x03
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x04, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class Info:
    """What this handset is and how it is."""

    ID: ClassVar[int] = 0x04
    MAX_BYTES: ClassVar[int] = 107
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    identity: int = 0
    board: str = ""
    firmware: str = ""
    micropython: str = ""
    issued: int = 0
    uptime_s: int = 0
    ticks_ms: int = 0
    heap_free_bytes: int = 0
    battery_pct: int = 0
    reset_cause: ResetCause = ResetCause.UNKNOWN
    imei: str = ""
    config_generation: int = 0

    def encode(self) -> bytes:
        check("identity", self.identity, 0, 4294967295)
        body = pack("<L", self.identity)
        body += put_text("board", self.board, 24)
        body += put_text("firmware", self.firmware, 16)
        body += put_text("micropython", self.micropython, 24)
        check("issued", self.issued, 0, 1)
        check("uptime_s", self.uptime_s, 0, 4294967295)
        check("ticks_ms", self.ticks_ms, 0, 4294967295)
        check("heap_free_bytes", self.heap_free_bytes, 0, 4294967295)
        check("battery_pct", self.battery_pct, 0, 255)
        check("reset_cause", self.reset_cause, 0, 5)
        body += pack(
            "<BLLLBB",
            self.issued,
            self.uptime_s,
            self.ticks_ms,
            self.heap_free_bytes,
            self.battery_pct,
            self.reset_cause,
        )
        body += put_text("imei", self.imei, 16)
        check("config_generation", self.config_generation, 0, 4294967295)
        body += pack("<L", self.config_generation)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("identity", body, 4)
        (identity,) = unpack_from("<L", body, 0)
        board, offset = take_text("board", body, 4, 24)
        firmware, offset = take_text("firmware", body, offset, 16)
        micropython, offset = take_text("micropython", body, offset, 24)
        need("issued", body, offset + 15)
        (
            issued,
            uptime_s,
            ticks_ms,
            heap_free_bytes,
            battery_pct,
            reset_cause,
        ) = unpack_from("<BLLLBB", body, offset)
        check_decoded("issued", issued, 0, 1)
        check_decoded("reset_cause", reset_cause, 0, 5)
        imei, offset = take_text("imei", body, offset + 15, 16)
        need("config_generation", body, offset + 4)
        (config_generation,) = unpack_from("<L", body, offset)
        return cls(
            identity,
            board,
            firmware,
            micropython,
            issued,
            uptime_s,
            ticks_ms,
            heap_free_bytes,
            battery_pct,
            ResetCause(reset_cause),
            imei,
            config_generation,
        )


@dataclass(slots=True)
class ConfigGet:
    """Asks for the value of one key."""

    ID: ClassVar[int] = 0x10
    MAX_BYTES: ClassVar[int] = 1
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x11, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    key: int = 0

    def encode(self) -> bytes:
        check("key", self.key, 0, 255)
        return pack("<B", self.key)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("key", body, 1)
        (key,) = unpack_from("<B", body, 0)
        return cls(key)


@dataclass(slots=True)
class ConfigValue:
    """The value of one key."""

    ID: ClassVar[int] = 0x11
    MAX_BYTES: ClassVar[int] = 35
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    key: int = 0
    is_default: int = 0
    value: bytes = b""

    def encode(self) -> bytes:
        check("key", self.key, 0, 255)
        check("is_default", self.is_default, 0, 1)
        body = pack("<BB", self.key, self.is_default)
        body += put_blob("value", self.value, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("key", body, 2)
        key, is_default = unpack_from("<BB", body, 0)
        check_decoded("is_default", is_default, 0, 1)
        value, _ = take_blob("value", body, 2, 32)
        return cls(key, is_default, value)


@dataclass(slots=True)
class ConfigSet:
    """Sets several keys: all of them, or none when one is refused."""

    ID: ClassVar[int] = 0x12
    MAX_BYTES: ClassVar[int] = 477
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x13, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    entries: list[ConfigEntry] = field(default_factory=list)

    def encode(self) -> bytes:
        body = put_count("entries", len(self.entries), 14)
        for key, value in self.entries:
            check("entries", key, 0, 255)
            body += pack("<B", key)
            body += put_blob("entries", value, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        count = take_count("entries", body, 0, 14)
        offset = 1
        entries = []
        for _ in range(count):
            need("entries", body, offset + 1)
            (key,) = unpack_from("<B", body, offset)
            value, offset = take_blob("entries", body, offset + 1, 32)
            entries.append(ConfigEntry(key, value))
        return cls(entries)


@dataclass(slots=True)
class ConfigApplied:
    """All keys are set and stored."""

    ID: ClassVar[int] = 0x13
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    generation: int = 0

    def encode(self) -> bytes:
        check("generation", self.generation, 0, 4294967295)
        return pack("<L", self.generation)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("generation", body, 4)
        (generation,) = unpack_from("<L", body, 0)
        return cls(generation)


@dataclass(slots=True)
class Restart:
    """Restarts the firmware; refused with BUSY while an activation is open."""

    ID: ClassVar[int] = 0x14
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x15, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class Restarting:
    """The last word before a restart."""

    ID: ClassVar[int] = 0x15
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class TraceEvent:
    """One thing that happened on the handset; sent unasked, with request number 0."""

    ID: ClassVar[int] = 0x20
    MAX_BYTES: ClassVar[int] = 13
    FLOW: ClassVar[Flow] = Flow.EVENT
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.URGENT
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    sequence: int = 0
    t_ms: int = 0
    kind: TraceKind = TraceKind.STAGE
    code: int = 0
    attempt: int = 0
    value: int = 0

    def encode(self) -> bytes:
        check("sequence", self.sequence, 0, 65535)
        check("t_ms", self.t_ms, 0, 4294967295)
        check("kind", self.kind, 1, 4)
        check("code", self.code, 0, 255)
        check("attempt", self.attempt, 0, 255)
        check("value", self.value, -2147483648, 2147483647)
        return pack(
            "<HLBBBl", self.sequence, self.t_ms, self.kind, self.code, self.attempt, self.value
        )

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("sequence", body, 13)
        sequence, t_ms, kind, code, attempt, value = unpack_from("<HLBBBl", body, 0)
        check_decoded("kind", kind, 1, 4)
        return cls(sequence, t_ms, TraceKind(kind), code, attempt, value)


@dataclass(slots=True)
class TagReport:
    """Tags the call with who presses, how urgent and where. Travels inside Sealed."""

    ID: ClassVar[int] = 0x40
    MAX_BYTES: ClassVar[int] = 34
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x41})
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    activation: int = 0
    priority: Priority = Priority.TEST
    attempt: int = 0
    press_age_ms: int = 0
    battery_pct: int = 0
    fix_source: FixSource = FixSource.NONE
    lat_deg_e7: int = 0
    lon_deg_e7: int = 0
    radius_m: int = 0
    fix_age_s: int = 0
    mcc: int = 0
    mnc: int = 0
    area: int = 0
    cell: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("priority", self.priority, 1, 2)
        check("attempt", self.attempt, 0, 255)
        check("press_age_ms", self.press_age_ms, 0, 4294967295)
        check("battery_pct", self.battery_pct, 0, 255)
        check("fix_source", self.fix_source, 0, 3)
        check("lat_deg_e7", self.lat_deg_e7, -900000000, 900000000)
        check("lon_deg_e7", self.lon_deg_e7, -1800000000, 1800000000)
        check("radius_m", self.radius_m, 0, 65535)
        check("fix_age_s", self.fix_age_s, 0, 65535)
        check("mcc", self.mcc, 0, 65535)
        check("mnc", self.mnc, 0, 65535)
        check("area", self.area, 0, 65535)
        check("cell", self.cell, 0, 4294967295)
        return pack(
            "<LBBLBBllHHHHHL",
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

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("activation", body, 34)
        (
            activation,
            priority,
            attempt,
            press_age_ms,
            battery_pct,
            fix_source,
            lat_deg_e7,
            lon_deg_e7,
            radius_m,
            fix_age_s,
            mcc,
            mnc,
            area,
            cell,
        ) = unpack_from("<LBBLBBllHHHHHL", body, 0)
        check_decoded("priority", priority, 1, 2)
        check_decoded("fix_source", fix_source, 0, 3)
        check_decoded("lat_deg_e7", lat_deg_e7, -900000000, 900000000)
        check_decoded("lon_deg_e7", lon_deg_e7, -1800000000, 1800000000)
        return cls(
            activation,
            Priority(priority),
            attempt,
            press_age_ms,
            battery_pct,
            FixSource(fix_source),
            lat_deg_e7,
            lon_deg_e7,
            radius_m,
            fix_age_s,
            mcc,
            mnc,
            area,
            cell,
        )


@dataclass(slots=True)
class AnswerAck:
    """Confirms that a person has answered this activation. Travels inside Sealed."""

    ID: ClassVar[int] = 0x41
    MAX_BYTES: ClassVar[int] = 8
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    activation: int = 0
    answered_age_ms: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("answered_age_ms", self.answered_age_ms, 0, 4294967295)
        return pack("<LL", self.activation, self.answered_age_ms)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("activation", body, 8)
        activation, answered_age_ms = unpack_from("<LL", body, 0)
        return cls(activation, answered_age_ms)


@dataclass(slots=True)
class Sealed:
    """Carries one message over the air, encrypted and authenticated (see Over the air)."""

    ID: ClassVar[int] = 0x42
    MAX_BYTES: ClassVar[int] = 128
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    handset: int = 0
    counter: int = 0
    box: bytes = b""

    def encode(self) -> bytes:
        check("handset", self.handset, 0, 4294967295)
        check("counter", self.counter, 0, 4294967295)
        body = pack("<LL", self.handset, self.counter)
        body += put_blob("box", self.box, 119)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("handset", body, 8)
        handset, counter = unpack_from("<LL", body, 0)
        box, _ = take_blob("box", body, 8, 119)
        return cls(handset, counter, box)


@dataclass(slots=True)
class JournalEntry:
    """One line of the journal."""

    ID: ClassVar[int] = 0x60
    MAX_BYTES: ClassVar[int] = 18
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    sequence: int = 0
    ticks_ms: int = 0
    utc_s: int = 0
    kind: JournalKind = JournalKind.BOOT
    code: int = 0
    value: int = 0

    def encode(self) -> bytes:
        check("sequence", self.sequence, 0, 4294967295)
        check("ticks_ms", self.ticks_ms, 0, 4294967295)
        check("utc_s", self.utc_s, 0, 4294967295)
        check("kind", self.kind, 1, 14)
        check("code", self.code, 0, 255)
        check("value", self.value, -2147483648, 2147483647)
        return pack(
            "<LLLBBl", self.sequence, self.ticks_ms, self.utc_s, self.kind, self.code, self.value
        )

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("sequence", body, 18)
        sequence, ticks_ms, utc_s, kind, code, value = unpack_from("<LLLBBl", body, 0)
        check_decoded("kind", kind, 1, 14)
        return cls(sequence, ticks_ms, utc_s, JournalKind(kind), code, value)


@dataclass(slots=True)
class ActivationRecord:
    """The mark that an activation is open, so that it goes on after a power cut."""

    ID: ClassVar[int] = 0x61
    MAX_BYTES: ClassVar[int] = 6
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    activation: int = 0
    is_open: int = 0
    attempt: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("is_open", self.is_open, 0, 1)
        check("attempt", self.attempt, 0, 255)
        return pack("<LBB", self.activation, self.is_open, self.attempt)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("activation", body, 6)
        activation, is_open, attempt = unpack_from("<LBB", body, 0)
        check_decoded("is_open", is_open, 0, 1)
        return cls(activation, is_open, attempt)


@dataclass(slots=True)
class ConfigFile:
    """Every key that differs from its default."""

    ID: ClassVar[int] = 0x62
    MAX_BYTES: ClassVar[int] = 550
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    schema_version: int = 0
    generation: int = 0
    entries: list[ConfigEntry] = field(default_factory=list)

    def encode(self) -> bytes:
        check("schema_version", self.schema_version, 0, 255)
        check("generation", self.generation, 0, 4294967295)
        body = pack("<BL", self.schema_version, self.generation)
        body += put_count("entries", len(self.entries), 16)
        for key, value in self.entries:
            check("entries", key, 0, 255)
            body += pack("<B", key)
            body += put_blob("entries", value, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("schema_version", body, 5)
        schema_version, generation = unpack_from("<BL", body, 0)
        count = take_count("entries", body, 5, 16)
        offset = 6
        entries = []
        for _ in range(count):
            need("entries", body, offset + 1)
            (key,) = unpack_from("<B", body, offset)
            value, offset = take_blob("entries", body, offset + 1, 32)
            entries.append(ConfigEntry(key, value))
        return cls(schema_version, generation, entries)


@dataclass(slots=True)
class Failure:
    """Refuses a request; may answer any."""

    ID: ClassVar[int] = 0x7F
    MAX_BYTES: ClassVar[int] = 50
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    code: FailureCode = FailureCode.UNKNOWN_MESSAGE
    detail: str = ""

    def encode(self) -> bytes:
        check("code", self.code, 1, 9)
        body = pack("<B", self.code)
        body += put_text("detail", self.detail, 48)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        need("code", body, 1)
        (code,) = unpack_from("<B", body, 0)
        check_decoded("code", code, 1, 9)
        detail, _ = take_text("detail", body, 1, 48)
        return cls(FailureCode(code), detail)


MESSAGES: dict[int, type[Message]] = {
    Hello.ID: Hello,
    HelloReply.ID: HelloReply,
    InfoGet.ID: InfoGet,
    Info.ID: Info,
    ConfigGet.ID: ConfigGet,
    ConfigValue.ID: ConfigValue,
    ConfigSet.ID: ConfigSet,
    ConfigApplied.ID: ConfigApplied,
    Restart.ID: Restart,
    Restarting.ID: Restarting,
    TraceEvent.ID: TraceEvent,
    TagReport.ID: TagReport,
    AnswerAck.ID: AnswerAck,
    Sealed.ID: Sealed,
    JournalEntry.ID: JournalEntry,
    ActivationRecord.ID: ActivationRecord,
    ConfigFile.ID: ConfigFile,
    Failure.ID: Failure,
}

CONFIG: dict[str, ConfigField] = {
    "issued": ConfigField(
        1,
        "issued",
        ConfigKind.BOOL,
        0,
        1,
        False,
        False,
        "the handset is issued and may dial",
    ),
    "identity": ConfigField(
        2,
        "identity",
        ConfigKind.UINT,
        0,
        4294967295,
        0,
        False,
        "handset number printed on the unit",
    ),
    "call_number": ConfigField(
        3,
        "call_number",
        ConfigKind.TEXT,
        9,
        16,
        "",
        False,
        "number of the answer point",
        "\\+[0-9]{8,15}",
        "+ and 8 to 15 digits (E.164), or nothing",
    ),
    "alternate_number": ConfigField(
        4,
        "alternate_number",
        ConfigKind.TEXT,
        9,
        16,
        "",
        False,
        "number tried when the first fails",
        "\\+[0-9]{8,15}",
        "+ and 8 to 15 digits (E.164), or nothing",
    ),
    "text_number": ConfigField(
        5,
        "text_number",
        ConfigKind.TEXT,
        9,
        16,
        "",
        False,
        "number the location text (AML) goes to",
        "\\+[0-9]{8,15}",
        "+ and 8 to 15 digits (E.164), or nothing",
    ),
    "report_number": ConfigField(
        6,
        "report_number",
        ConfigKind.TEXT,
        9,
        16,
        "",
        False,
        "number the tag report goes to",
        "\\+[0-9]{8,15}",
        "+ and 8 to 15 digits (E.164), or nothing",
    ),
    "report_key": ConfigField(
        7,
        "report_key",
        ConfigKind.BLOB,
        32,
        32,
        b"",
        True,
        "key that seals reports; write-only",
    ),
    "hold_ms": ConfigField(
        8,
        "hold_ms",
        ConfigKind.UINT,
        500,
        3000,
        1000,
        False,
        "how long the button is held to raise the alarm",
    ),
    "first_text_ms": ConfigField(
        9,
        "first_text_ms",
        ConfigKind.UINT,
        5000,
        60000,
        20000,
        False,
        "when the first text goes without a good fix",
    ),
    "good_radius_m": ConfigField(
        10,
        "good_radius_m",
        ConfigKind.UINT,
        5,
        1000,
        50,
        False,
        "radius a fix needs to be sent at once",
    ),
    "activation_limit_s": ConfigField(
        11,
        "activation_limit_s",
        ConfigKind.UINT,
        600,
        86400,
        14400,
        False,
        "when an activation ends by itself",
    ),
}
