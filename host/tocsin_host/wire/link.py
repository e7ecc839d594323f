"""The messages of area link. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import (
    by_number,
    check,
    out_of_range,
    put_octets,
    put_text,
    take_octets,
    take_text,
    too_short,
)
from tocsin_protocol.flow import Flow, Lane

from .names import Capability, FailureCode, Role

_FAILURE = by_number(FailureCode)
_ROLE = by_number(Role)


@dataclass(slots=True)
class Hello:
    """Opens the link and says which protocol the host speaks."""

    ID: ClassVar[int] = 0x01
    MAX_BYTES: ClassVar[int] = 3
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x02, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    major: int = 0
    minor: int = 0
    role: Role = Role.TECHNICIAN

    def encode(self) -> bytes:
        check("major", self.major, 0, 255)
        check("minor", self.minor, 0, 255)
        body = pack("<BB", self.major, self.minor)
        check("role", self.role, 1, 3)
        body += pack("<B", self.role)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 2:
            raise too_short("major", body, 2)
        major, minor = unpack_from("<BB", body, 0)
        if len(body) == 2:  # an older peer's
            return cls(major, minor)
        if len(body) < 3:
            raise too_short("role", body, 3)
        (role,) = unpack_from("<B", body, 2)
        if not 1 <= role <= 3:
            raise out_of_range("role", role, 1, 3)
        return cls(major, minor, _ROLE[role])


@dataclass(slots=True)
class HelloReply:
    """Says which protocol the handset speaks, its limits, and by which key it knows the role."""

    ID: ClassVar[int] = 0x02
    MAX_BYTES: ClassVar[int] = 22
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    major: int = 0
    minor: int = 0
    max_payload_bytes: int = 0
    capabilities: Capability = Capability.NONE
    salt: bytes = bytes(8)
    key_check: bytes = bytes(4)
    normal_window: int = 0
    urgent_window: int = 0

    def encode(self) -> bytes:
        check("major", self.major, 0, 255)
        check("minor", self.minor, 0, 255)
        check("max_payload_bytes", self.max_payload_bytes, 0, 65535)
        check("capabilities", self.capabilities, 0, 4294967295)
        body = pack("<BBHL", self.major, self.minor, self.max_payload_bytes, self.capabilities)
        body += put_octets("salt", self.salt, 8)
        body += put_octets("key_check", self.key_check, 4)
        check("normal_window", self.normal_window, 0, 255)
        check("urgent_window", self.urgent_window, 0, 255)
        body += pack("<BB", self.normal_window, self.urgent_window)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 8:
            raise too_short("major", body, 8)
        major, minor, max_payload_bytes, capabilities = unpack_from("<BBHL", body, 0)
        if len(body) == 8:  # an older peer's
            return cls(major, minor, max_payload_bytes, Capability(capabilities))
        salt, at = take_octets("salt", body, 8, 8)
        key_check, at = take_octets("key_check", body, at, 4)
        if len(body) < at + 2:
            raise too_short("normal_window", body, at + 2)
        normal_window, urgent_window = unpack_from("<BB", body, at)
        return cls(
            major,
            minor,
            max_payload_bytes,
            Capability(capabilities),
            salt,
            key_check,
            normal_window,
            urgent_window,
        )


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
        check("code", self.code, 1, 29)
        body = pack("<B", self.code)
        body += put_text("detail", self.detail, 48)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 1:
            raise too_short("code", body, 1)
        (code,) = unpack_from("<B", body, 0)
        if not 1 <= code <= 29:
            raise out_of_range("code", code, 1, 29)
        detail, _ = take_text("detail", body, 1, 48)
        return cls(_FAILURE[code], detail)
