"""Upkeep between activations: the modem asleep, the time known, the heap swept."""

import asyncio
import gc

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.activation import Activation
    from tocsin.gate import Gate
    from tocsin.location.locator import Locator
    from tocsin.modem.cellular import CellularModem
    from tocsin.utc import UtcClock

_EVERY_MS = const(10_000)
# A modem that died is to be missed by this, not by the next press.
_MODEM_ROUNDS = const(60)
_PROBE_MS = const(3_000)
# A command to a modem not yet awake is lost, and a press would wait for its answer.
_WAKE_MS = const(100)


class Upkeep:
    """What an idle handset does every ten seconds, and only while nobody is pressing."""

    def __init__(
        self,
        activation: "Activation",
        modem: "CellularModem",
        utc: "UtcClock",
        locator: "Locator",
        gate: "Gate",
    ) -> None:
        self._activation = activation
        self._modem = modem
        self._utc = utc
        self._locator = locator
        self._gate = gate
        self._rounds = 0

    async def run(self) -> None:
        """For ever; the first time as soon as the modem is ready."""
        while not self._modem.is_ready:
            await asyncio.sleep_ms(500)
        while True:
            self._utc.now_s()
            self._locator.forget_old()
            if self._is_quiet():
                await self._tend()
            await asyncio.sleep_ms(_EVERY_MS)

    def _is_quiet(self) -> bool:
        return self._modem.is_ready and self._activation.is_idle and self._gate.is_open

    async def _tend(self) -> None:
        if self._rounds % _MODEM_ROUNDS == 0 or not self._knows_enough():
            self._modem.wake()
            await asyncio.sleep_ms(_WAKE_MS)
            if not await self._modem.answers(_PROBE_MS) and self._is_quiet():
                self._modem.restart()
                return
            await self._modem.identify()
            await self._learn_utc()
        self._rounds += 1
        if self._is_quiet():
            if not self._modem.is_gnss_on:
                self._modem.allow_sleep()
            with self._gate:
                gc.collect()

    def _knows_enough(self) -> bool:
        modem = self._modem
        return self._utc.is_known and bool(modem.imsi) and not modem.doubts_sim

    async def _learn_utc(self) -> None:
        civil = await self._modem.utc()
        if civil is not None:
            self._utc.learn(civil)
