"""The messages of area transfer. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import (
    by_number,
    check,
    out_of_range,
    put_long_blob,
    put_octets,
    take_long_blob,
    take_octets,
    too_short,
)
from tocsin_protocol.flow import Flow, Lane

from .names import Role, TransferKind

_TRANSFER = by_number(TransferKind)


@dataclass(slots=True)
class TransferOpen:
    """Begins a transfer, or goes on with one of the same kind, size and hash."""

    ID: ClassVar[int] = 0x30
    MAX_BYTES: ClassVar[int] = 37
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x31, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    kind: TransferKind = TransferKind.UPDATE
    size: int = 0
    sha256: bytes = bytes(32)

    def encode(self) -> bytes:
        check("kind", self.kind, 1, 3)
        check("size", self.size, 0, 4294967295)
        body = pack("<BL", self.kind, self.size)
        body += put_octets("sha256", self.sha256, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 5:
            raise too_short("kind", body, 5)
        kind, size = unpack_from("<BL", body, 0)
        if not 1 <= kind <= 3:
            raise out_of_range("kind", kind, 1, 3)
        sha256, _ = take_octets("sha256", body, 5, 32)
        return cls(_TRANSFER[kind], size, sha256)


@dataclass(slots=True)
class TransferReady:
    """Says where to go on."""

    ID: ClassVar[int] = 0x31
    MAX_BYTES: ClassVar[int] = 6
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    offset: int = 0
    chunk_bytes: int = 0

    def encode(self) -> bytes:
        check("offset", self.offset, 0, 4294967295)
        check("chunk_bytes", self.chunk_bytes, 0, 65535)
        return pack("<LH", self.offset, self.chunk_bytes)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 6:
            raise too_short("offset", body, 6)
        offset, chunk_bytes = unpack_from("<LH", body, 0)
        return cls(offset, chunk_bytes)


@dataclass(slots=True)
class TransferChunk:
    """A part of the whole; one that does not begin where the last ended is passed over."""

    ID: ClassVar[int] = 0x32
    MAX_BYTES: ClassVar[int] = 486
    FLOW: ClassVar[Flow] = Flow.EVENT
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    offset: int = 0
    data: bytes = b""

    def encode(self) -> bytes:
        check("offset", self.offset, 0, 4294967295)
        body = pack("<L", self.offset)
        body += put_long_blob("data", self.data, 480)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("offset", body, 4)
        (offset,) = unpack_from("<L", body, 0)
        data, _ = take_long_blob("data", body, 4, 480)
        return cls(offset, data)


@dataclass(slots=True)
class TransferEnd:
    """Everything is sent: asks what has become of it."""

    ID: ClassVar[int] = 0x33
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x34, 0x35, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()


@dataclass(slots=True)
class TransferDone:
    """The whole is there, stored, and has the hash it should have."""

    ID: ClassVar[int] = 0x34
    MAX_BYTES: ClassVar[int] = 32
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    sha256: bytes = bytes(32)

    def encode(self) -> bytes:
        return put_octets("sha256", self.sha256, 32)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        sha256, _ = take_octets("sha256", body, 0, 32)
        return cls(sha256)


@dataclass(slots=True)
class TransferWanted:
    """Not everything is there: go on at this offset."""

    ID: ClassVar[int] = 0x35
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    offset: int = 0

    def encode(self) -> bytes:
        check("offset", self.offset, 0, 4294967295)
        return pack("<L", self.offset)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("offset", body, 4)
        (offset,) = unpack_from("<L", body, 0)
        return cls(offset)


@dataclass(slots=True)
class TransferAbort:
    """Gives the transfer up; what has arrived is deleted."""

    ID: ClassVar[int] = 0x36
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.EVENT
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()
