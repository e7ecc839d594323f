"""The wire codec of area activation. Generated from the protocol's schema: do not edit."""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import PRIORITY_TEST, DecodeError, EncodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


class TestCall:
    """Begins an activation of priority TEST; refused with BUSY while one is open."""

    ID = 0x38
    MAX_BYTES = 3

    limit_s: int
    alternate: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 3:
            raise DecodeError("limit_s")
        self.limit_s, self.alternate = unpack_from("<HB", buf, offset)
        if not 10 <= self.limit_s <= 3600:
            raise DecodeError("limit_s")
        if self.alternate >> 1:
            raise DecodeError("alternate")
        return self


class ActivationState:
    """The activation that is open, or the last one."""

    ID = 0x39
    MAX_BYTES = 12
    LANE = 1

    def __init__(
        self,
        activation: int = 0,
        is_open: int = 0,
        is_confirmed: int = 0,
        priority: int = PRIORITY_TEST,
        attempt: int = 0,
        press_age_ms: int = 0,
    ) -> None:
        self.activation = activation
        self.is_open = is_open
        self.is_confirmed = is_confirmed
        self.priority = priority
        self.attempt = attempt
        self.press_age_ms = press_age_ms

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.activation >> 32:
            raise EncodeError("activation")
        if self.is_open >> 1:
            raise EncodeError("is_open")
        if self.is_confirmed >> 1:
            raise EncodeError("is_confirmed")
        if not 1 <= self.priority <= 2:
            raise EncodeError("priority")
        if self.attempt >> 8:
            raise EncodeError("attempt")
        if self.press_age_ms >> 32:
            raise EncodeError("press_age_ms")
        pack_into(
            "<LBBBBL",
            buf,
            offset,
            self.activation,
            self.is_open,
            self.is_confirmed,
            self.priority,
            self.attempt,
            self.press_age_ms,
        )
        return offset + 12


class ActivationCancel:
    """Ends an activation; refused with NO_ACTIVATION unless just that one is open."""

    ID = 0x3A
    MAX_BYTES = 4

    activation: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("activation")
        self.activation = unpack_from("<L", buf, offset)[0]
        return self


class ActivationGet:
    """Asks about the activation that is open, or the last one."""

    ID = 0x3B
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self
