"""How a silent modem is brought to answer: as it is, by its power key, at last without power."""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import ModemPower

# One that is on but restarting by itself is silent for 10 s; it is given a part of that.
_PROBE_ON_MS = const(3_000)
_PROBE_OFF_MS = const(900)
_BY_KEY = const(2)
# What it was asked before, given up on, may be answered late still, and pass for other answers.
_HUSH_MS = const(600)


class Ladder:
    """One climb a try; `in_vain` counts those since the modem was last set up.

    The first two tries press the power key, the later ones take the modem's supply or reset it. One
    that answers and yet cannot be set up is started anew after its second try.
    """

    def __init__(self, power: "ModemPower", modem: "CellularModem") -> None:
        self._power = power
        self._modem = modem
        self._is_on = False
        self.must_cycle = False
        self.in_vain = 0

    async def climb(self) -> bool:
        """Whether the modem answers in the end."""
        is_up = await self._is_up() or await self._start()
        self._is_on = True
        await asyncio.sleep_ms(_HUSH_MS)
        return is_up

    def count(self, is_up: bool, is_set_up: bool) -> None:
        """Take in whether the climb brought the modem up, and whether it could be set up then."""
        self.in_vain = 0 if is_set_up else self.in_vain + 1
        if is_up and self.in_vain > 1:
            self.must_cycle = True

    async def _is_up(self) -> bool:
        if self.must_cycle:
            return False
        return await self._modem.answers(_PROBE_ON_MS if self._is_on else _PROBE_OFF_MS)

    async def _start(self) -> bool:
        self.must_cycle = False
        modem = self._modem
        if self.in_vain >= _BY_KEY:
            await self._power.force_off()
        elif self._is_on:
            await self._power.press_key(modem.KEY_OFF_MS)
            await asyncio.sleep_ms(modem.OFF_MS)
        await self._power.press_key(modem.KEY_ON_MS)
        return await modem.answers(modem.BOOT_MS)
