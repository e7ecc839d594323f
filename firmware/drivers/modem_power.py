"""The lines that power a SIMCom modem on a LilyGO board, wake it and let it sleep."""

import asyncio

from machine import Pin


class ModemPowerLines:
    """Rail enable (high: on), power key (high pulls the modem's key low) and DTR (low: awake)."""

    def __init__(self, rail: Pin, key: Pin, dtr: Pin) -> None:
        self._rail = rail
        self._key = key
        self._dtr = dtr

    def rail_on(self) -> None:
        """Switch the modem's supply on."""
        self._rail.value(1)

    async def press_key(self, hold_ms: int) -> None:
        """Press the modem's power key for so long."""
        self._key.value(1)
        await asyncio.sleep_ms(hold_ms)
        self._key.value(0)

    def wake(self) -> None:
        """Pull DTR low: the modem answers again within some 50 ms."""
        self._dtr.value(0)

    def allow_sleep(self) -> None:
        """Let DTR go high: the modem sleeps when it has nothing to do."""
        self._dtr.value(1)
