"""What a handset has noted of its life."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin_host import wire
from tocsin_host.client.asking import Asking


class Journal:
    """Entries by their sequence number, which never repeats; the oldest are overwritten."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def entries(self, from_sequence: int = 0) -> Iterator[wire.JournalLine]:
        """Yield what is there from a sequence number on, oldest first."""
        while True:
            reply = self._asking.ask(wire.JournalGet(from_sequence), wire.JournalEntries)
            yield from reply.entries
            if not reply.entries or reply.next_sequence <= from_sequence:
                return
            from_sequence = reply.next_sequence

    def acknowledge(self, through: int) -> int:
        """Say that everything up to a sequence number is kept elsewhere; return that number."""
        return self._asking.ask(wire.JournalAck(through), wire.JournalAcked).through
