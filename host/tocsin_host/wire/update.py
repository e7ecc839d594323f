"""The messages of area update. Generated from the protocol's schema: do not edit."""

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

from .names import Role, Slot, UpdateStep

_SLOT = by_number(Slot)
_UPDATE = by_number(UpdateStep)


@dataclass(slots=True)
class UpdateApply:
    """Checks the update that was transferred and restarts into it, on trial."""

    ID: ClassVar[int] = 0x24
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x25, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class UpdateAccepted:
    """The update is in its slot; the handset restarts into it as soon as it is not needed."""

    ID: ClassVar[int] = 0x25
    MAX_BYTES: ClassVar[int] = 21
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    version: str = ""
    security_counter: int = 0

    def encode(self) -> bytes:
        body = put_text("version", self.version, 16)
        check("security_counter", self.security_counter, 0, 2147483647)
        body += pack("<L", self.security_counter)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        version, at = take_text("version", body, 0, 16)
        if len(body) < at + 4:
            raise too_short("security_counter", body, at + 4)
        (security_counter,) = unpack_from("<L", body, at)
        if not 0 <= security_counter <= 2147483647:
            raise out_of_range("security_counter", security_counter, 0, 2147483647)
        return cls(version, security_counter)


@dataclass(slots=True)
class UpdateGet:
    """Asks which firmware runs and what became of the last update."""

    ID: ClassVar[int] = 0x26
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x27, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class UpdateStatus:
    """Which firmware runs and what became of the last update."""

    ID: ClassVar[int] = 0x27
    MAX_BYTES: ClassVar[int] = 24
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    running: Slot = Slot.FLASHED
    is_trial: int = 0
    version: str = ""
    security_counter: int = 0
    last: UpdateStep = UpdateStep.NONE

    def encode(self) -> bytes:
        check("running", self.running, 0, 2)
        check("is_trial", self.is_trial, 0, 1)
        body = pack("<BB", self.running, self.is_trial)
        body += put_text("version", self.version, 16)
        check("security_counter", self.security_counter, 0, 2147483647)
        check("last", self.last, 0, 4)
        body += pack("<LB", self.security_counter, self.last)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 2:
            raise too_short("running", body, 2)
        running, is_trial = unpack_from("<BB", body, 0)
        if not 0 <= running <= 2:
            raise out_of_range("running", running, 0, 2)
        if not 0 <= is_trial <= 1:
            raise out_of_range("is_trial", is_trial, 0, 1)
        version, at = take_text("version", body, 2, 16)
        if len(body) < at + 5:
            raise too_short("security_counter", body, at + 5)
        security_counter, last = unpack_from("<LB", body, at)
        if not 0 <= security_counter <= 2147483647:
            raise out_of_range("security_counter", security_counter, 0, 2147483647)
        if not 0 <= last <= 4:
            raise out_of_range("last", last, 0, 4)
        return cls(_SLOT[running], is_trial, version, security_counter, _UPDATE[last])


@dataclass(slots=True)
class UpdateManifest:
    """What an update is and for which handsets; covered by the signature that follows it."""

    ID: ClassVar[int] = 0x63
    MAX_BYTES: ClassVar[int] = 99
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    sha256: bytes = bytes(32)
    size: int = 0
    security_counter: int = 0
    board: str = ""
    version: str = ""
    minimum_version: str = ""

    def encode(self) -> bytes:
        body = put_octets("sha256", self.sha256, 32)
        check("size", self.size, 0, 4294967295)
        check("security_counter", self.security_counter, 0, 2147483647)
        body += pack("<LL", self.size, self.security_counter)
        body += put_text("board", self.board, 24)
        body += put_text("version", self.version, 16)
        body += put_text("minimum_version", self.minimum_version, 16)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        sha256, at = take_octets("sha256", body, 0, 32)
        if len(body) < at + 8:
            raise too_short("size", body, at + 8)
        size, security_counter = unpack_from("<LL", body, at)
        if not 0 <= security_counter <= 2147483647:
            raise out_of_range("security_counter", security_counter, 0, 2147483647)
        board, at = take_text("board", body, at + 8, 24)
        version, at = take_text("version", body, at, 16)
        minimum_version, _ = take_text("minimum_version", body, at, 16)
        return cls(sha256, size, security_counter, board, version, minimum_version)
