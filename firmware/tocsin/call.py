"""The call: dials, watches what becomes of it, and dials again until the activation is over.

The modem is never believed about an answer. A call that may be connected is never hung up.
"""

import asyncio

from micropython import const

from tocsin.modem import at
from tocsin.modem.cellular import CALL_ACTIVE, CALL_ALERTING, CALL_NONE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import CallOwner, Clock

_POLL_MS = const(1_000)
# CS fallback: a `NO CARRIER` in the first 40 s need not mean that the call failed (domain 5.2).
_SET_UP_MS = const(40_000)
_ALERTING_MS = const(120_000)
_LOOK_MS = const(100)
_LADDER_MS = (0, 2_000, 5_000, 10_000)
# A network takes 1-3 s to accept an SMS (domain 5.3).
_TIME_FOR_TEXTS_MS = const(5_000)
_ALTERNATE_EVERY = const(3)


class Call:
    """The call of one activation at a time.

    `is_up` from a dial command until that call is over; `is_settled` once the far end rings, and
    while the next attempt is seconds away: then the line is free for texts.
    """

    def __init__(self, modem: "CellularModem", clock: "Clock", activation: "CallOwner") -> None:
        self._modem = modem
        self._clock = clock
        self._activation = activation
        self._wanted = asyncio.Event()
        self._on_dialled = self._dialled
        self._dialled_ticks = 0
        self._failures = 0
        self._connected = False
        self.is_up = False
        self.is_settled = False

    def start(self) -> None:
        """Dial now, without allocating; the task follows what becomes of it.

        While the modem is not ready the task dials as soon as it is.
        """
        self._failures = 0
        self.is_up = False
        if self._modem.is_ready:
            self._dial()
        self._wanted.set()

    def can_dial(self) -> bool:
        """Whether there is a number that may be dialled at all."""
        return self._modem.can_dial(0)

    def since_dial_ms(self) -> int:
        """Milliseconds since the last dial command left."""
        return self._clock.ticks_diff(self._clock.ticks_ms(), self._dialled_ticks)

    def resume(self) -> None:
        """Take up an activation that a restart interrupted, as soon as the modem is ready."""
        self._failures = 0
        self.is_up = False
        self._wanted.set()

    def wake(self) -> None:
        """Let the task check in."""
        self._wanted.set()

    async def run(self, check_in: "Callable[[], None]") -> None:
        """Pursue the call of each activation; for ever."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            check_in()
            while self._activation.wants_call:
                await self._attempt(check_in)

    # -- one attempt

    def _dial(self) -> None:
        self.is_settled = False
        self._connected = False
        self.is_up = self._modem.dial(self._choice(), self._on_dialled)

    def _choice(self) -> int:
        on_turn = self._activation.attempt % _ALTERNATE_EVERY == 0
        return 1 if on_turn and self._modem.can_dial(1) else 0

    def _dialled(self) -> None:
        self._dialled_ticks = self._clock.ticks_ms()
        self._activation.dialled()

    async def _attempt(self, check_in: "Callable[[], None]") -> None:
        if not self.is_up:
            await self._ready(check_in)
            self._dial()
        status = await self._modem.dialled()
        if status == at.TIMED_OUT and not await self._modem.poll_call():
            self._modem.restart()
        elif status != at.FAILED:
            while not await self._is_over():
                check_in()
        self.is_up = False
        if not self._activation.call_over(self._connected):
            return
        await self._wait(check_in)

    async def _ready(self, check_in: "Callable[[], None]") -> None:
        while not self._modem.is_ready:
            check_in()
            await asyncio.sleep_ms(_LOOK_MS)

    async def _wait(self, check_in: "Callable[[], None]") -> None:
        if self._connected:
            self._failures = 0
        rung = min(self._failures, len(_LADDER_MS) - 1)
        self._failures += 1
        had_service = self._modem.has_service
        left_ms = _LADDER_MS[rung]
        self.is_settled = left_ms >= _TIME_FOR_TEXTS_MS
        while left_ms > 0 and (had_service or not self._modem.has_service):
            check_in()
            await asyncio.sleep_ms(_LOOK_MS)
            left_ms -= _LOOK_MS

    # -- what becomes of it

    async def _is_over(self) -> bool:
        """Look once, after a change or a second; True when the call is over or was given up."""
        modem = self._modem
        await self._change()
        if not await modem.poll_call():
            modem.restart()
            return True
        since_dial_ms = self.since_dial_ms()
        if modem.call_state == CALL_NONE:
            return modem.call_ended or since_dial_ms > _POLL_MS * 3
        if modem.call_ended and since_dial_ms >= _SET_UP_MS and not self._connected:
            return True
        self._note(modem.call_state)
        return await self._given_up(since_dial_ms)

    async def _change(self) -> None:
        changed = self._modem.changed
        try:
            await asyncio.wait_for_ms(changed.wait(), _POLL_MS)
        except asyncio.TimeoutError:
            pass
        changed.clear()

    def _note(self, state: int) -> None:
        if state in (CALL_ALERTING, CALL_ACTIVE):
            self.is_settled = True
        if state == CALL_ACTIVE and not self._connected:
            self._connected = True
            self._activation.connected()

    async def _given_up(self, since_dial_ms: int) -> bool:
        if self._connected:
            return False
        limit_ms = _ALERTING_MS if self._modem.call_state == CALL_ALERTING else _SET_UP_MS
        if since_dial_ms < limit_ms:
            return False
        await self._modem.hang_up()
        return True
