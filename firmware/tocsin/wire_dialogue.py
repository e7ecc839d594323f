"""The wire codec of the dialogue with a host. Generated from the protocol's schema: do not edit.

As module wire; apart, so that it takes up memory only once a host has spoken.
ROLES has bit 1 << role for each role whose session may send the message; without any bit it needs
no session.
"""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import (
    RESET_UNKNOWN,
    ConfigEntry,
    DecodeError,
    EncodeError,
    put,
    take,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 0

FAILURE_UNKNOWN_MESSAGE = 1
FAILURE_MALFORMED = 2
FAILURE_VERSION = 3
FAILURE_UNKNOWN_KEY = 4
FAILURE_OUT_OF_RANGE = 5
FAILURE_READ_ONLY = 6
FAILURE_SECRET = 7
FAILURE_STORAGE = 8
FAILURE_BUSY = 9

CAPABILITY_CONFIG = 1
CAPABILITY_TRACE = 2

ROLE_TECHNICIAN = 1
ROLE_FACTORY = 2
ROLE_FIXTURE = 3


class Hello:
    """Opens the link and says which protocol the host speaks."""

    ID = 0x01
    MAX_BYTES = 2
    ROLES = 0x00

    major: int
    minor: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 2:
            raise DecodeError("major")
        self.major, self.minor = unpack_from("<BB", buf, offset)
        return self


class HelloReply:
    """Says which protocol the handset speaks, and its limits."""

    ID = 0x02
    MAX_BYTES = 8

    def __init__(
        self, major: int = 0, minor: int = 0, max_payload_bytes: int = 0, capabilities: int = 0
    ) -> None:
        self.major = major
        self.minor = minor
        self.max_payload_bytes = max_payload_bytes
        self.capabilities = capabilities

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.major >> 8:
            raise EncodeError("major")
        if self.minor >> 8:
            raise EncodeError("minor")
        if self.max_payload_bytes >> 16:
            raise EncodeError("max_payload_bytes")
        if self.capabilities >> 32:
            raise EncodeError("capabilities")
        pack_into(
            "<BBHL", buf, offset, self.major, self.minor, self.max_payload_bytes, self.capabilities
        )
        return offset + 8


class InfoGet:
    """Asks what this handset is and how it is."""

    ID = 0x03
    MAX_BYTES = 0
    ROLES = 0x0E

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class Info:
    """What this handset is and how it is."""

    ID = 0x04
    MAX_BYTES = 107

    def __init__(
        self,
        identity: int = 0,
        board: str = "",
        firmware: str = "",
        micropython: str = "",
        issued: int = 0,
        uptime_s: int = 0,
        ticks_ms: int = 0,
        heap_free_bytes: int = 0,
        battery_pct: int = 0,
        reset_cause: int = RESET_UNKNOWN,
        imei: str = "",
        config_generation: int = 0,
    ) -> None:
        self.identity = identity
        self.board = board
        self.firmware = firmware
        self.micropython = micropython
        self.issued = issued
        self.uptime_s = uptime_s
        self.ticks_ms = ticks_ms
        self.heap_free_bytes = heap_free_bytes
        self.battery_pct = battery_pct
        self.reset_cause = reset_cause
        self.imei = imei
        self.config_generation = config_generation

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.identity >> 32:
            raise EncodeError("identity")
        pack_into("<L", buf, offset, self.identity)
        offset += 4
        offset = put(buf, offset, self.board.encode(), 24, "board")
        offset = put(buf, offset, self.firmware.encode(), 16, "firmware")
        offset = put(buf, offset, self.micropython.encode(), 24, "micropython")
        if self.issued >> 1:
            raise EncodeError("issued")
        if self.uptime_s >> 32:
            raise EncodeError("uptime_s")
        if self.ticks_ms >> 32:
            raise EncodeError("ticks_ms")
        if self.heap_free_bytes >> 32:
            raise EncodeError("heap_free_bytes")
        if self.battery_pct >> 8:
            raise EncodeError("battery_pct")
        if not 0 <= self.reset_cause <= 5:
            raise EncodeError("reset_cause")
        pack_into(
            "<BLLLBB",
            buf,
            offset,
            self.issued,
            self.uptime_s,
            self.ticks_ms,
            self.heap_free_bytes,
            self.battery_pct,
            self.reset_cause,
        )
        offset += 15
        offset = put(buf, offset, self.imei.encode(), 16, "imei")
        if self.config_generation >> 32:
            raise EncodeError("config_generation")
        pack_into("<L", buf, offset, self.config_generation)
        return offset + 4


class ConfigGet:
    """Asks for the value of one key."""

    ID = 0x10
    MAX_BYTES = 1
    ROLES = 0x0E

    key: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 1:
            raise DecodeError("key")
        self.key = buf[offset]
        return self


class ConfigValue:
    """The value of one key."""

    ID = 0x11
    MAX_BYTES = 35

    def __init__(self, key: int = 0, is_default: int = 0, value: bytes = b"") -> None:
        self.key = key
        self.is_default = is_default
        self.value = value

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.key >> 8:
            raise EncodeError("key")
        if self.is_default >> 1:
            raise EncodeError("is_default")
        pack_into("<BB", buf, offset, self.key, self.is_default)
        offset += 2
        return put(buf, offset, self.value, 32, "value")


class ConfigSet:
    """Sets several keys: all of them, or none when one is refused."""

    ID = 0x12
    MAX_BYTES = 477
    ROLES = 0x06

    entries: "list[ConfigEntry]"

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if offset >= end or buf[offset] > 14:
            raise DecodeError("entries")
        count = buf[offset]
        offset += 1
        self.entries = []
        for _ in range(count):
            if end - offset < 1:
                raise DecodeError("entries")
            key = buf[offset]
            offset += 1
            value = take(buf, offset, end, 32, "entries")
            offset += 1 + len(value)
            self.entries.append(ConfigEntry(key, value))
        return self


class ConfigApplied:
    """All keys are set and stored."""

    ID = 0x13
    MAX_BYTES = 4

    def __init__(self, generation: int = 0) -> None:
        self.generation = generation

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.generation >> 32:
            raise EncodeError("generation")
        pack_into("<L", buf, offset, self.generation)
        return offset + 4


class Restart:
    """Restarts the firmware; refused with BUSY while an activation is open."""

    ID = 0x14
    MAX_BYTES = 0
    ROLES = 0x0E

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class Restarting:
    """The last word before a restart."""

    ID = 0x15
    MAX_BYTES = 0

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        return offset


class Failure:
    """Refuses a request; may answer any."""

    ID = 0x7F
    MAX_BYTES = 50

    def __init__(self, code: int = FAILURE_UNKNOWN_MESSAGE, detail: str = "") -> None:
        self.code = code
        self.detail = detail

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if not 1 <= self.code <= 9:
            raise EncodeError("code")
        pack_into("<B", buf, offset, self.code)
        offset += 1
        return put(buf, offset, self.detail.encode(), 48, "detail")
