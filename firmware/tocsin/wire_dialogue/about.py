"""The wire codec of area about. Generated from the protocol's schema: do not edit."""

from struct import pack_into

from micropython import const

from tocsin.wire import RESET_UNKNOWN, EncodeError, put

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


class InfoGet:
    """Asks what this handset is and how it is."""

    ID = 0x03
    MAX_BYTES = 0

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


class Restart:
    """Restarts the firmware; refused with BUSY while an activation is open."""

    ID = 0x14
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class Restarting:
    """The last word before a restart."""

    ID = 0x15
    MAX_BYTES = 0

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        return offset
