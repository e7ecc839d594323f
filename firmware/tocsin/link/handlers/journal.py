"""The journal, read and acknowledged."""

from micropython import const

from tocsin.storage.journal_reader import JournalReader
from tocsin.wire_dialogue.journal import (
    JournalAck,
    JournalAcked,
    JournalEntries,
    JournalGet,
    JournalLine,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table
    from tocsin.storage.journal import Journal

_AT_ONCE = const(16)


def make(handset: "Handset", quiet: "Quiet") -> "JournalArea":
    """The area for one connection."""
    return JournalArea(handset.journal, quiet)


class JournalArea:
    """Answers JournalGet and JournalAck."""

    def __init__(self, journal: "Journal", quiet: "Quiet") -> None:
        self._journal = journal
        self._quiet = quiet
        self._reader = JournalReader(journal, quiet.give_way)

    def table(self) -> "Table":
        """Which message is answered how."""
        return {JournalGet.ID: (JournalGet, self.get), JournalAck.ID: (JournalAck, self.ack)}

    async def get(self, request: JournalGet, _session: "Session") -> JournalEntries:
        """Some entries, and where the rest begins."""
        entries = await self._reader.read(request.from_sequence, _AT_ONCE)
        following = entries[-1].sequence + 1 if entries else self._journal.next_sequence
        lines = [
            JournalLine(each.sequence, each.ticks_ms, each.utc_s, each.kind, each.code, each.value)
            for each in entries
        ]
        return JournalEntries(lines, following, await self._reader.oldest())

    async def ack(self, request: JournalAck, _session: "Session") -> JournalAcked:
        """Remember up to where the host has the journal."""
        await self._quiet.turn_to_flash()
        reader = JournalReader(self._journal, self._quiet.turn_to_flash)
        return JournalAcked(await reader.acknowledge(request.through))
