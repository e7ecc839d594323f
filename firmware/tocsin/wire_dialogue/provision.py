"""The wire codec of area provision. Generated from the protocol's schema: do not edit."""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError
from tocsin.wire_dialogue import take_octets

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


class Claim:
    """Gives the handset its number and keys, all or none; refused with CLAIMED when it has them."""

    ID = 0x48
    MAX_BYTES = 100

    identity: int
    factory_key: bytes
    technician_key: bytes
    fixture_key: bytes

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("identity")
        self.identity = unpack_from("<L", buf, offset)[0]
        if not 1 <= self.identity <= 4294967295:
            raise DecodeError("identity")
        offset += 4
        self.factory_key = take_octets(buf, offset, end, 32, "factory_key")
        offset += 32
        self.technician_key = take_octets(buf, offset, end, 32, "technician_key")
        offset += 32
        self.fixture_key = take_octets(buf, offset, end, 32, "fixture_key")
        return self


class Claimed:
    """The handset has its number and keys; they count from the next session on."""

    ID = 0x49
    MAX_BYTES = 8

    def __init__(self, identity: int = 1, generation: int = 0) -> None:
        self.identity = identity
        self.generation = generation

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if not 1 <= self.identity <= 4294967295:
            raise EncodeError("identity")
        if self.generation >> 32:
            raise EncodeError("generation")
        pack_into("<LL", buf, offset, self.identity, self.generation)
        return offset + 8


class Wipe:
    """Takes the handset back: erases configuration, keys and journal, and restarts."""

    ID = 0x4A
    MAX_BYTES = 4

    identity: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("identity")
        self.identity = unpack_from("<L", buf, offset)[0]
        return self


class Wiped:
    """Everything is erased; the last word before a restart."""

    ID = 0x4B
    MAX_BYTES = 0

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        return offset
