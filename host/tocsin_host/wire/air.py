"""The messages of area air. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, put_blob, take_blob, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import FixSource, Priority, Role

_FIX = by_number(FixSource)
_PRIORITY = by_number(Priority)


@dataclass(slots=True)
class TagReport:
    """Tags the call with who presses, how urgent and where. Travels inside Sealed."""

    ID: ClassVar[int] = 0x40
    MAX_BYTES: ClassVar[int] = 35
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x41})
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    activation: int = 0
    priority: Priority = Priority.TEST
    attempt: int = 0
    press_age_ms: int = 0
    battery_pct: int = 0
    fix_source: FixSource = FixSource.NONE
    lat_deg_e7: int = 0
    lon_deg_e7: int = 0
    radius_m: int = 0
    fix_age_s: int = 0
    mcc: int = 0
    mnc: int = 0
    area: int = 0
    cell: int = 0
    duress: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("priority", self.priority, 1, 2)
        check("attempt", self.attempt, 0, 255)
        check("press_age_ms", self.press_age_ms, 0, 4294967295)
        check("battery_pct", self.battery_pct, 0, 255)
        check("fix_source", self.fix_source, 0, 3)
        check("lat_deg_e7", self.lat_deg_e7, -900000000, 900000000)
        check("lon_deg_e7", self.lon_deg_e7, -1800000000, 1800000000)
        check("radius_m", self.radius_m, 0, 65535)
        check("fix_age_s", self.fix_age_s, 0, 65535)
        check("mcc", self.mcc, 0, 65535)
        check("mnc", self.mnc, 0, 65535)
        check("area", self.area, 0, 65535)
        check("cell", self.cell, 0, 4294967295)
        body = pack(
            "<LBBLBBllHHHHHL",
            self.activation,
            self.priority,
            self.attempt,
            self.press_age_ms,
            self.battery_pct,
            self.fix_source,
            self.lat_deg_e7,
            self.lon_deg_e7,
            self.radius_m,
            self.fix_age_s,
            self.mcc,
            self.mnc,
            self.area,
            self.cell,
        )
        check("duress", self.duress, 0, 1)
        body += pack("<B", self.duress)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 34:
            raise too_short("activation", body, 34)
        (
            activation,
            priority,
            attempt,
            press_age_ms,
            battery_pct,
            fix_source,
            lat_deg_e7,
            lon_deg_e7,
            radius_m,
            fix_age_s,
            mcc,
            mnc,
            area,
            cell,
        ) = unpack_from("<LBBLBBllHHHHHL", body, 0)
        if not 1 <= priority <= 2:
            raise out_of_range("priority", priority, 1, 2)
        if not 0 <= fix_source <= 3:
            raise out_of_range("fix_source", fix_source, 0, 3)
        if not -900000000 <= lat_deg_e7 <= 900000000:
            raise out_of_range("lat_deg_e7", lat_deg_e7, -900000000, 900000000)
        if not -1800000000 <= lon_deg_e7 <= 1800000000:
            raise out_of_range("lon_deg_e7", lon_deg_e7, -1800000000, 1800000000)
        if len(body) == 34:  # an older peer's
            return cls(
                activation,
                _PRIORITY[priority],
                attempt,
                press_age_ms,
                battery_pct,
                _FIX[fix_source],
                lat_deg_e7,
                lon_deg_e7,
                radius_m,
                fix_age_s,
                mcc,
                mnc,
                area,
                cell,
            )
        if len(body) < 35:
            raise too_short("duress", body, 35)
        (duress,) = unpack_from("<B", body, 34)
        if not 0 <= duress <= 1:
            raise out_of_range("duress", duress, 0, 1)
        return cls(
            activation,
            _PRIORITY[priority],
            attempt,
            press_age_ms,
            battery_pct,
            _FIX[fix_source],
            lat_deg_e7,
            lon_deg_e7,
            radius_m,
            fix_age_s,
            mcc,
            mnc,
            area,
            cell,
            duress,
        )


@dataclass(slots=True)
class AnswerAck:
    """Confirms that a person has answered this activation. Travels inside Sealed."""

    ID: ClassVar[int] = 0x41
    MAX_BYTES: ClassVar[int] = 8
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    activation: int = 0
    answered_age_ms: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("answered_age_ms", self.answered_age_ms, 0, 4294967295)
        return pack("<LL", self.activation, self.answered_age_ms)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 8:
            raise too_short("activation", body, 8)
        activation, answered_age_ms = unpack_from("<LL", body, 0)
        return cls(activation, answered_age_ms)


@dataclass(slots=True)
class Sealed:
    """Carries one message over the air, encrypted and authenticated (see Over the air)."""

    ID: ClassVar[int] = 0x42
    MAX_BYTES: ClassVar[int] = 128
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    handset: int = 0
    counter: int = 0
    box: bytes = b""

    def encode(self) -> bytes:
        check("handset", self.handset, 0, 4294967295)
        check("counter", self.counter, 0, 4294967295)
        body = pack("<LL", self.handset, self.counter)
        body += put_blob("box", self.box, 119)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 8:
            raise too_short("handset", body, 8)
        handset, counter = unpack_from("<LL", body, 0)
        box, _ = take_blob("box", body, 8, 119)
        return cls(handset, counter, box)
