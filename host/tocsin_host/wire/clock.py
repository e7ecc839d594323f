"""The messages of area clock. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import Role, TimeSource

_TIME = by_number(TimeSource)


@dataclass(slots=True)
class TimeSet:
    """Sets the clock, unless the handset has the time from a better source."""

    ID: ClassVar[int] = 0x4C
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x4D, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    utc_s: int = 0

    def encode(self) -> bytes:
        check("utc_s", self.utc_s, 0, 4294967295)
        return pack("<L", self.utc_s)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("utc_s", body, 4)
        (utc_s,) = unpack_from("<L", body, 0)
        return cls(utc_s)


@dataclass(slots=True)
class TimeReply:
    """The time the handset goes by."""

    ID: ClassVar[int] = 0x4D
    MAX_BYTES: ClassVar[int] = 9
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    utc_s: int = 0
    ticks_ms: int = 0
    source: TimeSource = TimeSource.NONE

    def encode(self) -> bytes:
        check("utc_s", self.utc_s, 0, 4294967295)
        check("ticks_ms", self.ticks_ms, 0, 4294967295)
        check("source", self.source, 0, 3)
        return pack("<LLB", self.utc_s, self.ticks_ms, self.source)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 9:
            raise too_short("utc_s", body, 9)
        utc_s, ticks_ms, source = unpack_from("<LLB", body, 0)
        if not 0 <= source <= 3:
            raise out_of_range("source", source, 0, 3)
        return cls(utc_s, ticks_ms, _TIME[source])


@dataclass(slots=True)
class TimeGet:
    """Asks for the time."""

    ID: ClassVar[int] = 0x4E
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x4D, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()
