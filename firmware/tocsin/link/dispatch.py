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
    code = _refusal(number, handlers, session)
    if code:
        return wire.Failure(code, "id %d" % number)
    kind, method = await handlers.find(number)
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


def _refusal(number: int, handlers: "Handlers", session: "Session") -> int:
    """Why this session's role cannot send the message: wire.FAILURE_*, 0 when it can."""
    if session.is_unclaimed and number not in wire.OF_UNCLAIMED:
        return wire.FAILURE_UNCLAIMED
    if not handlers.area_of(number):
        return wire.FAILURE_UNKNOWN_MESSAGE
    return 0 if number in wire.ALLOWED[session.role] else wire.FAILURE_NOT_ALLOWED
