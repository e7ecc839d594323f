"""The messages of area health. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, put_text, take_text, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import HealthReason, ResetCause, Role

_HEALTH = by_number(HealthReason)
_RESET = by_number(ResetCause)


@dataclass(slots=True)
class HealthReport:
    """Says that the handset lives, and how it is. Travels inside Sealed."""

    ID: ClassVar[int] = 0x43
    MAX_BYTES: ClassVar[int] = 40
    FLOW: ClassVar[Flow] = Flow.EVENT
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    reason: HealthReason = HealthReason.HEARTBEAT
    next_s: int = 0
    battery_mv: int = 0
    battery_pct: int = 0
    tested: int = 0
    failed: int = 0
    reset_cause: ResetCause = ResetCause.UNKNOWN
    uptime_s: int = 0
    faults: int = 0
    config_generation: int = 0
    firmware: str = ""

    def encode(self) -> bytes:
        check("reason", self.reason, 1, 2)
        check("next_s", self.next_s, 0, 4294967295)
        check("battery_mv", self.battery_mv, 0, 65535)
        check("battery_pct", self.battery_pct, 0, 100)
        check("tested", self.tested, 0, 65535)
        check("failed", self.failed, 0, 65535)
        check("reset_cause", self.reset_cause, 0, 5)
        check("uptime_s", self.uptime_s, 0, 4294967295)
        check("faults", self.faults, 0, 65535)
        check("config_generation", self.config_generation, 0, 4294967295)
        body = pack(
            "<BLHBHHBLHL",
            self.reason,
            self.next_s,
            self.battery_mv,
            self.battery_pct,
            self.tested,
            self.failed,
            self.reset_cause,
            self.uptime_s,
            self.faults,
            self.config_generation,
        )
        body += put_text("firmware", self.firmware, 16)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 23:
            raise too_short("reason", body, 23)
        (
            reason,
            next_s,
            battery_mv,
            battery_pct,
            tested,
            failed,
            reset_cause,
            uptime_s,
            faults,
            config_generation,
        ) = unpack_from("<BLHBHHBLHL", body, 0)
        if not 1 <= reason <= 2:
            raise out_of_range("reason", reason, 1, 2)
        if not 0 <= battery_pct <= 100:
            raise out_of_range("battery_pct", battery_pct, 0, 100)
        if not 0 <= reset_cause <= 5:
            raise out_of_range("reset_cause", reset_cause, 0, 5)
        firmware, _ = take_text("firmware", body, 23, 16)
        return cls(
            _HEALTH[reason],
            next_s,
            battery_mv,
            battery_pct,
            tested,
            failed,
            _RESET[reset_cause],
            uptime_s,
            faults,
            config_generation,
            firmware,
        )
