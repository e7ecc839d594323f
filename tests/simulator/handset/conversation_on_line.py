"""The host's whole conversation on the handset's link, in virtual time, on a line that may fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Protocol

from tocsin_host import wire
from tocsin_host.conversation import Conversation, Hooks, Opening
from tocsin_host.conversation.requests import Answer, OnAnswer
from tocsin_host.errors import TocsinError
from tocsin_host.session import Credential
from tocsin_host.transfer import TransferSender
from tocsin_protocol.frame import FrameDecoder, encode_frame
from tocsin_sim.kernel import Event, Kernel

LIMIT_US = 30_000_000
BYTE_US = 1_000_000 * 10 / 115_200
NORMAL, URGENT = 0, 1  # as the first octet of a data frame
_connections = itertools.count(1)

Change = Callable[[bytes], list[bytes]]
"""What becomes of a frame's payload on its way: others may stand in its place."""


class OneKey:
    """The keys of somebody who holds but one and gives it for every handset."""

    place = "a test"

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def find(self, role: wire.Role, salt: bytes, check: bytes) -> Credential:
        return self._credential


@dataclass(frozen=True)
class Seen:
    """A frame on the line, from its first octet to its last."""

    begin_us: float
    end_us: float
    payload: bytes

    @property
    def lane(self) -> int | None:
        """The lane of a data frame; None for any other."""
        return self.payload[0] if self.payload[0] in (NORMAL, URGENT) else None


class Wire:
    """Carries so many octets, both ways together, then none."""

    def __init__(self, limit: int | None = None) -> None:
        self.carried = 0
        self.limit = limit

    def let_through(self, data: bytes) -> bytes:
        """Return what of `data` arrives."""
        if self.limit is not None:
            data = data[: max(0, self.limit - self.carried)]
        self.carried += len(data)
        return data

    @property
    def is_cut(self) -> bool:
        """Whether nothing passes any more."""
        return self.limit is not None and self.carried >= self.limit


class Line(Protocol):
    """The handset's UART, or what takes its place."""

    def on_bytes(self, callback: Callable[[bytes], object]) -> None:
        """Call `callback` with what the handset sends."""

    def send(self, data: bytes) -> None:
        """Send to the handset."""


class ConversationOnLine:
    """Drives one Conversation over the handset's line; `sent` and `seen` hold each way's frames.

    `change` says what becomes of what the handset sends, `change_sent` of what it is sent. Unplug
    it before another is made.
    """

    def __init__(
        self, kernel: Kernel, line: Line, credential: Credential, carrier: Wire | None = None
    ) -> None:
        self.kernel = kernel
        self.carrier = carrier or Wire()
        self.change: Change | None = None
        self.change_sent: Change | None = None
        self.events: list[wire.Message] = []
        self.sent: list[Seen] = []
        self.seen: list[Seen] = []
        self.on_turn: Callable[[], object] = int
        opening = Opening(credential.role, OneKey(credential))
        hooks = Hooks(on_event=self.events.append)
        self.conversation = Conversation(opening, next(_connections), hooks)
        self._line = line
        self._decoder = FrameDecoder()
        self._sent_decoder = FrameDecoder()
        self._seen_bytes = 0
        self._free_us = 0
        self._timer: Event | None = None
        self._is_plugged = True
        line.on_bytes(self._take)
        self.poll()

    def unplug(self) -> None:
        """Be gone, in the middle of whatever it is."""
        self._is_plugged = False
        if self._timer is not None:
            self._timer.cancel()

    def open(self) -> None:
        """Wait for the session. Raises what ends the conversation, or TimeoutError."""
        self.run(lambda: self.conversation.is_open)

    def ask(self, message: wire.Message) -> wire.Message:
        """Return the answer. Raises what ends the conversation, or TimeoutError."""
        answers: list[Answer] = []
        self.put(message, answers.append)
        self.run(lambda: bool(answers))
        if isinstance(answers[0], TocsinError):
            raise answers[0]
        return answers[0]

    def put(self, message: wire.Message, on_answer: OnAnswer) -> None:
        """Ask without waiting."""
        while not self.conversation.ask(message, on_answer):
            self.kernel.run_until(self.kernel.now_us + 1000)
        self.poll()

    def run(self, is_done: Callable[[], bool], limit_us: int = LIMIT_US) -> None:
        """Let time pass until then. Raises what ends the conversation, or TimeoutError."""
        conversation = self.conversation
        end_us = self.kernel.now_us + limit_us
        self.kernel.run_until(end_us, lambda: conversation.failure is not None or is_done())
        if conversation.failure is not None:
            raise conversation.failure
        if not is_done():
            raise TimeoutError

    # The line

    def _take(self, data: bytes) -> None:
        if not self._is_plugged:
            return
        data = self.carrier.let_through(data)
        now_us = self.kernel.now_us
        payloads = self._decoder.feed(data)
        for payload in payloads:
            self.seen.append(Seen(now_us - (len(payload) + 6) * BYTE_US, now_us, payload))
        if self.change is not None:
            data = _frames(self.change, payloads)
        self.conversation.feed(data, now_us)
        self.poll()

    def poll(self) -> None:
        """Hand the line one frame at a time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._is_plugged:
            return
        self.on_turn()
        now_us = self.kernel.now_us
        if now_us < self._free_us:
            self._timer = self.kernel.at(self._free_us, self.poll)
            return
        frame = self.conversation.next_frame(now_us)
        if frame is not None:
            self._free_us = now_us + ceil(len(frame) * BYTE_US)
            payloads = self._sent_decoder.feed(frame)
            for payload in payloads:
                self.sent.append(Seen(now_us, self._free_us, payload))
            if self.change_sent is not None:
                frame = _frames(self.change_sent, payloads)
            self._line.send(self.carrier.let_through(frame))
            self._timer = self.kernel.at(self._free_us, self.poll)
        elif self.conversation.next_deadline_us is not None:
            due_us = max(self.conversation.next_deadline_us, now_us + 1000)
            self._timer = self.kernel.at(due_us, self.poll)


def _frames(change: Change, payloads: list[bytes]) -> bytes:
    return b"".join(encode_frame(each) for payload in payloads for each in change(payload))


class Upload:
    """Sends a file as soon as the session is open; `offset` is where it was told to begin."""

    def __init__(self, talk: ConversationOnLine, data: bytes) -> None:
        self.offset: int | None = None
        self.refusal: Answer | None = None
        self._conversation = talk.conversation
        self._number = self._conversation.expect(self._refused)
        self._data = data
        self._sender: TransferSender | None = None
        talk.on_turn = self._advance
        talk.poll()

    @property
    def is_done(self) -> bool:
        """Whether the handset has the whole, by its hash."""
        return self._sender is not None and self._sender.is_done

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be sent."""
        return self.is_done or self.refusal is not None

    def open(self, kind: int, size: int, sha256: bytes) -> None:
        """Announce the whole."""
        message = wire.TransferOpen(wire.TransferKind(kind), size, sha256)
        assert self._conversation.ask(message, self._answered)

    def chunk(self, offset: int, data: bytes) -> bool:
        """Send a part, if there is room."""
        return self._conversation.tell(wire.TransferChunk(offset, data), self._number)

    def end(self) -> bool:
        """Ask whether all is there, if there is room."""
        return bool(self._conversation.ask(wire.TransferEnd(), self._answered))

    def _advance(self) -> None:
        if self.refusal is not None or not self._conversation.is_open:
            return
        if self._sender is None:
            self._sender = TransferSender(wire.TransferKind.UPDATE, self._data, self)
        self._sender.advance()

    def _refused(self, answer: Answer) -> None:
        self.refusal = answer

    def _answered(self, answer: Answer) -> None:
        assert self._sender is not None
        if isinstance(answer, wire.TransferReady):
            self.offset = answer.offset
            self._sender.on_ready(answer.offset, answer.chunk_bytes)
        elif isinstance(answer, wire.TransferWanted):
            self._sender.on_wanted(answer.offset)
        elif isinstance(answer, wire.TransferDone):
            self._sender.on_done(answer.sha256)
        else:
            self.refusal = answer
