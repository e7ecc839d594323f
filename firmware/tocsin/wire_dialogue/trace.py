"""The wire codec of area trace. Generated from the protocol's schema: do not edit."""

from struct import pack_into

from micropython import const

from tocsin.wire import DecodeError, EncodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


class TraceSubscribe:
    """Asks for trace events in this session from now on, or for no more of them."""

    ID = 0x21
    MAX_BYTES = 1

    on: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 1:
            raise DecodeError("on")
        self.on = buf[offset]
        if self.on >> 1:
            raise DecodeError("on")
        return self


class TraceSubscribed:
    """Events are sent from now on, or no more."""

    ID = 0x22
    MAX_BYTES = 4

    def __init__(self, dropped: int = 0) -> None:
        self.dropped = dropped

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.dropped >> 32:
            raise EncodeError("dropped")
        pack_into("<L", buf, offset, self.dropped)
        return offset + 4
