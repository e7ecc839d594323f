"""What the handset is; a restart."""

import gc
import sys

from micropython import const

from tocsin import build
from tocsin.wire_dialogue.about import Info, InfoGet, Restart, Restarting

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import Board, Session, Table
    from tocsin.power import Battery
    from tocsin.storage.config import Config


def make(handset: "Handset", quiet: "Quiet") -> "About":
    """The area for one connection."""
    restart = handset.restart_soon
    return About(handset.board, handset.config, handset.battery, handset.modem, quiet, restart)


class About:
    """Answers InfoGet and Restart."""

    def __init__(
        self,
        board: "Board",
        config: "Config",
        battery: "Battery",
        modem: "CellularModem",
        quiet: "Quiet",
        restart: "Callable[[], None]",
    ) -> None:
        self._board = board
        self._config = config
        self._battery = battery
        self._modem = modem
        self._quiet = quiet
        self._restart = restart

    def table(self) -> "Table":
        """Which message is answered how."""
        return {InfoGet.ID: (InfoGet, self.info), Restart.ID: (Restart, self.restart)}

    async def info(self, _request: InfoGet, _session: "Session") -> Info:
        """What stands on the label, so to speak."""
        ticks_ms = self._board.clock.ticks_ms()
        return Info(
            identity=self._config.get("identity"),
            board=self._board.name,
            firmware=build.VERSION,
            micropython="%d.%d.%d" % sys.implementation.version[:3],
            issued=int(self._config.get("issued")),
            uptime_s=ticks_ms // 1000,
            ticks_ms=ticks_ms,
            heap_free_bytes=gc.mem_free(),
            battery_pct=self._battery.percent(),
            reset_cause=self._board.reset_cause,
            imei=self._modem.imei,
            config_generation=self._config.generation,
        )

    async def restart(self, _request: Restart, _session: "Session") -> Restarting:
        """Restart once the answer is out."""
        self._quiet.check()
        self._restart()
        return Restarting()
