"""The lines that power a modem, wake it and let it sleep."""

import asyncio

from machine import Pin
from micropython import const

_FORCED_MS = const(3_000)


class ModemPowerLines:
    """Power key (high pulls the modem's key low) and DTR (low: awake), and what else there is.

    `rail` high supplies the modem; `reset` at `reset_level` resets it, both may be missing.
    """

    def __init__(
        self,
        key: Pin,
        dtr: Pin,
        rail: "Pin | None" = None,
        reset: "Pin | None" = None,
        reset_level: int = 1,
    ) -> None:
        self._key = key
        self._dtr = dtr
        self._rail = rail
        self._reset = reset
        self._reset_level = reset_level

    def rail_on(self) -> None:
        """Switch the modem's supply on."""
        if self._rail is not None:
            self._rail.value(1)

    async def press_key(self, hold_ms: int) -> None:
        """Press the modem's power key for so long."""
        self._key.value(1)
        await asyncio.sleep_ms(hold_ms)
        self._key.value(0)

    async def force_off(self) -> None:
        """Take the modem's supply for a while, else reset it, else press its key for long."""
        if self._rail is not None:
            self._rail.value(0)
            await asyncio.sleep_ms(_FORCED_MS)
            self._rail.value(1)
        elif self._reset is not None:
            self._reset.value(self._reset_level)
            await asyncio.sleep_ms(_FORCED_MS)
            self._reset.value(1 - self._reset_level)
        else:
            await self.press_key(4 * _FORCED_MS)

    def wake(self) -> None:
        """Pull DTR low: the modem answers again within some 50 ms."""
        self._dtr.value(0)

    def allow_sleep(self) -> None:
        """Let DTR go high: the modem sleeps when it has nothing to do."""
        self._dtr.value(1)
