"""Sending something large to a handset."""

from __future__ import annotations

from collections.abc import Callable

from tocsin_host import wire
from tocsin_host.client.asking import Asking, unexpected
from tocsin_host.conversation.requests import Answer
from tocsin_host.refusal import refusal
from tocsin_host.transfer import TransferSender

_CHECKED_PER_S = 20_000  # octets a handset reads back and hashes, at the least
OnProgress = Callable[[int, int], None]
"""Told how many octets the handset has, and of how many."""


class Transfers:
    """One at a time; what was cut, in this session or an earlier one, goes on where it stopped."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def send(
        self, kind: wire.TransferKind, data: bytes, on_progress: OnProgress | None = None
    ) -> None:
        """Send `data` until the handset has the whole, by its hash. Raises UpdateError."""
        line = _Line(self._asking, on_progress or _no_progress)
        with self._asking.link.refusals(line.on_refusal) as line.number:
            sender = TransferSender(kind, data, line)
            sender.on_ready(line.ready.offset, line.ready.chunk_bytes)
            while not sender.is_done:
                sender.advance()
                line.finish(sender)


class _Line:
    """Where a sender's messages go: chunks when there is room, questions with their answers."""

    def __init__(self, asking: Asking, on_progress: OnProgress) -> None:
        self.ready = wire.TransferReady()
        self.number = 0
        self._asking = asking
        self._on_progress = on_progress
        self._size = 0
        self._refusals: list[Answer] = []

    def on_refusal(self, answer: Answer) -> None:
        """A chunk was refused; those after it would be, too."""
        self._refusals.append(answer)

    def open(self, kind: int, size: int, sha256: bytes) -> None:
        self._size = size
        message = wire.TransferOpen(wire.TransferKind(kind), size, sha256)
        self.ready = self._asking.ask(message, wire.TransferReady)

    def chunk(self, offset: int, data: bytes) -> bool:
        for answer in self._refusals:
            if isinstance(answer, wire.Failure):
                raise refusal(answer)
        asking = self._asking
        asking.link.tell(wire.TransferChunk(offset, data), asking.timeout_s, self.number)
        on_the_way = asking.link.unacknowledged  # this one, if any, and whole ones before it
        done = (
            offset + len(data)
            if not on_the_way
            else offset - (on_the_way - 1) * self.ready.chunk_bytes
        )
        self._on_progress(max(self.ready.offset, done), self._size)
        return True

    def end(self) -> bool:
        return True

    def finish(self, sender: TransferSender) -> None:
        """Ask whether all is there, and have the sender go on from what is missing."""
        message = wire.TransferEnd()
        reply = self._asking.answer(message, self._size / _CHECKED_PER_S)
        if isinstance(reply, wire.TransferWanted):
            sender.on_wanted(reply.offset)
        elif isinstance(reply, wire.TransferDone):
            sender.on_done(reply.sha256)
            self._on_progress(self._size, self._size)
        else:
            raise unexpected(message, reply)


def _no_progress(_done: int, _size: int) -> None:
    """Nobody wants to know."""
