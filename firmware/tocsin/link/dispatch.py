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
_OF_UNCLAIMED = b"\x03\x48\x4a"  # InfoGet, Claim, Wipe: all there is to learn or to lose


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
    if session.is_unclaimed and number not in _OF_UNCLAIMED:
        return wire.Failure(wire.FAILURE_UNCLAIMED, "id %d" % number)
    entry = await handlers.find(number)
    if entry is None:
        return wire.Failure(wire.FAILURE_UNKNOWN_MESSAGE, "id %d" % number)
    kind, method = entry
    if not kind.ROLES >> session.role & 1:
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
    finally:
        handlers.done()
