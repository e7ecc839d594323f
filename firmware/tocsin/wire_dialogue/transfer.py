"""The wire codec of area transfer. Generated from the protocol's schema: do not edit."""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError
from tocsin.wire_dialogue import put_octets, take_long, take_octets

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

TRANSFER_UPDATE = 1
TRANSFER_AIDING = 2
TRANSFER_DIAGNOSTIC = 3


class TransferOpen:
    """Begins a transfer, or goes on with one of the same kind, size and hash."""

    ID = 0x30
    MAX_BYTES = 37

    kind: int
    size: int
    sha256: bytes

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 5:
            raise DecodeError("kind")
        self.kind, self.size = unpack_from("<BL", buf, offset)
        if not 1 <= self.kind <= 3:
            raise DecodeError("kind")
        offset += 5
        self.sha256 = take_octets(buf, offset, end, 32, "sha256")
        return self


class TransferReady:
    """Says where to go on."""

    ID = 0x31
    MAX_BYTES = 6

    def __init__(self, offset: int = 0, chunk_bytes: int = 0) -> None:
        self.offset = offset
        self.chunk_bytes = chunk_bytes

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.offset >> 32:
            raise EncodeError("offset")
        if self.chunk_bytes >> 16:
            raise EncodeError("chunk_bytes")
        pack_into("<LH", buf, offset, self.offset, self.chunk_bytes)
        return offset + 6


class TransferChunk:
    """A part of the whole; one that does not begin where the last ended is passed over."""

    ID = 0x32
    MAX_BYTES = 486

    offset: int
    data: "bytes | memoryview"

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("offset")
        self.offset = unpack_from("<L", buf, offset)[0]
        offset += 4
        self.data = take_long(buf, offset, end, 480, "data")
        return self


class TransferEnd:
    """Everything is sent: asks what has become of it."""

    ID = 0x33
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self


class TransferDone:
    """The whole is there, stored, and has the hash it should have."""

    ID = 0x34
    MAX_BYTES = 32

    def __init__(self, sha256: bytes = bytes(32)) -> None:
        self.sha256 = sha256

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        return put_octets(buf, offset, self.sha256, 32, "sha256")


class TransferWanted:
    """Not everything is there: go on at this offset."""

    ID = 0x35
    MAX_BYTES = 4

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.offset >> 32:
            raise EncodeError("offset")
        pack_into("<L", buf, offset, self.offset)
        return offset + 4


class TransferAbort:
    """Gives the transfer up; what has arrived is deleted."""

    ID = 0x36
    MAX_BYTES = 0

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        return self
