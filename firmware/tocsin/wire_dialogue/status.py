"""The wire codec of area status. Generated from the protocol's schema: do not edit."""

from collections import namedtuple
from struct import pack_into

from micropython import const

from tocsin.wire import RESET_UNKNOWN, EncodeError, put

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

REGISTRATION_NONE = 0
REGISTRATION_HOME = 1
REGISTRATION_SEARCHING = 2
REGISTRATION_DENIED = 3
REGISTRATION_UNKNOWN = 4
REGISTRATION_ROAMING = 5
REGISTRATION_SMS_HOME = 6
REGISTRATION_SMS_ROAMING = 7
REGISTRATION_EMERGENCY_ONLY = 8
REGISTRATION_CSFB_HOME = 9
REGISTRATION_CSFB_ROAMING = 10

GNSS_OFF = 0
GNSS_SEARCHING = 1
GNSS_FIXED = 2

RADIO_ABSENT = 0
RADIO_OFF = 1
RADIO_ON = 2

CHECK_STORAGE = 1
CHECK_BATTERY = 2
CHECK_BUTTON = 3
CHECK_HAPTIC = 4
CHECK_MODEM = 5
CHECK_SIM = 6
CHECK_NETWORK = 7
CHECK_GNSS = 8
CHECK_CLOCK = 9
CHECK_CONFIG = 10
CHECK_IMS = 11
CHECK_KEYS = 12

VERDICT_PASSED = 0
VERDICT_FAILED = 1
VERDICT_SKIPPED = 2

SelfTestFinding = namedtuple("SelfTestFinding", ("checked", "verdict", "value"))  # noqa: PYI024  # no typing on the VM


class StatusGet:
    """Asks how ready the handset is to raise an alarm."""

    ID = 0x08
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class Status:
    """How ready the handset is to raise an alarm."""

    ID = 0x09
    MAX_BYTES = 204

    def __init__(
        self,
        battery_mv: int = 0,
        battery_pct: int = 0,
        registration: int = REGISTRATION_NONE,
        signal_dbm: int = 0,
        gnss: int = GNSS_OFF,
        fix_age_s: int = 0,
        is_open: int = 0,
        activation: int = 0,
        journal_next: int = 0,
        storage_free_bytes: int = 0,
        faults: int = 0,
        journal_acked: int = 0,
        is_erasing: int = 0,
        radio: int = RADIO_ABSENT,
        reset_cause: int = RESET_UNKNOWN,
        fault_uptime_s: int = 0,
        fault_utc_s: int = 0,
        fault: str = "",
    ) -> None:
        self.battery_mv = battery_mv
        self.battery_pct = battery_pct
        self.registration = registration
        self.signal_dbm = signal_dbm
        self.gnss = gnss
        self.fix_age_s = fix_age_s
        self.is_open = is_open
        self.activation = activation
        self.journal_next = journal_next
        self.storage_free_bytes = storage_free_bytes
        self.faults = faults
        self.journal_acked = journal_acked
        self.is_erasing = is_erasing
        self.radio = radio
        self.reset_cause = reset_cause
        self.fault_uptime_s = fault_uptime_s
        self.fault_utc_s = fault_utc_s
        self.fault = fault

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.battery_mv >> 16:
            raise EncodeError("battery_mv")
        if self.battery_pct >> 8:
            raise EncodeError("battery_pct")
        if not 0 <= self.registration <= 10:
            raise EncodeError("registration")
        if not -150 <= self.signal_dbm <= 0:
            raise EncodeError("signal_dbm")
        if not 0 <= self.gnss <= 2:
            raise EncodeError("gnss")
        if self.fix_age_s >> 16:
            raise EncodeError("fix_age_s")
        if self.is_open >> 1:
            raise EncodeError("is_open")
        if self.activation >> 32:
            raise EncodeError("activation")
        if self.journal_next >> 32:
            raise EncodeError("journal_next")
        if self.storage_free_bytes >> 32:
            raise EncodeError("storage_free_bytes")
        if self.faults >> 32:
            raise EncodeError("faults")
        if self.journal_acked >> 32:
            raise EncodeError("journal_acked")
        if self.is_erasing >> 1:
            raise EncodeError("is_erasing")
        if not 0 <= self.radio <= 2:
            raise EncodeError("radio")
        if not 0 <= self.reset_cause <= 5:
            raise EncodeError("reset_cause")
        if self.fault_uptime_s >> 32:
            raise EncodeError("fault_uptime_s")
        if self.fault_utc_s >> 32:
            raise EncodeError("fault_utc_s")
        pack_into(
            "<HBBlBHBLLLLLBBBLL",
            buf,
            offset,
            self.battery_mv,
            self.battery_pct,
            self.registration,
            self.signal_dbm,
            self.gnss,
            self.fix_age_s,
            self.is_open,
            self.activation,
            self.journal_next,
            self.storage_free_bytes,
            self.faults,
            self.journal_acked,
            self.is_erasing,
            self.radio,
            self.reset_cause,
            self.fault_uptime_s,
            self.fault_utc_s,
        )
        offset += 43
        return put(buf, offset, self.fault.encode(), 160, "fault")


class SelfTestRun:
    """Has the handset test itself; refused with BUSY while an activation is open."""

    ID = 0x0A
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class SelfTestResult:
    """What the self-test found."""

    ID = 0x0B
    MAX_BYTES = 97

    def __init__(self, findings: "list[SelfTestFinding] | None" = None) -> None:
        self.findings: "list[SelfTestFinding]" = findings or []

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if len(self.findings) > 16:
            raise EncodeError("findings")
        buf[offset] = len(self.findings)
        offset += 1
        for checked, verdict, value in self.findings:
            if not 1 <= checked <= 12:
                raise EncodeError("findings")
            if not 0 <= verdict <= 2:
                raise EncodeError("findings")
            if not -2147483648 <= value <= 2147483647:
                raise EncodeError("findings")
            pack_into("<BBl", buf, offset, checked, verdict, value)
            offset += 6
        return offset
