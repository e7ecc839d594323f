"""The messages of area journal. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass, field
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, put_count, take_count, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import JournalKind, Role
from .records import JournalLine

_JOURNAL = by_number(JournalKind)


@dataclass(slots=True)
class JournalGet:
    """Asks for journal entries, oldest first."""

    ID: ClassVar[int] = 0x28
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x29, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    from_sequence: int = 0

    def encode(self) -> bytes:
        check("from_sequence", self.from_sequence, 0, 4294967295)
        return pack("<L", self.from_sequence)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("from_sequence", body, 4)
        (from_sequence,) = unpack_from("<L", body, 0)
        return cls(from_sequence)


@dataclass(slots=True)
class JournalEntries:
    """Some of the entries asked for; the rest begins at `next_sequence`."""

    ID: ClassVar[int] = 0x29
    MAX_BYTES: ClassVar[int] = 297
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    entries: list[JournalLine] = field(default_factory=list)
    next_sequence: int = 0
    oldest: int = 0

    def encode(self) -> bytes:
        body = put_count("entries", len(self.entries), 16)
        for sequence, ticks_ms, utc_s, kind, code, value in self.entries:
            check("entries", sequence, 0, 4294967295)
            check("entries", ticks_ms, 0, 4294967295)
            check("entries", utc_s, 0, 4294967295)
            check("entries", kind, 1, 18)
            check("entries", code, 0, 255)
            check("entries", value, -2147483648, 2147483647)
            body += pack("<LLLBBl", sequence, ticks_ms, utc_s, kind, code, value)
        check("next_sequence", self.next_sequence, 0, 4294967295)
        check("oldest", self.oldest, 0, 4294967295)
        body += pack("<LL", self.next_sequence, self.oldest)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        count = take_count("entries", body, 0, 16)
        at = 1
        entries = []
        for _ in range(count):
            if len(body) < at + 18:
                raise too_short("entries", body, at + 18)
            sequence, ticks_ms, utc_s, kind, code, value = unpack_from("<LLLBBl", body, at)
            if not 1 <= kind <= 18:
                raise out_of_range("entries", kind, 1, 18)
            at = at + 18
            entries.append(JournalLine(sequence, ticks_ms, utc_s, _JOURNAL[kind], code, value))
        if len(body) < at + 8:
            raise too_short("next_sequence", body, at + 8)
        next_sequence, oldest = unpack_from("<LL", body, at)
        return cls(entries, next_sequence, oldest)


@dataclass(slots=True)
class JournalAck:
    """The host has safely stored every entry up to this one."""

    ID: ClassVar[int] = 0x2A
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x2B, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    through: int = 0

    def encode(self) -> bytes:
        check("through", self.through, 0, 4294967295)
        return pack("<L", self.through)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("through", body, 4)
        (through,) = unpack_from("<L", body, 0)
        return cls(through)


@dataclass(slots=True)
class JournalAcked:
    """The handset need not keep those entries any longer."""

    ID: ClassVar[int] = 0x2B
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    through: int = 0

    def encode(self) -> bytes:
        check("through", self.through, 0, 4294967295)
        return pack("<L", self.through)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("through", body, 4)
        (through,) = unpack_from("<L", body, 0)
        return cls(through)
