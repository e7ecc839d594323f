"""The messages of area stored. Generated from the protocol's schema: do not edit."""

from dataclasses import dataclass, field
from struct import pack, unpack_from
from typing import ClassVar, Self

from tocsin_protocol.codec import (
    by_number,
    check,
    out_of_range,
    put_blob,
    put_count,
    take_blob,
    take_count,
    too_short,
)
from tocsin_protocol.flow import Flow, Lane

from .names import JournalKind, Role
from .records import ConfigEntry

_JOURNAL = by_number(JournalKind)


@dataclass(slots=True)
class JournalEntry:
    """One line of the journal."""

    ID: ClassVar[int] = 0x60
    MAX_BYTES: ClassVar[int] = 18
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    sequence: int = 0
    ticks_ms: int = 0
    utc_s: int = 0
    kind: JournalKind = JournalKind.BOOT
    code: int = 0
    value: int = 0

    def encode(self) -> bytes:
        check("sequence", self.sequence, 0, 4294967295)
        check("ticks_ms", self.ticks_ms, 0, 4294967295)
        check("utc_s", self.utc_s, 0, 4294967295)
        check("kind", self.kind, 1, 18)
        check("code", self.code, 0, 255)
        check("value", self.value, -2147483648, 2147483647)
        return pack(
            "<LLLBBl", self.sequence, self.ticks_ms, self.utc_s, self.kind, self.code, self.value
        )

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 18:
            raise too_short("sequence", body, 18)
        sequence, ticks_ms, utc_s, kind, code, value = unpack_from("<LLLBBl", body, 0)
        if not 1 <= kind <= 18:
            raise out_of_range("kind", kind, 1, 18)
        return cls(sequence, ticks_ms, utc_s, _JOURNAL[kind], code, value)


@dataclass(slots=True)
class ActivationRecord:
    """The mark that an activation is open, so that it goes on after a power cut."""

    ID: ClassVar[int] = 0x61
    MAX_BYTES: ClassVar[int] = 11
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    activation: int = 0
    is_open: int = 0
    attempt: int = 0
    flags: int = 0
    age_ms: int = 0

    def encode(self) -> bytes:
        check("activation", self.activation, 0, 4294967295)
        check("is_open", self.is_open, 0, 1)
        check("attempt", self.attempt, 0, 255)
        body = pack("<LBB", self.activation, self.is_open, self.attempt)
        check("flags", self.flags, 0, 3)
        check("age_ms", self.age_ms, 0, 4294967295)
        body += pack("<BL", self.flags, self.age_ms)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 6:
            raise too_short("activation", body, 6)
        activation, is_open, attempt = unpack_from("<LBB", body, 0)
        if not 0 <= is_open <= 1:
            raise out_of_range("is_open", is_open, 0, 1)
        if len(body) == 6:  # an older peer's
            return cls(activation, is_open, attempt)
        if len(body) < 11:
            raise too_short("flags", body, 11)
        flags, age_ms = unpack_from("<BL", body, 6)
        if not 0 <= flags <= 3:
            raise out_of_range("flags", flags, 0, 3)
        return cls(activation, is_open, attempt, flags, age_ms)


@dataclass(slots=True)
class ConfigFile:
    """Every key that differs from its default."""

    ID: ClassVar[int] = 0x62
    MAX_BYTES: ClassVar[int] = 1094
    FLOW: ClassVar[Flow] = Flow.APART
    REPLIES: ClassVar[frozenset[int]] = frozenset()
    ROLES: ClassVar[frozenset[Role]] = frozenset()
    LANE: ClassVar[Lane] = Lane.NORMAL
    SINCE: ClassVar[tuple[int, int]] = (1, 0)

    schema_version: int = 0
    generation: int = 0
    entries: list[ConfigEntry] = field(default_factory=list)

    def encode(self) -> bytes:
        check("schema_version", self.schema_version, 0, 255)
        check("generation", self.generation, 0, 4294967295)
        body = pack("<BL", self.schema_version, self.generation)
        body += put_count("entries", len(self.entries), 32)
        for key, value in self.entries:
            check("entries", key, 0, 255)
            body += pack("<B", key)
            body += put_blob("entries", value, 32)
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        if len(body) < 5:
            raise too_short("schema_version", body, 5)
        schema_version, generation = unpack_from("<BL", body, 0)
        count = take_count("entries", body, 5, 32)
        at = 6
        entries = []
        for _ in range(count):
            if len(body) < at + 1:
                raise too_short("entries", body, at + 1)
            (key,) = unpack_from("<B", body, at)
            value, at = take_blob("entries", body, at + 1, 32)
            entries.append(ConfigEntry(key, value))
        return cls(schema_version, generation, entries)
