"""The settings a handset has, and the codec of their file. Generated from the protocol's schema.

Do not edit.
"""

from collections import namedtuple
from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import DecodeError, EncodeError, put, take

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self

KIND_BOOL = 0
KIND_UINT = 1
KIND_TEXT = 2
KIND_BLOB = 3

# (key, name, kind, minimum, maximum, default, secret): limits of an integer's value, and
# of the length in octets of a text or blob that is not empty; empty means not set.
CONFIG_FIELDS: "tuple[tuple[int, str, int, int, int, bool | int | str | bytes, bool], ...]" = (
    (1, "issued", 0, 0, 1, False, False),
    (2, "identity", 1, 0, 4294967295, 0, False),
    (3, "call_number", 2, 9, 16, "", False),
    (4, "alternate_number", 2, 9, 16, "", False),
    (5, "text_number", 2, 9, 16, "", False),
    (6, "report_number", 2, 9, 16, "", False),
    (7, "report_key", 3, 32, 32, b"", True),
    (8, "hold_ms", 1, 500, 3000, 1000, False),
    (9, "first_text_ms", 1, 5000, 60000, 20000, False),
    (10, "good_radius_m", 1, 5, 1000, 50, False),
    (11, "activation_limit_s", 1, 600, 86400, 14400, False),
    (12, "technician_key", 3, 32, 32, b"", True),
    (13, "factory_key", 3, 32, 32, b"", True),
    (14, "fixture_key", 3, 32, 32, b"", True),
    (15, "heartbeat_s", 1, 3600, 604800, 86400, False),
    (16, "gesture", 1, 1, 3, 1, False),
    (17, "double_ms", 1, 500, 3000, 2000, False),
    (18, "cancel_window_s", 1, 0, 60, 0, False),
    (19, "cancel_presses", 1, 2, 9, 3, False),
)

ConfigEntry = namedtuple("ConfigEntry", ("key", "value"))  # noqa: PYI024  # no typing on the VM


class ConfigFile:
    """Every key that differs from its default."""

    ID = 0x62
    MAX_BYTES = 1094

    def __init__(
        self,
        schema_version: int = 0,
        generation: int = 0,
        entries: "list[ConfigEntry] | None" = None,
    ) -> None:
        self.schema_version = schema_version
        self.generation = generation
        self.entries: "list[ConfigEntry]" = entries or []

    def encode_into(self, buf: "bytearray | memoryview", offset: int) -> int:
        if self.schema_version >> 8:
            raise EncodeError("schema_version")
        if self.generation >> 32:
            raise EncodeError("generation")
        pack_into("<BL", buf, offset, self.schema_version, self.generation)
        offset += 5
        if len(self.entries) > 32:
            raise EncodeError("entries")
        buf[offset] = len(self.entries)
        offset += 1
        for key, value in self.entries:
            if key >> 8:
                raise EncodeError("entries")
            pack_into("<B", buf, offset, key)
            offset += 1
            offset = put(buf, offset, value, 32, "entries")
        return offset

    def decode_from(self, buf: "bytearray | memoryview", offset: int, end: int) -> "Self":
        if end - offset < 5:
            raise DecodeError("schema_version")
        self.schema_version, self.generation = unpack_from("<BL", buf, offset)
        offset += 5
        if offset >= end or buf[offset] > 32:
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
