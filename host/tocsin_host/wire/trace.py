"""The messages of area trace. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import Role, TraceKind

_TRACE = by_number(TraceKind)


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
        if len(body) < 13:
            raise too_short("sequence", body, 13)
        sequence, t_ms, kind, code, attempt, value = unpack_from("<HLBBBl", body, 0)
        if not 1 <= kind <= 4:
            raise out_of_range("kind", kind, 1, 4)
        return cls(sequence, t_ms, _TRACE[kind], code, attempt, value)


@dataclass(slots=True)
class TraceSubscribe:
    """Asks for trace events in this session from now on, or for no more of them."""

    ID: ClassVar[int] = 0x21
    MAX_BYTES: ClassVar[int] = 1
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x22, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    on: int = 0

    def encode(self) -> bytes:
        check("on", self.on, 0, 1)
        return pack("<B", self.on)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 1:
            raise too_short("on", body, 1)
        (on,) = unpack_from("<B", body, 0)
        if not 0 <= on <= 1:
            raise out_of_range("on", on, 0, 1)
        return cls(on)


@dataclass(slots=True)
class TraceSubscribed:
    """Events are sent from now on, or no more."""

    ID: ClassVar[int] = 0x22
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    dropped: int = 0

    def encode(self) -> bytes:
        check("dropped", self.dropped, 0, 4294967295)
        return pack("<L", self.dropped)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("dropped", body, 4)
        (dropped,) = unpack_from("<L", body, 0)
        return cls(dropped)
