"""The messages of area activation. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import by_number, check, out_of_range, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import Priority, Role

_PRIORITY = by_number(Priority)


@dataclass(slots=True)
class TestCall:
    """Begins an activation of priority TEST; refused with BUSY while one is open."""

    ID: ClassVar[int] = 0x38
    MAX_BYTES: ClassVar[int] = 3
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x39, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.URGENT
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    limit_s: int = 10
    alternate: int = 0

    def encode(self) -> bytes:
        check("limit_s", self.limit_s, 10, 3600)
        check("alternate", self.alternate, 0, 1)
        return pack("<HB", self.limit_s, self.alternate)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 3:
            raise too_short("limit_s", body, 3)
        limit_s, alternate = unpack_from("<HB", body, 0)
        if not 10 <= limit_s <= 3600:
            raise out_of_range("limit_s", limit_s, 10, 3600)
        if not 0 <= alternate <= 1:
            raise out_of_range("alternate", alternate, 0, 1)
        return cls(limit_s, alternate)


@dataclass(slots=True)
class ActivationState:
    """The activation that is open, or the last one."""

    ID: ClassVar[int] = 0x39
    MAX_BYTES: ClassVar[int] = 12
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.URGENT
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    activation: int = 0
    is_open: int = 0
    is_confirmed: int = 0
    priority: Priority = Priority.TEST
    attempt: int = 0
    press_age_ms: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("is_open", self.is_open, 0, 1)
        check("is_confirmed", self.is_confirmed, 0, 1)
        check("priority", self.priority, 1, 2)
        check("attempt", self.attempt, 0, 255)
        check("press_age_ms", self.press_age_ms, 0, 4294967295)
        return pack(
            "<LBBBBL",
            self.activation,
            self.is_open,
            self.is_confirmed,
            self.priority,
            self.attempt,
            self.press_age_ms,
        )

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 12:
            raise too_short("activation", body, 12)
        (
            activation,
            is_open,
            is_confirmed,
            priority,
            attempt,
            press_age_ms,
        ) = unpack_from("<LBBBBL", body, 0)
        if not 0 <= is_open <= 1:
            raise out_of_range("is_open", is_open, 0, 1)
        if not 0 <= is_confirmed <= 1:
            raise out_of_range("is_confirmed", is_confirmed, 0, 1)
        if not 1 <= priority <= 2:
            raise out_of_range("priority", priority, 1, 2)
        return cls(activation, is_open, is_confirmed, _PRIORITY[priority], attempt, press_age_ms)


@dataclass(slots=True)
class ActivationCancel:
    """Ends an activation; refused with NO_ACTIVATION unless just that one is open."""

    ID: ClassVar[int] = 0x3A
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x39, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.URGENT
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    activation: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        return pack("<L", self.activation)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("activation", body, 4)
        (activation,) = unpack_from("<L", body, 0)
        return cls(activation)


@dataclass(slots=True)
class ActivationGet:
    """Asks about the activation that is open, or the last one."""

    ID: ClassVar[int] = 0x3B
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x39, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.URGENT
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()
