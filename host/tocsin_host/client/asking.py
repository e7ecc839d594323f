"""Questions to a handset, each with the one kind of answer that fits."""

from __future__ import annotations

import time
from typing import TypeVar

from tocsin_host import wire
from tocsin_host.errors import ProtocolError
from tocsin_host.link import Link
from tocsin_host.refusal import refusal

_M = TypeVar("_M", bound=wire.Message)


class Asking:
    """What the areas of a client share: the link, and how long to wait for an answer."""

    def __init__(self, link: Link, timeout_s: float) -> None:
        self.link = link
        self.timeout_s = timeout_s
        self.asked_s = time.monotonic()  # when the handset last heard from us

    def ask(self, message: wire.Message, expected: type[_M], work_s: float = 0.0) -> _M:
        """Return the answer to `message`, for which the handset may have to work so long.

        Raises DisconnectedError, ChannelClosedError, ResponseTimeoutError, ProtocolError, or the
        error of a refusal's cause.
        """
        reply = self.answer(message, work_s)
        if isinstance(reply, expected):
            return reply
        raise unexpected(message, reply)

    def answer(self, message: wire.Message, work_s: float = 0.0) -> wire.Message:
        """Return the answer to `message`, whichever it is unless a refusal. Raises as `ask`."""
        self.asked_s = time.monotonic()
        reply = self.link.request(message, self.timeout_s + work_s)
        if isinstance(reply, wire.Failure):
            raise refusal(reply)
        return reply


def unexpected(message: wire.Message, reply: wire.Message) -> ProtocolError:
    """Return the error for an answer that is none to `message`."""
    return ProtocolError(
        f"the handset answered {type(message).__name__} with {type(reply).__name__}",
        "update tocsin or the handset",
    )
