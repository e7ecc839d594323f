"""A conversation over a port: threads that carry its octets, and callers that wait for answers."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from tocsin_host import wire
from tocsin_host.conversation import Conversation, Hooks, Opening
from tocsin_host.conversation.payload import EVENT
from tocsin_host.conversation.requests import Answer, OnAnswer
from tocsin_host.errors import DisconnectedError, ProtocolError, ResponseTimeoutError, TocsinError
from tocsin_host.transport import Transport

_HANDSHAKE_S = 5.0  # at least: both ends compute, and a microcontroller is slow at it
_FAREWELL_S = 0.5
_ENDED_S = 2.0  # Ctrl-C in the midst of taking a lock leaves it taken: a thread then waits for ever
_UNSENT_S = 0.002  # so little may still be leaving when the next frame is chosen

_T = TypeVar("_T")


class Link:
    """One secured conversation over `transport`, which it owns; any thread may ask.

    Hooks are called on the link's reader thread, and must not ask.
    """

    def __init__(self, transport: Transport, opening: Opening, hooks: Hooks | None = None) -> None:
        self._transport = transport
        self._conversation = Conversation(opening, 1 + secrets.randbelow(2**32 - 1), hooks)
        self._changed = threading.Condition()
        self._is_closing = False
        self._threads = [
            threading.Thread(target=work, name=f"tocsin-link-{name}", daemon=True)
            for name, work in (("receive", self._receive), ("transmit", self._transmit))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def rejected_frames(self) -> int:
        """How many arriving frames were not frames of the protocol."""
        return self._conversation.rejected_frames

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
        """Take leave of the handset and release the transport."""
        self._take_leave()
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._transport.interrupt()
        for thread in self._threads:
            thread.join(_ENDED_S)
        self._transport.close()

    def _take_leave(self) -> None:
        conversation = self._conversation
        with self._changed:
            if conversation.failure or (
                conversation.is_open and conversation.tell(wire.SessionEnd())
            ):
                self._wait(lambda: conversation.is_idle, _FAREWELL_S)

    # Callers

    def wait_open(self, timeout_s: float) -> None:
        """Wait until the session is open; the handset must greet within `timeout_s`.

        Raises DisconnectedError, ResponseTimeoutError and what Opening does.
        """
        conversation = self._conversation
        opening = conversation.opening
        with self._changed:
            if not self._wait(lambda: opening.reply or conversation.failure, timeout_s):
                raise self._silence("", timeout_s)
            handshake_s = max(timeout_s, _HANDSHAKE_S)
            if not self._wait(lambda: conversation.is_open or conversation.failure, handshake_s):
                raise self._silence("the handshake", handshake_s)
            if conversation.failure is not None:
                raise conversation.failure

    def request(self, message: wire.Message, timeout_s: float) -> wire.Message:
        """Send `message` and return its answer, a Failure included.

        Raises DisconnectedError, ChannelClosedError, AuthError, ResponseTimeoutError, or
        ProtocolError for an answer that does not decode.
        """
        answers: list[Answer] = []
        name = type(message).__name__
        with self._changed:
            number = self._wait(lambda: self._conversation.ask(message, answers.append), timeout_s)
            try:
                if not number or not self._wait(lambda: answers, timeout_s):
                    raise self._silence(name, timeout_s)
            finally:
                self._conversation.forget(number)
        if isinstance(answers[0], TocsinError):
            raise answers[0]
        return answers[0]

    @contextmanager
    def refusals(self, on_answer: OnAnswer) -> Iterator[int]:
        """Give a number to `tell` by; `on_answer` hears the refusal of what is told by it."""
        with self._changed:
            number = self._conversation.expect(on_answer)
        try:
            yield number
        finally:
            with self._changed:
                self._conversation.forget(number)

    def tell(self, message: wire.Message, timeout_s: float, number: int = EVENT) -> None:
        """Send `message`, which has no answer, once there is room for it. Raises as `request`."""
        with self._changed:
            if not self._wait(lambda: self._conversation.tell(message, number), timeout_s):
                raise self._silence(type(message).__name__, timeout_s)
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Let the link work for so long. Raises what ends it meanwhile."""
        with self._changed:
            failure = self._wait(lambda: self._conversation.failure, seconds)
        if failure is not None:
            raise failure

    @property
    def unacknowledged(self) -> int:
        """How many messages of the normal lane the handset has not acknowledged yet."""
        return self._conversation.unacknowledged

    def _wait(self, condition: Callable[[], _T], timeout_s: float) -> _T:
        """Return what `condition` returns, once that is true or the time is up."""
        self._changed.notify_all()  # whoever waits has usually asked for something to be sent
        return self._changed.wait_for(condition, timeout_s)

    def _silence(self, question: str, timeout_s: float) -> ResponseTimeoutError:
        what = f"did not answer {question}" if question else "did not answer"
        heard = self.rejected_frames
        hint = (
            f"{heard} unreadable frames arrived: check the speed and that this is a handset"
            if heard
            else "check that the handset is switched on, or give a longer --timeout"
        )
        where = self._transport.address
        return ResponseTimeoutError(f"{where} {what} within {timeout_s:g} s", hint)

    # Threads

    def _receive(self) -> None:
        try:
            while data := self._transport.read():
                with self._changed:
                    self._conversation.feed(data, _now_us())
                    self._changed.notify_all()
            self._fail(DisconnectedError("the link was closed", "open it again"))
        except Exception as error:  # noqa: BLE001  # nobody may wait for a thread that is gone
            self._fail(_cause(error))

    def _transmit(self) -> None:
        try:
            while (frame := self._next_frame()) is not None:
                self._transport.write(frame)
                self._let_out()
        except Exception as error:  # noqa: BLE001  # nobody may wait for a thread that is gone
            self._fail(_cause(error))

    def _next_frame(self) -> bytes | None:
        """Wait for the next frame to send; None once the link is being closed."""
        with self._changed:
            while not self._is_closing:
                frame = self._conversation.next_frame(_now_us())
                if frame is not None:
                    return frame
                if self._conversation.failure is not None:
                    self._changed.notify_all()
                self._changed.wait(self._patience_s())
        return None

    def _patience_s(self) -> float | None:
        deadline_us = self._conversation.next_deadline_us
        return None if deadline_us is None else max(0, deadline_us - _now_us()) / 1e6

    def _let_out(self) -> None:
        """Wait until the line is nearly free: what is urgent must not queue behind much."""
        while (left_s := self._transport.unsent_s() - _UNSENT_S) > 0 and not self._is_closing:
            time.sleep(left_s)

    def _fail(self, error: TocsinError) -> None:
        with self._changed:
            self._conversation.fail(error)
            self._changed.notify_all()


def _cause(error: Exception) -> TocsinError:
    """What ended the link; anything but an error of ours is a defect, here or in a hook."""
    if isinstance(error, TocsinError):
        return error
    failure = ProtocolError(
        f"the link broke down: {type(error).__name__}: {error}",
        "open it again; if it repeats, report it as a defect of tocsin",
    )
    failure.__cause__ = error
    return failure


def _now_us() -> int:
    return time.monotonic_ns() // 1000
