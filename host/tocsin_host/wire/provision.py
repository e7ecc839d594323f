"""The messages of area provision. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass, field
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import check, out_of_range, put_octets, take_octets, too_short
from tocsin_protocol.flow import Flow, Lane

from .names import Role


@dataclass(slots=True)
class Claim:
    """Gives the handset its number and keys, all or none; refused with CLAIMED when it has them."""

    ID: ClassVar[int] = 0x48
    MAX_BYTES: ClassVar[int] = 100
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x49, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    identity: int = 1
    factory_key: bytes = field(default=bytes(32), repr=False)
    technician_key: bytes = field(default=bytes(32), repr=False)
    fixture_key: bytes = field(default=bytes(32), repr=False)

    def encode(self) -> bytes:
        check("identity", self.identity, 1, 4294967295)
        body = pack("<L", self.identity)
        body += put_octets("factory_key", self.factory_key, 32)
        body += put_octets("technician_key", self.technician_key, 32)
        body += put_octets("fixture_key", self.fixture_key, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("identity", body, 4)
        (identity,) = unpack_from("<L", body, 0)
        if not 1 <= identity <= 4294967295:
            raise out_of_range("identity", identity, 1, 4294967295)
        factory_key, at = take_octets("factory_key", body, 4, 32)
        technician_key, at = take_octets("technician_key", body, at, 32)
        fixture_key, _ = take_octets("fixture_key", body, at, 32)
        return cls(identity, factory_key, technician_key, fixture_key)


@dataclass(slots=True)
class Claimed:
    """The handset has its number and keys; they count from the next session on."""

    ID: ClassVar[int] = 0x49
    MAX_BYTES: ClassVar[int] = 8
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    identity: int = 1
    generation: int = 0

    def encode(self) -> bytes:
        check("identity", self.identity, 1, 4294967295)
        check("generation", self.generation, 0, 4294967295)
        return pack("<LL", self.identity, self.generation)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 8:
            raise too_short("identity", body, 8)
        identity, generation = unpack_from("<LL", body, 0)
        if not 1 <= identity <= 4294967295:
            raise out_of_range("identity", identity, 1, 4294967295)
        return cls(identity, generation)


@dataclass(slots=True)
class Wipe:
    """Takes the handset back: erases configuration, keys and journal, and restarts."""

    ID: ClassVar[int] = 0x4A
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x4B, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    identity: int = 0

    def encode(self) -> bytes:
        check("identity", self.identity, 0, 4294967295)
        return pack("<L", self.identity)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("identity", body, 4)
        (identity,) = unpack_from("<L", body, 0)
        return cls(identity)


@dataclass(slots=True)
class Wiped:
    """Everything is erased; the last word before a restart."""

    ID: ClassVar[int] = 0x4B
    MAX_BYTES: ClassVar[int] = 0
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    def encode(self) -> bytes:
        return b""

    @classmethod
    def decode(cls, body: bytes) -> Self:  # noqa: ARG003  # nothing to read
        return cls()
