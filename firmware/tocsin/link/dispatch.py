"""What becomes of a message in a session: who may send it, and who answers it."""

from micropython import const

from tocsin import wire_dialogue as wire
from tocsin.refusal import Refusal
from tocsin.wire import DecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from tocsin.link.handlers import Handlers
    from tocsin.link.session import Session

HEADER_BYTES = 2
_DETAIL_BYTES = const(48)
# Of a handset without keys nobody has anything but its identity to learn, or to lose.
_OF_UNCLAIMED = (0x03, 0x48, 0x4A)


def encoded(message: "Any", request: int) -> bytes:
    """A message as it is sealed, or sent in clear."""
    buf = bytearray(HEADER_BYTES + message.MAX_BYTES)
    buf[0] = message.ID
    buf[1] = request
    end = message.encode_into(buf, HEADER_BYTES)
    return bytes(memoryview(buf)[:end])


async def answer(message: bytes, handlers: "Handlers", session: "Session") -> "Any":
    """The message that answers `message` (id, request, body), or None: some have no answer."""
    number = message[0]
    entry = await handlers.find(number)
    if entry is None:
        return wire.Failure(wire.FAILURE_UNKNOWN_MESSAGE, "id %d" % number)
    kind, method = entry
    if not _may_send(session, kind):
        return wire.Failure(wire.FAILURE_NOT_ALLOWED, "id %d" % number)
    try:
        request = kind().decode_from(memoryview(message), HEADER_BYTES, len(message))
        return await method(request, session)
    except DecodeError as error:
        return wire.Failure(wire.FAILURE_MALFORMED, error.field[:_DETAIL_BYTES])
    except Refusal as error:
        return wire.Failure(error.code, error.detail[:_DETAIL_BYTES])
    except OSError as error:
        return wire.Failure(wire.FAILURE_STORAGE, "error %s" % error.errno)


def _may_send(session: "Session", kind: "Any") -> bool:
    if session.is_unclaimed and kind.ID not in _OF_UNCLAIMED:
        return False
    return bool(kind.ROLES >> session.role & 1)
