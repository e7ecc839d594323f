"""The sign of life: four times an hour what sees to it is loaded, and let go of again."""

import asyncio
import sys

from micropython import const

from tocsin.link.loading import load, unload

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from tocsin.handset import Handset

_LOOK_S = const(900)
_HEALTH = "tocsin.health"
_PARTS = (".wire", ".selftest", ".report", "")


class Heartbeat:
    """Has package tocsin.health see to the reports, and keeps in mind what that needs to know."""

    def __init__(self, handset: "Handset") -> None:
        self._handset = handset
        self.told = -1  # the slot of the last report, once it is read
        self.silent_s = 0
        self.heard = 0  # of the receiver by the last report
        self.has_said_last = False
        self.is_busy = False

    async def run(self) -> None:
        """For ever; each look says how long it is to the next."""
        wait_s = _LOOK_S
        while True:
            await asyncio.sleep(wait_s)
            self.silent_s += wait_s
            handset = self._handset
            is_free = handset.modem.is_ready and handset.is_quiet() and not handset.link.is_serving
            wait_s = (await self.have("", self) if is_free else 0) or _LOOK_S

    async def have(self, part: str, *args: "Any") -> "Any":
        """What `run(handset, *args)` of that part returns; None while another is at work."""
        if self.is_busy:
            return None
        self.is_busy = True
        try:
            await self.load(("", part) if part else ("",))
            return await sys.modules[_HEALTH + part].run(self._handset, *args)
        finally:
            unload([_HEALTH + each for each in _PARTS])
            self.is_busy = False

    async def load(self, parts: "tuple[str, ...]" = _PARTS) -> None:
        """Have these parts in memory until `have` is over."""
        await load([_HEALTH + each for each in parts], self._handset.gate)
