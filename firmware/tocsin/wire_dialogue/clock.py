"""The wire codec of area clock. Generated from the protocol's schema: do not edit."""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

TIME_NONE = 0
TIME_HOST = 1
TIME_NETWORK = 2
TIME_GNSS = 3


class TimeSet:
    """Sets the clock, unless the handset has the time from a better source."""

    ID = 0x4C
    MAX_BYTES = 4

    utc_s: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("utc_s")
        self.utc_s = unpack_from("<L", buf, offset)[0]
        return self


class TimeReply:
    """The time the handset goes by."""

    ID = 0x4D
    MAX_BYTES = 9

    def __init__(self, utc_s: int = 0, ticks_ms: int = 0, source: int = TIME_NONE) -> None:
        self.utc_s = utc_s
        self.ticks_ms = ticks_ms
        self.source = source

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.utc_s >> 32:
            raise EncodeError("utc_s")
        if self.ticks_ms >> 32:
            raise EncodeError("ticks_ms")
        if self.source >> 2:
            raise EncodeError("source")
        pack_into("<LLB", buf, offset, self.utc_s, self.ticks_ms, self.source)
        return offset + 9


class TimeGet:
    """Asks for the time."""

    ID = 0x4E
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self
