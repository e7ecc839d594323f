"""The wire codec of area health. Generated from the protocol's schema: do not edit."""

from struct import pack_into

from tocsin.wire import RESET_UNKNOWN, EncodeError, put

HEALTH_HEARTBEAT = 1
HEALTH_BATTERY = 2


class HealthReport:
    """Says that the handset lives, and how it is. Travels inside Sealed."""

    ID = 0x43
    MAX_BYTES = 40

    def __init__(
        self,
        reason: int = HEALTH_HEARTBEAT,
        next_s: int = 0,
        battery_mv: int = 0,
        battery_pct: int = 0,
        tested: int = 0,
        failed: int = 0,
        reset_cause: int = RESET_UNKNOWN,
        uptime_s: int = 0,
        faults: int = 0,
        config_generation: int = 0,
        firmware: str = "",
    ) -> None:
        self.reason = reason
        self.next_s = next_s
        self.battery_mv = battery_mv
        self.battery_pct = battery_pct
        self.tested = tested
        self.failed = failed
        self.reset_cause = reset_cause
        self.uptime_s = uptime_s
        self.faults = faults
        self.config_generation = config_generation
        self.firmware = firmware

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if not 1 <= self.reason <= 2:
            raise EncodeError("reason")
        if self.next_s >> 32:
            raise EncodeError("next_s")
        if self.battery_mv >> 16:
            raise EncodeError("battery_mv")
        if not 0 <= self.battery_pct <= 100:
            raise EncodeError("battery_pct")
        if self.tested >> 16:
            raise EncodeError("tested")
        if self.failed >> 16:
            raise EncodeError("failed")
        if not 0 <= self.reset_cause <= 5:
            raise EncodeError("reset_cause")
        if self.uptime_s >> 32:
            raise EncodeError("uptime_s")
        if self.faults >> 16:
            raise EncodeError("faults")
        if self.config_generation >> 32:
            raise EncodeError("config_generation")
        pack_into(
            "<BLHBHHBLHL",
            buf,
            offset,
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
        offset += 23
        return put(buf, offset, self.firmware.encode(), 16, "firmware")
