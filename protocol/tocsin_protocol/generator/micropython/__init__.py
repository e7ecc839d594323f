"""Write the firmware's codec: straight-line MicroPython, and no allocation for numbers."""

from tocsin_protocol import schema
from tocsin_protocol.generator.micropython.message import message_class, record_line
from tocsin_protocol.generator.micropython.tables import config, constants, patterns

_HEAD = '''\
"""The wire codec of the firmware. Generated from the protocol's schema: do not edit.

A message that leaves the handset encodes its body, without the id, into a buffer that holds
MAX_BYTES from the offset on. A message that reaches it fills itself from a body; after a
DecodeError its fields are not to be used. A body may be longer than expected: a newer minor
version only appends. In range checks `x >> bits` is true for negative and too large numbers alike.
"""

from collections import namedtuple
from struct import pack_into, unpack_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


class EncodeError(ValueError):
    """A field's value cannot go on the wire; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DecodeError(ValueError):
    """Bytes are not the message; `field` is where they stop making sense."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def _put(buf: "bytearray | memoryview", offset: int, data: bytes, limit: int, field: str) -> int:
    end = offset + 1 + len(data)
    # A slice past the end would grow a bytearray instead of failing.
    if len(data) > limit or end > len(buf):
        raise EncodeError(field)
    buf[offset] = len(data)
    buf[offset + 1 : end] = data
    return end


def _take(buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str) -> bytes:
    if offset >= end or buf[offset] > limit or offset + 1 + buf[offset] > end:
        raise DecodeError(field)
    return bytes(buf[offset + 1 : offset + 1 + buf[offset]])


def _text(data: bytes, field: str) -> str:
    try:
        return data.decode()
    except UnicodeError:
        pass  # raised below: the VM cannot chain exceptions
    raise DecodeError(field)
'''


def render() -> str:
    """The text of the firmware's wire.py."""
    lines = [*_HEAD.splitlines(), "", ""]
    lines += [f"PROTOCOL_MAJOR = {schema.MAJOR}", f"PROTOCOL_MINOR = {schema.MINOR}"]
    lines += [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}", ""]
    for names in (*schema.ENUMS, *schema.FLAGS):
        lines += [*constants(names), ""]
    lines += [*patterns(), "", *config()]
    lines += [""]
    for record in schema.RECORDS:
        lines += [record_line(record)]
    for message in schema.MESSAGES:
        lines += ["", "", *message_class(message)]
    return "\n".join(lines) + "\n"
