"""Updates that a host has transferred."""

from micropython import const

from tocsin.update.installer import Installer
from tocsin.wire_dialogue.update import UpdateAccepted, UpdateApply, UpdateGet, UpdateStatus

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table


def make(handset: "Handset", quiet: "Quiet") -> "UpdateArea":
    """The area for one connection."""
    board = handset.board
    path = board.data_dir + "/update"
    installer = Installer(board.slots, board.name, path, handset.history, quiet.turn_to_flash)
    return UpdateArea(installer, handset.restart_soon)


class UpdateArea:
    """Answers UpdateApply and UpdateGet."""

    def __init__(self, installer: Installer, restart: "Callable[[], None]") -> None:
        self._installer = installer
        self._restart = restart

    def table(self) -> "Table":
        """Which message is answered how."""
        return {
            UpdateApply.ID: (UpdateApply, self.apply),
            UpdateGet.ID: (UpdateGet, self.status),
        }

    async def apply(self, _request: UpdateApply, _session: "Session") -> UpdateAccepted:
        """Check the update, and restart into it once the answer is out."""
        manifest = await self._installer.install()
        self._restart()
        return UpdateAccepted(manifest.version, manifest.security_counter)

    async def status(self, _request: UpdateGet, _session: "Session") -> UpdateStatus:
        """Which firmware runs, and what became of the last update."""
        return self._installer.status()
