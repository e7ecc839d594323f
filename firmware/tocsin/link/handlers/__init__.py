"""What the handset answers to the messages of a host: a module an area, in memory while in use.

Such a module has `make(handset, quiet)`, which returns its area; that has `table()`: for each
message id the message's class and the method that answers it, `async method(request, session)`.
It answers with a message or None, and may raise Refusal, or OSError from flash.
"""

import sys

from micropython import const

from tocsin import wire_dialogue as wire
from tocsin.link.handlers.quiet import Quiet
from tocsin.link.loading import load, unload

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.parts import Entry, Table

CAPABILITIES = (
    wire.CAPABILITY_CONFIG
    | wire.CAPABILITY_TRACE
    | wire.CAPABILITY_JOURNAL
    | wire.CAPABILITY_TRANSFER
    | wire.CAPABILITY_PROVISION
    | wire.CAPABILITY_CLOCK
    | wire.CAPABILITY_ACTIVATION
    | wire.CAPABILITY_STATUS
    | wire.CAPABILITY_SELF_TEST
    | wire.CAPABILITY_UPDATE
)

# The ids it answers, its name, and what it imports beside its own part of the codec.
_AREAS: "tuple[tuple[bytes, str, tuple[str, ...]], ...]" = (
    (b"\x03\x14", "about", ()),
    (b"\x08\x0a", "status", ("storage.journal_reader", "storage.erase", "storage.fault")),
    (b"\x10\x12\x16\x17", "config", ("storage.config_file", "storage.config_editor")),
    (b"\x21", "trace", ()),
    (
        b"\x24\x26",
        "update",
        ("crypto.rsa_pss", "update.key", "update.check", "update.installer"),
    ),
    (b"\x28\x2a", "journal", ("storage.journal_reader",)),
    (b"\x30\x32\x33\x36", "transfer", ("storage.transfer_file", "link.transfer")),
    (b"\x38\x3a\x3b", "activation", ()),
    (
        b"\x48\x4a",
        "provision",
        (
            "wire_dialogue.config",
            "storage.config_file",
            "storage.config_editor",
            "storage.erase",
            "storage.wipe",
        ),
    ),
    (b"\x4c\x4e", "clock", ()),
)
# A transfer goes on after messages of other areas.
_STAYS = "transfer"


class Handlers:
    """What one connection's messages are answered by; one area and a transfer fit into memory."""

    def __init__(self, handset: "Handset") -> None:
        self.capabilities = CAPABILITIES
        self._handset = handset
        self._quiet = Quiet(handset.activation, handset.gate, handset.board.clock)
        self._tables: dict[str, Table] = {}

    def area_of(self, message_id: int) -> "tuple[str, tuple[str, ...]] | None":
        """The area that answers a message, and what it imports; None when nothing does."""
        for ids, name, imports in _AREAS:
            if message_id in ids:
                return name, imports
        return None

    async def find(self, message_id: int) -> "Entry":
        """The class of a message of some area, and the method that answers it."""
        name, imports = self.area_of(message_id)  # type: ignore[misc]
        if name not in self._tables:
            self._release()
            self._tables[name] = await self._load(name, imports)
        return self._tables[name][message_id]

    def done(self) -> None:
        """The message is answered, or whoever sent it is gone."""
        self._quiet.done()

    async def _load(self, name: str, imports: "tuple[str, ...]") -> "Table":
        await load(_modules(name, imports), self._handset.gate)
        area = sys.modules["tocsin.link.handlers." + name].make(self._handset, self._quiet)
        table: Table = area.table()
        return table

    def _release(self) -> None:
        for _, name, imports in _AREAS:
            if name in self._tables and name != _STAYS:
                del self._tables[name]
                unload(_modules(name, imports))
                self._quiet.sweep()


def _modules(name: str, imports: "tuple[str, ...]") -> "list[str]":
    """In an order in which none needs a later one."""
    names = ["wire_dialogue." + name]
    names.extend(imports)
    names.append("link.handlers." + name)
    return ["tocsin." + each for each in names]
