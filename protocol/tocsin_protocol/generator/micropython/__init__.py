"""Write the firmware's codec: straight-line MicroPython, and no allocation for numbers.

In two modules: what an activation can need, always in memory, and what a host asks for.
"""

from tocsin_protocol import schema
from tocsin_protocol.generator.micropython.message import message_class, record_line
from tocsin_protocol.generator.micropython.tables import config, constants, patterns
from tocsin_protocol.message import Message
from tocsin_protocol.schema import codes, roles
from tocsin_protocol.vocabulary import Text

_HEAD = '''\
"""The wire codec of the firmware. Generated from the protocol's schema: do not edit.

A message that leaves the handset encodes its body, without the id, into a buffer that holds
MAX_BYTES from the offset on. A message that reaches it fills itself from a body; after a
DecodeError its fields are not to be used. A body may be longer than expected: a newer minor
version only appends. In range checks `x >> bits` is true for negative and too large numbers alike.
"""

from collections import namedtuple
from struct import pack_into, unpack_from

from micropython import const

TYPE_CHECKING = const(0)
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


def put(buf: "bytearray | memoryview", offset: int, data: bytes, limit: int, field: str) -> int:
    end = offset + 1 + len(data)
    # A slice past the end would grow a bytearray instead of failing.
    if len(data) > limit or end > len(buf):
        raise EncodeError(field)
    buf[offset] = len(data)
    buf[offset + 1 : end] = data
    return end


def take(buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str) -> bytes:
    if offset >= end or buf[offset] > limit or offset + 1 + buf[offset] > end:
        raise DecodeError(field)
    return bytes(buf[offset + 1 : offset + 1 + buf[offset]])
'''


_DIALOGUE_HEAD = '''\
"""The wire codec of the dialogue with a host. Generated from the protocol's schema: do not edit.

As module wire; apart, so that it takes up memory only once a host has spoken.
ROLES has bit 1 << role for each role whose session may send the message; without any bit it needs
no session.
"""

from struct import pack_into, unpack_from

from micropython import const

from tocsin.wire import (
    RESET_UNKNOWN,
    ConfigEntry,
    DecodeError,
    EncodeError,
    put,
    take,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


'''

_READ_TEXT = """\
def read_text(data: bytes, field: str) -> str:
    try:
        return data.decode()
    except UnicodeError:
        pass  # raised below: the VM cannot chain exceptions
    raise DecodeError(field)


"""

_DIALOGUE_NAMES = (codes.FAILURE_CODE, codes.CAPABILITY, roles.ROLE)


def render() -> str:
    """The text of the firmware's wire.py."""
    messages = [each for each in schema.MESSAGES if not each.is_dialogue]
    lines = [*_HEAD.splitlines(), "", "", *_text_reader(messages)]
    lines += [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}", ""]
    for names in (*schema.ENUMS, *schema.FLAGS):
        if names not in _DIALOGUE_NAMES:
            lines += [*constants(names), ""]
    lines += [*patterns(), "", *config(), ""]
    lines += [record_line(record) for record in schema.RECORDS]
    return _with_classes(lines, messages)


def render_dialogue() -> str:
    """The text of the firmware's wire_dialogue.py."""
    messages = [each for each in schema.MESSAGES if each.is_dialogue]
    lines = [*_DIALOGUE_HEAD.splitlines(), *_text_reader(messages)]
    lines += [f"PROTOCOL_MAJOR = {schema.MAJOR}", f"PROTOCOL_MINOR = {schema.MINOR}"]
    for names in _DIALOGUE_NAMES:
        lines += ["", *constants(names)]
    return _with_classes(lines, messages)


def _text_reader(messages: list[Message]) -> list[str]:
    """The function that decodes text, where a message needs it."""
    needed = any(
        message.direction.reaches_handset and isinstance(field.word, Text)
        for message in messages
        for field in message.fields
    )
    return _READ_TEXT.splitlines() if needed else []


def _with_classes(lines: list[str], messages: list[Message]) -> str:
    for message in messages:
        lines += ["", "", *message_class(message)]
    return "\n".join(lines) + "\n"
