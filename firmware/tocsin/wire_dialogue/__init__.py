"""The wire codec of the dialogue with a host: what opens it, what refuses, what all areas share.

Generated from the protocol's schema: do not edit. As module wire; apart, so that it takes up memory
only once a host has spoken, and in a module an area, so that each is loaded when it is needed.
"""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError, put

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


def take_long(
    buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str
) -> memoryview:
    """A part of `buf` itself: use it before the next message arrives there."""
    start = offset + 2
    if start > end:
        raise DecodeError(field)
    n = unpack_from("<H", buf, offset)[0]
    if n > limit or start + n > end:
        raise DecodeError(field)
    return memoryview(buf)[start : start + n]


def put_octets(
    buf: "bytearray | memoryview", offset: int, data: bytes, size: int, field: str
) -> int:
    if len(data) != size or offset + size > len(buf):
        raise EncodeError(field)
    buf[offset : offset + size] = data
    return offset + size


def take_octets(
    buf: "bytearray | memoryview", offset: int, end: int, size: int, field: str
) -> bytes:
    if offset + size > end:
        raise DecodeError(field)
    return bytes(buf[offset : offset + size])


def read_text(data: bytes, field: str) -> str:
    try:
        return data.decode()
    except UnicodeError:
        pass  # raised below: the VM cannot chain exceptions
    raise DecodeError(field)


PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 1

# Ids of what a handset that nobody has claimed takes in a session.
OF_UNCLAIMED = b"\x03\x08\x48\x4a"

# Ids of what a session's role lets it send.
# fmt: off
ALLOWED: dict[int, bytes] = {
    1: b"\x03\x07\x08\x0a\x10\x12\x14\x16\x17\x21\x24\x26\x28\x2a\x30\x32\x33\x36\x38\x3a"
    b"\x3b\x4c\x4e",
    2: b"\x03\x07\x08\x0a\x10\x12\x14\x16\x17\x21\x24\x26\x28\x2a\x30\x32\x33\x36\x3b\x48"
    b"\x4a\x4c\x4e",
    3: b"\x03\x07\x08\x0a\x10\x14\x17\x21\x28\x30\x32\x33\x36\x38\x3a\x3b\x4c\x4e\x50\x52"
    b"\x54\x56",
}
# fmt: on

FAILURE_UNKNOWN_MESSAGE = 1
FAILURE_MALFORMED = 2
FAILURE_VERSION = 3
FAILURE_UNKNOWN_KEY = 4
FAILURE_OUT_OF_RANGE = 5
FAILURE_READ_ONLY = 6
FAILURE_SECRET = 7
FAILURE_STORAGE = 8
FAILURE_BUSY = 9
FAILURE_NO_SESSION = 10
FAILURE_NO_KEY = 11
FAILURE_AUTHENTICATION = 12
FAILURE_NOT_ALLOWED = 13
FAILURE_WRONG_HASH = 14
FAILURE_NO_SPACE = 15
FAILURE_NOT_OPEN = 16
FAILURE_NOT_OFFERED = 17
FAILURE_CLAIMED = 18
FAILURE_UNCLAIMED = 19
FAILURE_WRONG_IDENTITY = 20
FAILURE_NO_ACTIVATION = 21
FAILURE_INTERNAL = 22
FAILURE_NOT_READY = 23
FAILURE_WRONG_SIGNATURE = 24
FAILURE_WRONG_BOARD = 25
FAILURE_WRONG_SIZE = 26
FAILURE_OLDER = 27
FAILURE_TOO_OLD = 28
FAILURE_ON_TRIAL = 29

CAPABILITY_CONFIG = 1
CAPABILITY_TRACE = 2
CAPABILITY_JOURNAL = 4
CAPABILITY_TRANSFER = 8
CAPABILITY_PROVISION = 16
CAPABILITY_CLOCK = 32
CAPABILITY_ACTIVATION = 64
CAPABILITY_STATUS = 128
CAPABILITY_SELF_TEST = 256
CAPABILITY_UPDATE = 512

ROLE_TECHNICIAN = 1
ROLE_FACTORY = 2
ROLE_FIXTURE = 3


class Hello:
    """Opens the link and says which protocol the host speaks."""

    ID = 0x01
    MAX_BYTES = 3

    major: int
    minor: int
    role: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        self.role = 1
        if end - offset < 2:
            raise DecodeError("major")
        self.major, self.minor = unpack_from("<BB", buf, offset)
        offset += 2
        if offset == end:  # an older peer's
            return self
        if end - offset < 1:
            raise DecodeError("role")
        self.role = buf[offset]
        if not 1 <= self.role <= 3:
            raise DecodeError("role")
        return self


class HelloReply:
    """Says which protocol the handset speaks, its limits, and by which key it knows the role."""

    ID = 0x02
    MAX_BYTES = 22

    def __init__(
        self,
        major: int = 0,
        minor: int = 0,
        max_payload_bytes: int = 0,
        capabilities: int = 0,
        salt: bytes = bytes(8),
        key_check: bytes = bytes(4),
        normal_window: int = 0,
        urgent_window: int = 0,
    ) -> None:
        self.major = major
        self.minor = minor
        self.max_payload_bytes = max_payload_bytes
        self.capabilities = capabilities
        self.salt = salt
        self.key_check = key_check
        self.normal_window = normal_window
        self.urgent_window = urgent_window

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
        offset += 8
        offset = put_octets(buf, offset, self.salt, 8, "salt")
        offset = put_octets(buf, offset, self.key_check, 4, "key_check")
        if self.normal_window >> 8:
            raise EncodeError("normal_window")
        if self.urgent_window >> 8:
            raise EncodeError("urgent_window")
        pack_into("<BB", buf, offset, self.normal_window, self.urgent_window)
        return offset + 2


class Failure:
    """Refuses a request; may answer any."""

    ID = 0x7F
    MAX_BYTES = 50

    def __init__(self, code: int = FAILURE_UNKNOWN_MESSAGE, detail: str = "") -> None:
        self.code = code
        self.detail = detail

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if not 1 <= self.code <= 29:
            raise EncodeError("code")
        pack_into("<B", buf, offset, self.code)
        offset += 1
        return put(buf, offset, self.detail.encode(), 48, "detail")


class HandshakeStart:
    """The host's half of the handshake (see Handshake)."""

    ID = 0x05
    MAX_BYTES = 48

    box: bytes

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        self.box = take_octets(buf, offset, end, 48, "box")
        return self


class HandshakeAnswer:
    """The handset's half of the handshake; whatever follows, both ways, is sealed."""

    ID = 0x06
    MAX_BYTES = 48

    def __init__(self, box: bytes = bytes(48)) -> None:
        self.box = box

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        return put_octets(buf, offset, self.box, 48, "box")


class SessionEnd:
    """The host is done: the handset forgets the session and leaves service mode."""

    ID = 0x07
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self
