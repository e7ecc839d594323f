"""The messages of area about. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, put_text, take_text, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import ResetCause, Role

_RESET = by_number(ResetCause)


@dataclass(slots=True)
class InfoGet:
    """Asks what this handset is and how it is."""

    ID: ClassVar[int] = 0x03
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x04, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class Info:
    """What this handset is and how it is."""

    ID: ClassVar[int] = 0x04
    MAX_BYTES: ClassVar[int] = 107
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    identity: int = 0
    board: str = ""
    firmware: str = ""
    micropython: str = ""
    issued: int = 0
    uptime_s: int = 0
    ticks_ms: int = 0
    heap_free_bytes: int = 0
    battery_pct: int = 0
    reset_cause: ResetCause = ResetCause.UNKNOWN
    imei: str = ""
    config_generation: int = 0

    def encode(self) -> bytes:
        check("identity", self.identity, 0, 4294967295)
        body = pack("<L", self.identity)
        body += put_text("board", self.board, 24)
        body += put_text("firmware", self.firmware, 16)
        body += put_text("micropython", self.micropython, 24)
        check("issued", self.issued, 0, 1)
        check("uptime_s", self.uptime_s, 0, 4294967295)
        check("ticks_ms", self.ticks_ms, 0, 4294967295)
        check("heap_free_bytes", self.heap_free_bytes, 0, 4294967295)
        check("battery_pct", self.battery_pct, 0, 255)
        check("reset_cause", self.reset_cause, 0, 5)
        body += pack(
            "<BLLLBB",
            self.issued,
            self.uptime_s,
            self.ticks_ms,
            self.heap_free_bytes,
            self.battery_pct,
            self.reset_cause,
        )
        body += put_text("imei", self.imei, 16)
        check("config_generation", self.config_generation, 0, 4294967295)
        body += pack("<L", self.config_generation)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("identity", body, 4)
        (identity,) = unpack_from("<L", body, 0)
        board, at = take_text("board", body, 4, 24)
        firmware, at = take_text("firmware", body, at, 16)
        micropython, at = take_text("micropython", body, at, 24)
        if len(body) < at + 15:
            raise too_short("issued", body, at + 15)
        (
            issued,
            uptime_s,
            ticks_ms,
            heap_free_bytes,
            battery_pct,
            reset_cause,
        ) = unpack_from("<BLLLBB", body, at)
        if not 0 <= issued <= 1:
            raise out_of_range("issued", issued, 0, 1)
        if not 0 <= reset_cause <= 5:
            raise out_of_range("reset_cause", reset_cause, 0, 5)
        imei, at = take_text("imei", body, at + 15, 16)
        if len(body) < at + 4:
            raise too_short("config_generation", body, at + 4)
        (config_generation,) = unpack_from("<L", body, at)
        return cls(
            identity,
            board,
            firmware,
            micropython,
            issued,
            uptime_s,
            ticks_ms,
            heap_free_bytes,
            battery_pct,
            _RESET[reset_cause],
            imei,
            config_generation,
        )


@dataclass(slots=True)
class Restart:
    """Restarts the firmware; refused with BUSY while an activation is open."""

    ID: ClassVar[int] = 0x14
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x15, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class Restarting:
    """The last word before a restart."""

    ID: ClassVar[int] = 0x15
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()
