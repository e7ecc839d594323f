"""Keeps an idle handset's receiver warm: what it knows of its satellites is good for two hours.

Aiding over the network is left out: it would tell others where the handset is. Having had a fix
within two hours a receiver starts in seconds (SIMCom's definition of a hot start), and the last
known position is no older than that. One fix costs some 30 mA for a minute at most.
"""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.activation import Activation
    from tocsin.location.locator import Locator
    from tocsin.modem.cellular import CellularModem

_FIRST_S = const(900)
_EVERY_S = const(6_000)
# After fruitless tries, as indoors, twice as long each time.
_SELDOM_S = const(48_000)
_TRY_S = const(90)
_STEP_MS = const(500)
_WAKE_MS = const(100)
# Half an hour of a call takes 17 % of 1,000 mAh (domain.md 6), more of a cell old or cold.
_ENOUGH_PCT = const(30)


class Warmth:
    """Runs the modem's receiver now and then while nobody needs it, and the battery allows."""

    def __init__(
        self,
        modem: "CellularModem",
        locator: "Locator",
        activation: "Activation",
        charge_pct: "Callable[[], int]",
    ) -> None:
        self._modem = modem
        self._locator = locator
        self._activation = activation
        self._charge_pct = charge_pct

    async def run(self) -> None:
        """For ever; only while no alarm is open."""
        wait_s = _FIRST_S
        rest_s = _EVERY_S
        while True:
            await asyncio.sleep(wait_s)
            wait_s = rest_s
            if self._may_begin():
                rest_s = _EVERY_S if await self._warm_up() else min(2 * rest_s, _SELDOM_S)

    def _may_begin(self) -> bool:
        modem = self._modem
        is_free = modem.is_ready and modem.has_gnss and self._activation.is_idle
        return is_free and self._charge_pct() >= _ENOUGH_PCT

    async def _warm_up(self) -> bool:
        """Whether there was a fix in time; an alarm takes the receiver over as it is."""
        modem = self._modem
        modem.wake()
        await asyncio.sleep_ms(_WAKE_MS)
        left_ms = _TRY_S * 1000
        while left_ms > 0 and self._activation.is_idle and not self._locator.has_good_fix():
            if modem.is_gnss_due():
                await modem.keep_gnss_on()
            await asyncio.sleep_ms(_STEP_MS)
            left_ms -= _STEP_MS
        is_warm = self._locator.has_good_fix()
        if self._activation.is_idle:
            await modem.gnss_off()
        return is_warm
