"""Check the exchanges of a schema: whatever starts is answered, on to its end."""

from collections.abc import Iterable, Iterator, Mapping

from tocsin_protocol.errors import SchemaError
from tocsin_protocol.flow import Flow
from tocsin_protocol.message import Message

_Known = Mapping[str, Message]


def check(messages: Iterable[Message]) -> None:
    """Refuse exchanges that cannot work. Raises SchemaError, which lists every fault."""
    known = {each.name: each for each in messages}
    faults = [fault for each in known.values() for fault in _faults(each, known)]
    if not faults:
        faults = [*_unreached(known), *_endless(known)]
    if faults:
        raise SchemaError(faults)


def _faults(message: Message, known: _Known) -> Iterator[str]:
    if message.flow.is_answered and not message.replies:
        yield f"{message.name} {message.flow.value}, but nothing answers it"
    if message.replies and not message.flow.is_answered:
        yield f"{message.name} {message.flow.value}, but has replies"
    for name in message.replies:
        if name in known:
            yield from _reply_faults(message, known[name])
        else:
            yield f"{message.name} is answered by {name}, which is no message"


def _reply_faults(message: Message, reply: Message) -> Iterator[str]:
    pair = f"{message.name} is answered by {reply.name}, which"
    if not reply.flow.is_answer:
        yield f"{pair} {reply.flow.value}"
    if reply.direction is not message.direction.back:
        yield f"{pair} goes the wrong way: {reply.direction.value}"
    if reply.roles and not (message.roles and set(message.roles) <= set(reply.roles)):
        yield f"{pair} fewer roles may exchange"


def _unreached(known: _Known) -> Iterator[str]:
    answers = {name for each in known.values() for name in each.replies}
    for each in known.values():
        if each.flow.is_answer and each.name not in answers:
            yield f"{each.name} {each.flow.value}, but answers nothing"
    starts = [each.name for each in known.values() if each.flow is Flow.STARTS]
    for name in sorted(answers - _reached(starts, known)):
        yield f"{name} cannot be reached from any message that starts an exchange"


def _reached(names: Iterable[str], known: _Known) -> set[str]:
    """The messages that follow, at whatever distance, from those named."""
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        new = set(known[ahead.pop()].replies) - found
        found |= new
        ahead += new
    return found


def _endless(known: _Known) -> Iterator[str]:
    for each in known.values():
        if each.flow.is_answered and not any(
            known[name].flow is Flow.ENDS for name in _reached([each.name], known)
        ):
            yield f"{each.name} {each.flow.value} that has no end"
