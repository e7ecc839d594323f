"""One conversation with a handset, from the first octet on the line to the last."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin_host import wire
from tocsin_host.channel import Channel, is_heard
from tocsin_host.conversation.opening import Opening
from tocsin_host.conversation.payload import EVENT, HEADER_BYTES, message_of, payload_of
from tocsin_host.conversation.requests import OnAnswer, Requests
from tocsin_host.errors import AuthError, ProtocolError, TocsinError
from tocsin_host.refusal import version_mismatch
from tocsin_protocol.flow import Lane
from tocsin_protocol.frame import FrameDecoder, encode_frame

if TYPE_CHECKING:
    from tocsin_host.trace.tap import Tap

_DELIMITER = b"\0"  # ends whatever half frame an earlier program left behind
_MOST_WINDOW = 16
_QUEUE_LIMIT = 20  # messages a lane: a few more than are under way, so that none waits for long
_NOTE = 0x50  # the first of four octets before a trace event in clear
_NOTE_BYTES = 4
_OLD_FAILURE = bytes((wire.Failure.ID, EVENT))  # how a handset without channel takes our reset
_FAREWELLS = 3  # at most: the line may lose one, and the handset may be gone
_FAREWELL_PERIOD_MS = 150
_US = 1000

OnEvent = Callable[[wire.Message], None]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who hears what the handset says unasked, and of every frame; called from within `feed`.

    `on_event` is told what is sealed, `on_note` what test firmware says in clear, to anybody.
    """

    on_event: OnEvent | None = None
    on_note: OnEvent | None = None
    tap: Tap | None = None


class Conversation:
    """Opens a session on a line, then asks; `connection` is a number the handset has not had.

    `feed` it what the line brings; after that, after every other call and at `next_deadline_us`
    send what `next_frame` returns until that is None. The time is of any clock that never steps
    back. Once `failure` is set it is over, and every question has been answered with that; last
    frames may be left to send.
    """

    def __init__(self, opening: Opening, connection: int, hooks: Hooks | None = None) -> None:
        self.opening = opening
        self.failure: TocsinError | None = None
        self._hooks = hooks or Hooks()
        self._decoder = FrameDecoder()
        self._channel = Channel(
            connection, normal_window=1, queue_limit=_QUEUE_LIMIT, max_resets=None
        )
        self._requests = Requests()
        self._is_greeted = False
        self._farewell: bytes | None = None
        self._farewells = 0
        self._farewell_due_ms = 0
        self._before = _DELIMITER

    @property
    def is_open(self) -> bool:
        """Whether the handset has proved who it is, and nothing has ended that."""
        return self.opening.lanes is not None and self.failure is None

    @property
    def unacknowledged(self) -> int:
        """How many messages of the normal lane the handset has not acknowledged yet."""
        return self._channel.unacknowledged

    @property
    def is_idle(self) -> bool:
        """Whether the handset has acknowledged everything sent; once over, nothing is to send."""
        return self._channel.is_idle if self.failure is None else self._farewell is None

    @property
    def rejected_frames(self) -> int:
        """How many arriving frames were not frames of the protocol."""
        return self._decoder.rejected

    @property
    def next_deadline_us(self) -> int | None:
        """When to ask for the next frame though nothing arrives; None for never."""
        deadline_ms = self._channel.next_deadline_ms
        if self.failure is not None:
            deadline_ms = self._farewell_due_ms if self._farewell else None
        return None if deadline_ms is None else deadline_ms * _US

    # What is sent

    def ask(self, message: wire.Message, on_answer: OnAnswer) -> int:
        """Send a question; return its number, or 0 while there is no room for it.

        Raises what has ended the conversation.
        """
        self._check()
        if not (self._requests.has_room and self._channel.has_room(urgent=bool(message.LANE))):
            return 0
        number = self._requests.expect(on_answer)
        self._send(payload_of(message, number), message.LANE)
        return number

    def expect(self, on_answer: OnAnswer) -> int:
        """Return a number to `tell` by, for what is answered only when it is refused."""
        return self._requests.expect(on_answer)

    def forget(self, number: int) -> None:
        """Expect the answer to that question no longer."""
        self._requests.forget(number)

    def tell(self, message: wire.Message, number: int = EVENT) -> bool:
        """Send what has no answer; False while there is no room for it.

        Raises what has ended the conversation.
        """
        self._check()
        has_room = self._channel.has_room(urgent=bool(message.LANE))
        if has_room:
            self._send(payload_of(message, number), message.LANE)
        return has_room

    def _check(self) -> None:
        if self.failure is not None:
            raise self.failure
        if not self.is_open:
            raise ProtocolError("the session is not open yet", "wait until it is")

    def _send(self, payload: bytes, lane: Lane) -> None:
        lanes, tap = self.opening.lanes, self._hooks.tap
        box = payload if lanes is None else lanes.seal(payload, lane)
        if lanes is not None and tap is not None:
            tap.sealed(payload, box)
        self._channel.send(box, urgent=bool(lane))

    def next_frame(self, now_us: int) -> bytes | None:
        """Return the next octets to send, or None. Ask again only when the line is free."""
        payload = self._next_payload(now_us // _US)
        if payload is None:
            return None
        if self._hooks.tap is not None:
            self._hooks.tap.sent(payload)
        before, self._before = self._before, b""
        return before + encode_frame(payload)

    def _next_payload(self, now_ms: int) -> bytes | None:
        if self.failure is None:
            try:
                return self._channel.poll(now_ms)
            except TocsinError as error:
                self.fail(error)
        return self._next_farewell(now_ms)

    def _next_farewell(self, now_ms: int) -> bytes | None:
        """Until the handset has heard it; after the last there is but time to hear its answer."""
        if self._farewell is None or now_ms < self._farewell_due_ms:
            return None
        if self._farewells == _FAREWELLS:
            self._farewell = None
            return None
        self._farewells += 1
        self._farewell_due_ms = now_ms + _FAREWELL_PERIOD_MS
        return self._farewell

    # What arrives

    def feed(self, data: bytes, now_us: int) -> None:
        """Take what the line has brought."""
        for payload in self._decoder.feed(data):
            plain = self._opened(payload, now_us)
            if self._hooks.tap is not None:
                self._hooks.tap.received(payload, plain)

    def fail(self, error: TocsinError) -> None:
        """End the conversation, for the first reason given.

        When that is nothing the handset has noticed, it is told: its session would stand on.
        """
        if self.failure is None:
            if self._channel.is_open and isinstance(error, AuthError | ProtocolError):
                self._farewell = self._channel.farewell()
            self.failure = error
            self._requests.fail(error)

    def _opened(self, payload: bytes, now_us: int) -> bytes | None:
        """Take a frame's payload; return the message it brought sealed, if it did."""
        if self.failure is not None:
            if self._farewell is not None and is_heard(self._farewell, payload):
                self._farewell = None
            return None
        try:
            return self._taken(payload, now_us // _US)
        except TocsinError as error:
            self.fail(error)
            return None

    def _taken(self, payload: bytes, now_ms: int) -> bytes | None:
        if payload[0] == _NOTE:
            _tell(self._hooks.on_note, payload[_NOTE_BYTES:])
            return None
        if not self._channel.is_open and payload.startswith(_OLD_FAILURE):
            raise version_mismatch("1.0")
        received = self._channel.receive(payload, now_ms)
        if self._channel.is_open and not self._is_greeted:
            self._is_greeted = True
            self._send(self.opening.first(), Lane.NORMAL)
        if received is None:
            return None
        lane = Lane.URGENT if received.is_urgent else Lane.NORMAL
        lanes = self.opening.lanes
        if lanes is None:
            self._go_on(received.data)
            return None
        plain = lanes.open_box(received.data, lane)
        self._dispatch(plain)
        return plain

    def _dispatch(self, plain: bytes) -> None:
        if len(plain) >= HEADER_BYTES and plain[1] == EVENT:
            _tell(self._hooks.on_event, plain)
        elif len(plain) >= HEADER_BYTES:
            try:
                self._requests.answer(plain[1], message_of(plain))
            except ProtocolError as error:
                self._requests.answer(plain[1], error)

    def _go_on(self, payload: bytes) -> None:
        answer = self.opening.take(payload)
        reply = self.opening.reply
        if reply is not None:
            windows = (reply.normal_window, reply.urgent_window)
            self._channel.set_windows(*(min(max(1, each), _MOST_WINDOW) for each in windows))
        if answer is not None:
            self._send(answer, Lane.NORMAL)


def _tell(hook: OnEvent | None, payload: bytes) -> None:
    """Tell of an event; one that this tocsin does not know is nothing to anybody."""
    if hook is not None:
        with suppress(ProtocolError):
            hook(message_of(payload))
