"""A handset's first keys, and its return."""

from micropython import const

from tocsin import wire
from tocsin.refusal import Refusal
from tocsin.storage.config_editor import ConfigEditor
from tocsin.storage.config_file import fill
from tocsin.storage.wipe import wipe
from tocsin.storage.wire import CONFIG_FIELDS
from tocsin.wire_dialogue import FAILURE_CLAIMED, FAILURE_WRONG_IDENTITY, ROLE_FACTORY
from tocsin.wire_dialogue.provision import Claim, Claimed, Wipe, Wiped

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table


def make(handset: "Handset", quiet: "Quiet") -> "ProvisionArea":
    """The area for one connection."""
    return ProvisionArea(handset, quiet)


class ProvisionArea:
    """Answers Claim and Wipe."""

    def __init__(self, handset: "Handset", quiet: "Quiet") -> None:
        self._handset = handset
        self._config = handset.config
        self._quiet = quiet

    def table(self) -> "Table":
        """Which message is answered how."""
        return {Claim.ID: (Claim, self.claim), Wipe.ID: (Wipe, self.wipe)}

    async def claim(self, request: Claim, _session: "Session") -> Claimed:
        """Take the number and all keys, or nothing."""
        if self._config.get("factory_key"):
            raise Refusal(FAILURE_CLAIMED, "the handset is %d" % self._config.get("identity"))
        await self._quiet.turn_to_flash()
        values = {
            "identity": request.identity.to_bytes(4, "little"),
            "factory_key": request.factory_key,
            "technician_key": request.technician_key,
            "fixture_key": request.fixture_key,
        }
        entries = [(field[0], values[field[1]]) for field in CONFIG_FIELDS if field[1] in values]
        ConfigEditor(self._config).apply(entries, ROLE_FACTORY)
        self._handset.take_config()
        generation = self._config.generation
        self._handset.history.note(wire.JOURNAL_CONFIG, ROLE_FACTORY, generation)
        return Claimed(request.identity, generation)

    async def wipe(self, request: Wipe, _session: "Session") -> Wiped:
        """Forget everything and everybody, then restart."""
        handset = self._handset
        if request.identity != self._config.get("identity"):
            raise Refusal(FAILURE_WRONG_IDENTITY, "the handset is not %d" % request.identity)
        await self._quiet.turn_to_flash()
        await wipe(handset.board.data_dir, self._quiet.turn_to_flash)
        fill(self._config, {})
        handset.take_config()
        handset.history.forget()
        handset.restart_soon()
        return Wiped()
