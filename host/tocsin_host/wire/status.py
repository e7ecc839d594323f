"""The messages of area status. Generated from the protocol's schema: do not edit."""

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

from .names import GnssState, RadioState, Registration, ResetCause, Role, SelfCheck, SelfVerdict
from .records import SelfTestFinding

_GNSS = by_number(GnssState)
_RADIO = by_number(RadioState)
_REGISTRATION = by_number(Registration)
_RESET = by_number(ResetCause)
_CHECK = by_number(SelfCheck)
_VERDICT = by_number(SelfVerdict)


@dataclass(slots=True)
class StatusGet:
    """Asks how ready the handset is to raise an alarm."""

    ID: ClassVar[int] = 0x08
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x09, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class Status:
    """How ready the handset is to raise an alarm."""

    ID: ClassVar[int] = 0x09
    MAX_BYTES: ClassVar[int] = 204
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    battery_mv: int = 0
    battery_pct: int = 0
    registration: Registration = Registration.NONE
    signal_dbm: int = 0
    gnss: GnssState = GnssState.OFF
    fix_age_s: int = 0
    is_open: int = 0
    activation: int = 0
    journal_next: int = 0
    storage_free_bytes: int = 0
    faults: int = 0
    journal_acked: int = 0
    is_erasing: int = 0
    radio: RadioState = RadioState.ABSENT
    reset_cause: ResetCause = ResetCause.UNKNOWN
    fault_uptime_s: int = 0
    fault_utc_s: int = 0
    fault: str = ""

    def encode(self) -> bytes:
        check("battery_mv", self.battery_mv, 0, 65535)
        check("battery_pct", self.battery_pct, 0, 255)
        check("registration", self.registration, 0, 10)
        check("signal_dbm", self.signal_dbm, -150, 0)
        check("gnss", self.gnss, 0, 2)
        check("fix_age_s", self.fix_age_s, 0, 65535)
        check("is_open", self.is_open, 0, 1)
        check("activation", self.activation, 0, 4294967295)
        check("journal_next", self.journal_next, 0, 4294967295)
        check("storage_free_bytes", self.storage_free_bytes, 0, 4294967295)
        check("faults", self.faults, 0, 4294967295)
        check("journal_acked", self.journal_acked, 0, 4294967295)
        check("is_erasing", self.is_erasing, 0, 1)
        check("radio", self.radio, 0, 2)
        check("reset_cause", self.reset_cause, 0, 5)
        check("fault_uptime_s", self.fault_uptime_s, 0, 4294967295)
        check("fault_utc_s", self.fault_utc_s, 0, 4294967295)
        body = pack(
            "<HBBlBHBLLLLLBBBLL",
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
        body += put_text("fault", self.fault, 160)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 43:
            raise too_short("battery_mv", body, 43)
        (
            battery_mv,
            battery_pct,
            registration,
            signal_dbm,
            gnss,
            fix_age_s,
            is_open,
            activation,
            journal_next,
            storage_free_bytes,
            faults,
            journal_acked,
            is_erasing,
            radio,
            reset_cause,
            fault_uptime_s,
            fault_utc_s,
        ) = unpack_from("<HBBlBHBLLLLLBBBLL", body, 0)
        if not 0 <= registration <= 10:
            raise out_of_range("registration", registration, 0, 10)
        if not -150 <= signal_dbm <= 0:
            raise out_of_range("signal_dbm", signal_dbm, -150, 0)
        if not 0 <= gnss <= 2:
            raise out_of_range("gnss", gnss, 0, 2)
        if not 0 <= is_open <= 1:
            raise out_of_range("is_open", is_open, 0, 1)
        if not 0 <= is_erasing <= 1:
            raise out_of_range("is_erasing", is_erasing, 0, 1)
        if not 0 <= radio <= 2:
            raise out_of_range("radio", radio, 0, 2)
        if not 0 <= reset_cause <= 5:
            raise out_of_range("reset_cause", reset_cause, 0, 5)
        fault, _ = take_text("fault", body, 43, 160)
        return cls(
            battery_mv,
            battery_pct,
            _REGISTRATION[registration],
            signal_dbm,
            _GNSS[gnss],
            fix_age_s,
            is_open,
            activation,
            journal_next,
            storage_free_bytes,
            faults,
            journal_acked,
            is_erasing,
            _RADIO[radio],
            _RESET[reset_cause],
            fault_uptime_s,
            fault_utc_s,
            fault,
        )


@dataclass(slots=True)
class SelfTestRun:
    """Has the handset test itself; refused with BUSY while an activation is open."""

    ID: ClassVar[int] = 0x0A
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x0B, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class SelfTestResult:
    """What the self-test found."""

    ID: ClassVar[int] = 0x0B
    MAX_BYTES: ClassVar[int] = 97
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    findings: list[SelfTestFinding] = field(default_factory=list)

    def encode(self) -> bytes:
        body = put_count("findings", len(self.findings), 16)
        for checked, verdict, value in self.findings:
            check("findings", checked, 1, 12)
            check("findings", verdict, 0, 2)
            check("findings", value, -2147483648, 2147483647)
            body += pack("<BBl", checked, verdict, value)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        count = take_count("findings", body, 0, 16)
        at = 1
        findings = []
        for _ in range(count):
            if len(body) < at + 6:
                raise too_short("findings", body, at + 6)
            checked, verdict, value = unpack_from("<BBl", body, at)
            if not 1 <= checked <= 12:
                raise out_of_range("findings", checked, 1, 12)
            if not 0 <= verdict <= 2:
                raise out_of_range("findings", verdict, 0, 2)
            at = at + 6
            findings.append(SelfTestFinding(_CHECK[checked], _VERDICT[verdict], value))
        return cls(findings)
