"""The wire codec of area journal. Generated from the protocol's schema: do not edit."""

from collections import namedtuple
from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

JournalLine = namedtuple("JournalLine", ("sequence", "ticks_ms", "utc_s", "kind", "code", "value"))  # noqa: PYI024  # no typing on the VM


class JournalGet:
    """Asks for journal entries, oldest first."""

    ID = 0x28
    MAX_BYTES = 4

    from_sequence: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("from_sequence")
        self.from_sequence = unpack_from("<L", buf, offset)[0]
        return self


class JournalEntries:
    """Some of the entries asked for; the rest begins at `next_sequence`."""

    ID = 0x29
    MAX_BYTES = 297

    def __init__(
        self, entries: "list[JournalLine] | None" = None, next_sequence: int = 0, oldest: int = 0
    ) -> None:
        self.entries: "list[JournalLine]" = entries or []
        self.next_sequence = next_sequence
        self.oldest = oldest

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if len(self.entries) > 16:
            raise EncodeError("entries")
        buf[offset] = len(self.entries)
        offset += 1
        for sequence, ticks_ms, utc_s, kind, code, value in self.entries:
            if sequence >> 32:
                raise EncodeError("entries")
            if ticks_ms >> 32:
                raise EncodeError("entries")
            if utc_s >> 32:
                raise EncodeError("entries")
            if not 1 <= kind <= 18:
                raise EncodeError("entries")
            if code >> 8:
                raise EncodeError("entries")
            if not -2147483648 <= value <= 2147483647:
                raise EncodeError("entries")
            pack_into("<LLLBBl", buf, offset, sequence, ticks_ms, utc_s, kind, code, value)
            offset += 18
        if self.next_sequence >> 32:
            raise EncodeError("next_sequence")
        if self.oldest >> 32:
            raise EncodeError("oldest")
        pack_into("<LL", buf, offset, self.next_sequence, self.oldest)
        return offset + 8


class JournalAck:
    """The host has safely stored every entry up to this one."""

    ID = 0x2A
    MAX_BYTES = 4

    through: int

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 4:
            raise DecodeError("through")
        self.through = unpack_from("<L", buf, offset)[0]
        return self


class JournalAcked:
    """The handset need not keep those entries any longer."""

    ID = 0x2B
    MAX_BYTES = 4

    def __init__(self, through: int = 0) -> None:
        self.through = through

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.through >> 32:
            raise EncodeError("through")
        pack_into("<L", buf, offset, self.through)
        return offset + 4
