"""Messages over a transport: requests with their replies, and events as they come."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tocsin_host import wire
from tocsin_host.errors import (
    DisconnectedError,
    ProtocolError,
    ResponseTimeoutError,
    TocsinError,
)
from tocsin_host.transport import Transport
from tocsin_protocol.frame import FrameDecoder, encode_frame

_EVENT = 0  # the request number of a message nobody asked for
_MAX_REQUEST = 255
_DELIMITER = b"\x00"

EventHandler = Callable[[wire.Message], None]
_Reply = wire.Message | TocsinError


class Link:
    """One conversation over `transport`, which it owns; `request` may be called by any thread.

    Events go to `on_event`, on the link's reader thread.
    """

    def __init__(self, transport: Transport, on_event: EventHandler | None = None) -> None:
        self._transport = transport
        self._on_event = on_event
        self._decoder = FrameDecoder()
        self._numbers = itertools.cycle(range(1, _MAX_REQUEST + 1))
        self._lock = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[_Reply]] = {}
        self._failure: TocsinError | None = None
        self._reader = threading.Thread(target=self._read, name="tocsin-link", daemon=True)
        transport.write(_DELIMITER)  # ends whatever half frame an earlier program left behind
        self._reader.start()

    @property
    def rejected_frames(self) -> int:
        """How many arriving frames were not frames of the protocol."""
        return self._decoder.rejected

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the conversation and release the transport."""
        self._transport.interrupt()
        self._reader.join()
        self._transport.close()

    def request(self, message: wire.Message, timeout_s: float) -> wire.Message:
        """Send `message` and return its reply, a Failure included.

        Raises DisconnectedError, ResponseTimeoutError, or ProtocolError for a reply that does
        not decode.
        """
        replies: queue.SimpleQueue[_Reply] = queue.SimpleQueue()
        number = self._expect(replies)
        try:
            self._transport.write(encode_frame(bytes((message.ID, number)) + message.encode()))
            reply = replies.get(timeout=timeout_s)
        except queue.Empty:
            raise self._silence(message, timeout_s) from None
        finally:
            with self._lock:
                del self._waiting[number]
        if isinstance(reply, TocsinError):
            raise reply
        return reply

    def _expect(self, replies: queue.SimpleQueue[_Reply]) -> int:
        with self._lock:
            if self._failure is not None:
                raise self._failure
            number = next(free for free in self._numbers if free not in self._waiting)
            self._waiting[number] = replies
            return number

    def _silence(self, message: wire.Message, timeout_s: float) -> ResponseTimeoutError:
        name = type(message).__name__
        heard = self.rejected_frames
        hint = (
            f"{heard} unreadable frames arrived: check the speed and that this is a handset"
            if heard
            else "check that the handset is switched on, or give a longer --timeout"
        )
        return ResponseTimeoutError(
            f"{self._transport.address} did not answer {name} within {timeout_s:g} s", hint
        )

    def _read(self) -> None:
        try:
            while data := self._transport.read():
                for payload in self._decoder.feed(data):
                    self._dispatch(payload)
            self._fail(DisconnectedError("the link was closed", "open it again"))
        except DisconnectedError as error:
            self._fail(error)

    def _fail(self, error: TocsinError) -> None:
        with self._lock:
            self._failure = error
            for replies in self._waiting.values():
                replies.put(error)

    def _dispatch(self, payload: bytes) -> None:
        if len(payload) < 2:
            return
        number = payload[1]
        decoded = _decode(payload[0], payload[2:])
        if number == _EVENT:
            if self._on_event is not None and not isinstance(decoded, TocsinError):
                self._on_event(decoded)
            return
        with self._lock:
            replies = self._waiting.get(number)
        if replies is not None:  # else: too late, its request has given up
            replies.put(decoded)


def _decode(message_id: int, body: bytes) -> _Reply:
    message_type = wire.MESSAGES.get(message_id)
    if message_type is None:
        return ProtocolError(
            f"the handset sent message 0x{message_id:02x}, which this tocsin does not know",
            "update tocsin",
        )
    try:
        return message_type.decode(body)
    except wire.DecodeError as error:
        return ProtocolError(
            f"the handset sent a broken {message_type.__name__}: {error}",
            "try again; if it repeats, update tocsin or the handset",
        )
