"""The wire codec of area config. Generated from the protocol's schema: do not edit."""

from struct import pack_into

from micropython import const

from tocsin.storage.wire import ConfigEntry
from tocsin.wire import DecodeError, EncodeError, put, take

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

# Keys that only some may set: bit 1 << role for each role that may.
CONFIG_ROLES: dict[int, int] = {
    1: 0x04,
    2: 0x04,
    7: 0x04,
    12: 0x04,
    13: 0x04,
    14: 0x04,
}


class ConfigGet:
    """Asks for the value of one key."""

    ID = 0x10
    MAX_BYTES = 1

    key: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 1:
            raise DecodeError("key")
        self.key = buf[offset]
        return self


class ConfigValue:
    """The value of one key."""

    ID = 0x11
    MAX_BYTES = 35

    def __init__(self, key: int = 0, is_default: int = 0, value: bytes = b"") -> None:
        self.key = key
        self.is_default = is_default
        self.value = value

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.key >> 8:
            raise EncodeError("key")
        if self.is_default >> 1:
            raise EncodeError("is_default")
        pack_into("<BB", buf, offset, self.key, self.is_default)
        offset += 2
        return put(buf, offset, self.value, 32, "value")


class ConfigSet:
    """Sets several keys: all of them, or none when one is refused."""

    ID = 0x12
    MAX_BYTES = 477

    entries: "list[ConfigEntry]"

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if offset >= end or buf[offset] > 14:
            raise DecodeError("entries")
        count = buf[offset]
        offset += 1
        self.entries = []
        for _ in range(count):
            if end - offset < 1:
                raise DecodeError("entries")
            key = buf[offset]
            offset += 1
            value = take(buf, offset, end, 32, "entries")
            offset += 1 + len(value)
            self.entries.append(ConfigEntry(key, value))
        return self


class ConfigApplied:
    """All keys are set and stored."""

    ID = 0x13
    MAX_BYTES = 4

    def __init__(self, generation: int = 0) -> None:
        self.generation = generation

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.generation >> 32:
            raise EncodeError("generation")
        pack_into("<L", buf, offset, self.generation)
        return offset + 4


class ConfigReset:
    """Puts several keys back to their defaults: all of them, or none when one is refused."""

    ID = 0x16
    MAX_BYTES = 33

    keys: bytes

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        self.keys = take(buf, offset, end, 32, "keys")
        return self


class ConfigDiffGet:
    """Asks for the keys that are not at their defaults."""

    ID = 0x17
    MAX_BYTES = 1

    after_key: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 1:
            raise DecodeError("after_key")
        self.after_key = buf[offset]
        return self


class ConfigDiff:
    """Keys that are not at their defaults, in the order of their numbers."""

    ID = 0x18
    MAX_BYTES = 478

    def __init__(self, entries: "list[ConfigEntry] | None" = None, more: int = 0) -> None:
        self.entries: "list[ConfigEntry]" = entries or []
        self.more = more

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if len(self.entries) > 14:
            raise EncodeError("entries")
        buf[offset] = len(self.entries)
        offset += 1
        for key, value in self.entries:
            if key >> 8:
                raise EncodeError("entries")
            pack_into("<B", buf, offset, key)
            offset += 1
            offset = put(buf, offset, value, 32, "entries")
        if self.more >> 1:
            raise EncodeError("more")
        pack_into("<B", buf, offset, self.more)
        return offset + 1
