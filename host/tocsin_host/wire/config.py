"""The messages of area config. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass, field
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import (
    check,
    out_of_range,
    put_blob,
    put_count,
    take_blob,
    take_count,
    too_short,
)
from tocsin_protocol.flow import Flow, Lane

from .names import Role
from .records import ConfigEntry


@dataclass(slots=True)
class ConfigGet:
    """Asks for the value of one key."""

    ID: ClassVar[int] = 0x10
    MAX_BYTES: ClassVar[int] = 1
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x11, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    key: int = 0

    def encode(self) -> bytes:
        check("key", self.key, 0, 255)
        return pack("<B", self.key)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 1:
            raise too_short("key", body, 1)
        (key,) = unpack_from("<B", body, 0)
        return cls(key)


@dataclass(slots=True)
class ConfigValue:
    """The value of one key."""

    ID: ClassVar[int] = 0x11
    MAX_BYTES: ClassVar[int] = 35
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    key: int = 0
    is_default: int = 0
    value: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        check("key", self.key, 0, 255)
        check("is_default", self.is_default, 0, 1)
        body = pack("<BB", self.key, self.is_default)
        body += put_blob("value", self.value, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 2:
            raise too_short("key", body, 2)
        key, is_default = unpack_from("<BB", body, 0)
        if not 0 <= is_default <= 1:
            raise out_of_range("is_default", is_default, 0, 1)
        value, _ = take_blob("value", body, 2, 32)
        return cls(key, is_default, value)


@dataclass(slots=True)
class ConfigSet:
    """Sets several keys: all of them, or none when one is refused."""

    ID: ClassVar[int] = 0x12
    MAX_BYTES: ClassVar[int] = 477
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x13, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    entries: list[ConfigEntry] = field(default_factory=list)

    def encode(self) -> bytes:
        body = put_count("entries", len(self.entries), 14)
        for key, value in self.entries:
            check("entries", key, 0, 255)
            body += pack("<B", key)
            body += put_blob("entries", value, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        count = take_count("entries", body, 0, 14)
        at = 1
        entries = []
        for _ in range(count):
            if len(body) < at + 1:
                raise too_short("entries", body, at + 1)
            (key,) = unpack_from("<B", body, at)
            value, at = take_blob("entries", body, at + 1, 32)
            entries.append(ConfigEntry(key, value))
        return cls(entries)


@dataclass(slots=True)
class ConfigApplied:
    """All keys are set and stored."""

    ID: ClassVar[int] = 0x13
    MAX_BYTES: ClassVar[int] = 4
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    generation: int = 0

    def encode(self) -> bytes:
        check("generation", self.generation, 0, 4294967295)
        return pack("<L", self.generation)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 4:
            raise too_short("generation", body, 4)
        (generation,) = unpack_from("<L", body, 0)
        return cls(generation)


@dataclass(slots=True)
class ConfigReset:
    """Puts several keys back to their defaults: all of them, or none when one is refused."""

    ID: ClassVar[int] = 0x16
    MAX_BYTES: ClassVar[int] = 33
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x13, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    keys: bytes = b""

    def encode(self) -> bytes:
        return put_blob("keys", self.keys, 32)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        keys, _ = take_blob("keys", body, 0, 32)
        return cls(keys)


@dataclass(slots=True)
class ConfigDiffGet:
    """Asks for the keys that are not at their defaults."""

    ID: ClassVar[int] = 0x17
    MAX_BYTES: ClassVar[int] = 1
    FLOW: ClassVar[Flow] = Flow.STARTS
    REPLIES: ClassVar[frozenset[int]] = frozenset({0x18, 0x7F})
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    after_key: int = 0

    def encode(self) -> bytes:
        check("after_key", self.after_key, 0, 255)
        return pack("<B", self.after_key)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 1:
            raise too_short("after_key", body, 1)
        (after_key,) = unpack_from("<B", body, 0)
        return cls(after_key)


@dataclass(slots=True)
class ConfigDiff:
    """Keys that are not at their defaults, in the order of their numbers."""

    ID: ClassVar[int] = 0x18
    MAX_BYTES: ClassVar[int] = 478
    FLOW: ClassVar[Flow] = Flow.ENDS
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset({Role.TECHNICIAN, Role.FACTORY, Role.FIXTURE})
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 1)

    entries: list[ConfigEntry] = field(default_factory=list)
    more: int = 0

    def encode(self) -> bytes:
        body = put_count("entries", len(self.entries), 14)
        for key, value in self.entries:
            check("entries", key, 0, 255)
            body += pack("<B", key)
            body += put_blob("entries", value, 32)
        check("more", self.more, 0, 1)
        body += pack("<B", self.more)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        count = take_count("entries", body, 0, 14)
        at = 1
        entries = []
        for _ in range(count):
            if len(body) < at + 1:
                raise too_short("entries", body, at + 1)
            (key,) = unpack_from("<B", body, at)
            value, at = take_blob("entries", body, at + 1, 32)
            entries.append(ConfigEntry(key, value))
        if len(body) < at + 1:
            raise too_short("more", body, at + 1)
        (more,) = unpack_from("<B", body, at)
        if not 0 <= more <= 1:
            raise out_of_range("more", more, 0, 1)
        return cls(entries, more)
