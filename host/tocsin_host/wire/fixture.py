"""The messages of area fixture. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass, field
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import (
    by_number,
    check,
    out_of_range,
    put_count,
    put_text,
    take_count,
    take_text,
    too_short,
)
from tocsin_protocol.flow import Flow, Lane

from .names import Contact, Rail, Role, Signal
from .records import FixtureEdge

_CONTACT = by_number(Contact)
_RAIL = by_number(Rail)
_SIGNAL = by_number(Signal)


@dataclass(slots=True)
class FixturePress:
    """Closes a contact of the handset under test for a while."""

    ID: ClassVar[int] = 0x50
    MAX_BYTES: ClassVar[int] = 6
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x51, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    contact: Contact = Contact.BUTTON
    hold_ms: int = 1
    bounces: int = 0
    bounce_us: int = 0

    def encode(self) -> bytes:
        check("contact", self.contact, 1, 3)
        check("hold_ms", self.hold_ms, 1, 60000)
        check("bounces", self.bounces, 0, 50)
        check("bounce_us", self.bounce_us, 0, 65535)
        return pack("<BHBH", self.contact, self.hold_ms, self.bounces, self.bounce_us)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 6:
            raise too_short("contact", body, 6)
        contact, hold_ms, bounces, bounce_us = unpack_from("<BHBH", body, 0)
        if not 1 <= contact <= 3:
            raise out_of_range("contact", contact, 1, 3)
        if not 1 <= hold_ms <= 60000:
            raise out_of_range("hold_ms", hold_ms, 1, 60000)
        if not 0 <= bounces <= 50:
            raise out_of_range("bounces", bounces, 0, 50)
        return cls(_CONTACT[contact], hold_ms, bounces, bounce_us)


@dataclass(slots=True)
class FixturePressed:
    """The contact closes; told at once, before it opens again."""

    ID: ClassVar[int] = 0x51
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    t_us: int = 0

    def encode(self) -> bytes:
        check("t_us", self.t_us, 0, 4294967295)
        return pack("<L", self.t_us)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("t_us", body, 4)
        (t_us,) = unpack_from("<L", body, 0)
        return cls(t_us)


@dataclass(slots=True)
class FixtureEdgesGet:
    """Asks for the edges the board has stamped, and forgets those told before."""

    ID: ClassVar[int] = 0x52
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x53, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
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
class FixtureEdges:
    """Some of the edges asked for; the rest begins at `next_sequence`."""

    ID: ClassVar[int] = 0x53
    MAX_BYTES: ClassVar[int] = 393
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    edges: list[FixtureEdge] = field(default_factory=list)
    next_sequence: int = 0
    lost: int = 0

    def encode(self) -> bytes:
        body = put_count("edges", len(self.edges), 64)
        for t_us, signal, level in self.edges:
            check("edges", t_us, 0, 4294967295)
            check("edges", signal, 1, 6)
            check("edges", level, 0, 1)
            body += pack("<LBB", t_us, signal, level)
        check("next_sequence", self.next_sequence, 0, 4294967295)
        check("lost", self.lost, 0, 4294967295)
        body += pack("<LL", self.next_sequence, self.lost)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        count = take_count("edges", body, 0, 64)
        at = 1
        edges = []
        for _ in range(count):
            if len(body) < at + 6:
                raise too_short("edges", body, at + 6)
            t_us, signal, level = unpack_from("<LBB", body, at)
            if not 1 <= signal <= 6:
                raise out_of_range("edges", signal, 1, 6)
            if not 0 <= level <= 1:
                raise out_of_range("edges", level, 0, 1)
            at = at + 6
            edges.append(FixtureEdge(t_us, _SIGNAL[signal], level))
        if len(body) < at + 8:
            raise too_short("next_sequence", body, at + 8)
        next_sequence, lost = unpack_from("<LL", body, at)
        return cls(edges, next_sequence, lost)


@dataclass(slots=True)
class FixturePower:
    """Switches a supply of the handset under test."""

    ID: ClassVar[int] = 0x54
    MAX_BYTES: ClassVar[int] = 2
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x55, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    rail: Rail = Rail.BATTERY
    on: int = 0

    def encode(self) -> bytes:
        check("rail", self.rail, 1, 2)
        check("on", self.on, 0, 1)
        return pack("<BB", self.rail, self.on)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 2:
            raise too_short("rail", body, 2)
        rail, on = unpack_from("<BB", body, 0)
        if not 1 <= rail <= 2:
            raise out_of_range("rail", rail, 1, 2)
        if not 0 <= on <= 1:
            raise out_of_range("on", on, 0, 1)
        return cls(_RAIL[rail], on)


@dataclass(slots=True)
class FixturePowered:
    """The supply is switched."""

    ID: ClassVar[int] = 0x55
    MAX_BYTES: ClassVar[int] = 12
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    rail: Rail = Rail.BATTERY
    on: int = 0
    supply_mv: int = 0
    current_ua: int = 0
    t_us: int = 0

    def encode(self) -> bytes:
        check("rail", self.rail, 1, 2)
        check("on", self.on, 0, 1)
        check("supply_mv", self.supply_mv, 0, 65535)
        check("current_ua", self.current_ua, 0, 4294967295)
        check("t_us", self.t_us, 0, 4294967295)
        return pack("<BBHLL", self.rail, self.on, self.supply_mv, self.current_ua, self.t_us)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 12:
            raise too_short("rail", body, 12)
        rail, on, supply_mv, current_ua, t_us = unpack_from("<BBHLL", body, 0)
        if not 1 <= rail <= 2:
            raise out_of_range("rail", rail, 1, 2)
        if not 0 <= on <= 1:
            raise out_of_range("on", on, 0, 1)
        return cls(_RAIL[rail], on, supply_mv, current_ua, t_us)


@dataclass(slots=True)
class FixtureInfoGet:
    """Asks what this fixture board is."""

    ID: ClassVar[int] = 0x56
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x57, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class FixtureInfo:
    """What this fixture board is."""

    ID: ClassVar[int] = 0x57
    MAX_BYTES: ClassVar[int] = 48
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    board: str = ""
    firmware: str = ""
    t_us: int = 0
    resolution_us: int = 0

    def encode(self) -> bytes:
        body = put_text("board", self.board, 24)
        body += put_text("firmware", self.firmware, 16)
        check("t_us", self.t_us, 0, 4294967295)
        check("resolution_us", self.resolution_us, 0, 65535)
        body += pack("<LH", self.t_us, self.resolution_us)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        board, at = take_text("board", body, 0, 24)
        firmware, at = take_text("firmware", body, at, 16)
        if len(body) < at + 6:
            raise too_short("t_us", body, at + 6)
        t_us, resolution_us = unpack_from("<LH", body, at)
        return cls(board, firmware, t_us, resolution_us)
