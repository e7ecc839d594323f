"""A message as it is carried: `id u8 | request u8 | body`."""

from __future__ import annotations

from tocsin_host import wire
from tocsin_host.errors import ProtocolError

HEADER_BYTES = 2
EVENT = 0  # the request number of a message nobody asked for


def payload_of(message: wire.Message, request: int = EVENT) -> bytes:
    """Return `message` as it is sent. Raises EncodeError for a field out of range."""
    return bytes((message.ID, request)) + message.encode()


def message_of(payload: bytes) -> wire.Message:
    """Return the message in `payload`. Raises ProtocolError."""
    made = wire.MESSAGES.get(payload[0]) if len(payload) >= HEADER_BYTES else None
    if made is None:
        what = f"message 0x{payload[0]:02x}" if payload else "an empty message"
        raise ProtocolError(
            f"the handset sent {what}, which this tocsin does not know", "update tocsin"
        )
    try:
        return made.decode(payload[HEADER_BYTES:])
    except wire.DecodeError as error:
        raise ProtocolError(
            f"the handset sent a broken {made.__name__}: {error}",
            "try again; if it repeats, update tocsin or the handset",
        ) from error
