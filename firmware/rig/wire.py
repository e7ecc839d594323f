"""The wire codec of area fixture. Generated from the protocol's schema: do not edit."""

from collections import namedtuple
from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError, put

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

CONTACT_BUTTON = 1
CONTACT_RESET = 2
CONTACT_BOOT = 3

RAIL_BATTERY = 1
RAIL_USB = 2

SIGNAL_BUTTON = 1
SIGNAL_HAPTIC = 2
SIGNAL_MODEM_TX = 3
SIGNAL_MODEM_RX = 4
SIGNAL_RING = 5
SIGNAL_SPARE = 6

FixtureEdge = namedtuple("FixtureEdge", ("t_us", "signal", "level"))  # noqa: PYI024  # no typing on the VM


class FixturePress:
    """Closes a contact of the handset under test for a while."""

    ID = 0x50
    MAX_BYTES = 6

    contact: int
    hold_ms: int
    bounces: int
    bounce_us: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 6:
            raise DecodeError("contact")
        self.contact, self.hold_ms, self.bounces, self.bounce_us = unpack_from("<BHBH", buf, offset)
        if not 1 <= self.contact <= 3:
            raise DecodeError("contact")
        if not 1 <= self.hold_ms <= 60000:
            raise DecodeError("hold_ms")
        if not 0 <= self.bounces <= 50:
            raise DecodeError("bounces")
        return self


class FixturePressed:
    """The contact closes; told at once, before it opens again."""

    ID = 0x51
    MAX_BYTES = 4

    def __init__(self, t_us: int = 0) -> None:
        self.t_us = t_us

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.t_us >> 32:
            raise EncodeError("t_us")
        pack_into("<L", buf, offset, self.t_us)
        return offset + 4


class FixtureEdgesGet:
    """Asks for the edges the board has stamped, and forgets those told before."""

    ID = 0x52
    MAX_BYTES = 4

    from_sequence: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("from_sequence")
        self.from_sequence = unpack_from("<L", buf, offset)[0]
        return self


class FixtureEdges:
    """Some of the edges asked for; the rest begins at `next_sequence`."""

    ID = 0x53
    MAX_BYTES = 393

    def __init__(
        self, edges: "list[FixtureEdge] | None" = None, next_sequence: int = 0, lost: int = 0
    ) -> None:
        self.edges: "list[FixtureEdge]" = edges or []
        self.next_sequence = next_sequence
        self.lost = lost

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if len(self.edges) > 64:
            raise EncodeError("edges")
        buf[offset] = len(self.edges)
        offset += 1
        for t_us, signal, level in self.edges:
            if t_us >> 32:
                raise EncodeError("edges")
            if not 1 <= signal <= 6:
                raise EncodeError("edges")
            if level >> 1:
                raise EncodeError("edges")
            pack_into("<LBB", buf, offset, t_us, signal, level)
            offset += 6
        if self.next_sequence >> 32:
            raise EncodeError("next_sequence")
        if self.lost >> 32:
            raise EncodeError("lost")
        pack_into("<LL", buf, offset, self.next_sequence, self.lost)
        return offset + 8


class FixturePower:
    """Switches a supply of the handset under test."""

    ID = 0x54
    MAX_BYTES = 2

    rail: int
    on: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 2:
            raise DecodeError("rail")
        self.rail, self.on = unpack_from("<BB", buf, offset)
        if not 1 <= self.rail <= 2:
            raise DecodeError("rail")
        if self.on >> 1:
            raise DecodeError("on")
        return self


class FixturePowered:
    """The supply is switched."""

    ID = 0x55
    MAX_BYTES = 12

    def __init__(
        self,
        rail: int = RAIL_BATTERY,
        on: int = 0,
        supply_mv: int = 0,
        current_ua: int = 0,
        t_us: int = 0,
    ) -> None:
        self.rail = rail
        self.on = on
        self.supply_mv = supply_mv
        self.current_ua = current_ua
        self.t_us = t_us

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if not 1 <= self.rail <= 2:
            raise EncodeError("rail")
        if self.on >> 1:
            raise EncodeError("on")
        if self.supply_mv >> 16:
            raise EncodeError("supply_mv")
        if self.current_ua >> 32:
            raise EncodeError("current_ua")
        if self.t_us >> 32:
            raise EncodeError("t_us")
        pack_into(
            "<BBHLL", buf, offset, self.rail, self.on, self.supply_mv, self.current_ua, self.t_us
        )
        return offset + 12


class FixtureInfoGet:
    """Asks what this fixture board is."""

    ID = 0x56
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class FixtureInfo:
    """What this fixture board is."""

    ID = 0x57
    MAX_BYTES = 48

    def __init__(
        self, board: str = "", firmware: str = "", t_us: int = 0, resolution_us: int = 0
    ) -> None:
        self.board = board
        self.firmware = firmware
        self.t_us = t_us
        self.resolution_us = resolution_us

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        offset = put(buf, offset, self.board.encode(), 24, "board")
        offset = put(buf, offset, self.firmware.encode(), 16, "firmware")
        if self.t_us >> 32:
            raise EncodeError("t_us")
        if self.resolution_us >> 16:
            raise EncodeError("resolution_us")
        pack_into("<LH", buf, offset, self.t_us, self.resolution_us)
        return offset + 6
