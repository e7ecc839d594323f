"""Packets in pcapng and pcap files (draft-ietf-opsawg-pcapng, -pcap); nothing reads or writes.

Own code, for the packages that read these want the file to be whole, and a trace may still grow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import pack, unpack_from
from typing import Literal

LINE = 147  # LINKTYPE_USER0: octets of the serial line, cut anywhere
TRACE = 148  # LINKTYPE_USER1: trace records, one a packet

_SECTION, _INTERFACE, _ENHANCED = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_ORDERS: tuple[tuple[str, Literal["little", "big"]], ...] = (("<", "little"), (">", "big"))
_PCAP_UNITS = {0xA1B2C3D4: 1_000_000, 0xA1B23C4D: 1_000_000_000}
_MICROSECONDS = 6
_COMMENT, _APPLICATION, _NAME, _RESOLUTION, _FLAGS = 1, 4, 2, 9, 2
_WHOLE_SECTION = -1
_LONGEST_BLOCK = 1 << 24
_EPB_HEAD, _BLOCK_ENDS = 20, 12


class CaptureError(ValueError):
    """The octets are no capture file, or it is damaged there."""


class Way(IntEnum):
    """Which way octets went; the numbers are pcapng's inbound and outbound, seen by the host."""

    UNKNOWN = 0
    TO_HOST = 1
    TO_HANDSET = 2


@dataclass(frozen=True, slots=True)
class Packet:
    """Octets and when they passed, in microseconds since 1970."""

    t_us: int
    linktype: int
    way: Way
    data: bytes


def is_capture(data: bytes) -> bool:
    """Whether a file that starts like this is a pcapng or pcap file."""
    order = _order_of_pcap(data)
    return data[:4] == pack("<I", _SECTION) or order is not None


def file_head(linktype: int, application: str, interface: str) -> bytes:
    """The start of a pcapng file of one interface."""
    options = _option(_APPLICATION, application.encode()) + _option(0, b"")
    section = pack("<IHHq", _BYTE_ORDER, 1, 0, _WHOLE_SECTION) + options
    options = _option(_NAME, interface.encode()) + _option(_RESOLUTION, bytes((_MICROSECONDS,)))
    described = pack("<HHI", linktype, 0, 0) + options + _option(0, b"")
    return _block(_SECTION, section) + _block(_INTERFACE, described)


def packet_block(t_us: int, way: Way, data: bytes) -> bytes:
    """One packet of the file's interface."""
    head = pack("<IIIII", 0, t_us >> 32, t_us & 0xFFFFFFFF, len(data), len(data))
    flags = _option(_FLAGS, pack("<I", way)) + _option(0, b"")
    return _block(_ENHANCED, head + _padded(data) + flags)


def _option(code: int, value: bytes) -> bytes:
    return pack("<HH", code, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + _BLOCK_ENDS
    return pack("<II", kind, size) + body + pack("<I", size)


@dataclass(frozen=True, slots=True)
class _Interface:
    linktype: int
    units_per_s: int


class PacketReader:
    """Takes a capture file in pieces; `rest` octets wait for the end of their packet."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._offset = 0  # of the buffer in the file
        self._order = "<"
        self._interfaces: list[_Interface] = []
        self._take: Callable[[], Packet | None] | None = None

    @property
    def rest(self) -> int:
        """How many octets are left after the last whole packet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Packet]:
        """The packets that `data` completes, in their order. Raises CaptureError."""
        self._buffer += data
        if self._take is None:
            self._begin()
        while self._take is not None:
            before = self._offset
            packet = self._take()
            if packet is not None:
                yield packet
            if self._offset == before:
                return

    def _begin(self) -> None:
        if len(self._buffer) < 4:
            return
        if self._buffer[:4] == pack("<I", _SECTION):
            self._take = self._next_block
            return
        order = _order_of_pcap(self._buffer)
        if order is None:
            raise CaptureError("it is neither pcapng nor pcap")
        if len(self._buffer) >= 24:
            magic, linktype = unpack_from(f"{order}I16xI", self._buffer)
            self._order = order
            self._interfaces = [_Interface(linktype & 0xFFFF, _PCAP_UNITS[magic])]
            self._skip(24)
            self._take = self._next_packet

    def _skip(self, octets: int) -> None:
        del self._buffer[:octets]
        self._offset += octets

    # pcap: a header of 16 octets, then the packet

    def _next_packet(self) -> Packet | None:
        if len(self._buffer) < 16:
            return None
        seconds, units, size = unpack_from(f"{self._order}III", self._buffer)
        self._check_size(size)
        if len(self._buffer) < 16 + size:
            return None
        [interface] = self._interfaces
        t_us = seconds * 1_000_000 + units * 1_000_000 // interface.units_per_s
        data = bytes(self._buffer[16 : 16 + size])
        self._skip(16 + size)
        return Packet(t_us, interface.linktype, Way.UNKNOWN, data)

    # pcapng: blocks of kind, size, body, size again

    def _next_block(self) -> Packet | None:
        if len(self._buffer) < _BLOCK_ENDS:
            return None
        if self._buffer[:4] == pack("<I", _SECTION):
            self._order = _order_of_section(self._buffer, self._offset)
        kind, size = unpack_from(f"{self._order}II", self._buffer)
        self._check_size(size)
        if len(self._buffer) < size:
            return None
        if size < _BLOCK_ENDS or size % 4 or self._u32(size - 4) != size:
            raise CaptureError(f"the block at octet {self._offset} is damaged")
        body, at = bytes(self._buffer[8 : size - 4]), self._offset
        self._skip(size)
        return self._read(kind, body, at)

    def _read(self, kind: int, body: bytes, offset: int) -> Packet | None:
        try:
            if kind == _SECTION:
                self._interfaces = []
            elif kind == _INTERFACE:
                self._interfaces.append(self._interface(body))
            elif kind == _ENHANCED:
                return self._packet(body)
        except (IndexError, ValueError) as error:
            raise CaptureError(f"the block at octet {offset} is damaged") from error
        return None

    def _interface(self, body: bytes) -> _Interface:
        if len(body) < 8:
            raise ValueError("too short")
        resolution = self._options(body[8:]).get(_RESOLUTION, bytes((_MICROSECONDS,)))[0]
        base = 2 if resolution & 0x80 else 10
        return _Interface(unpack_from(f"{self._order}H", body)[0], base ** (resolution & 0x7F))

    def _packet(self, body: bytes) -> Packet:
        if len(body) < _EPB_HEAD:
            raise ValueError("too short")
        number, high, low, size, _ = unpack_from(f"{self._order}IIIII", body)
        interface = self._interfaces[number]
        end = _EPB_HEAD + size
        if end > len(body):
            raise ValueError("too short")
        flags = self._options(body[end + -size % 4 :]).get(_FLAGS, bytes(4))
        way = unpack_from(f"{self._order}I", flags.ljust(4, b"\0"))[0] & 3
        t_us = (high << 32 | low) * 1_000_000 // interface.units_per_s
        known = Way(way) if way in tuple(Way) else Way.UNKNOWN
        return Packet(t_us, interface.linktype, known, body[_EPB_HEAD:end])

    def _options(self, data: bytes) -> dict[int, bytes]:
        found, place = {}, 0
        while place + 4 <= len(data):
            code, size = unpack_from(f"{self._order}HH", data, place)
            found[code] = data[place + 4 : place + 4 + size]
            place += 4 + size + -size % 4
        return found

    def _u32(self, place: int) -> int:
        number: int = unpack_from(f"{self._order}I", self._buffer, place)[0]
        return number

    def _check_size(self, size: int) -> None:
        if size > _LONGEST_BLOCK:
            raise CaptureError(f"the block at octet {self._offset} is damaged")


def _order_of_pcap(data: bytes | bytearray) -> str | None:
    magics = {order: int.from_bytes(data[:4], name) for order, name in _ORDERS}
    return next((order for order, magic in magics.items() if magic in _PCAP_UNITS), None)


def _order_of_section(data: bytes | bytearray, offset: int) -> str:
    for order, name in _ORDERS:
        if int.from_bytes(data[8:12], name) == _BYTE_ORDER:
            return order
    raise CaptureError(f"the section at octet {offset} is damaged")
