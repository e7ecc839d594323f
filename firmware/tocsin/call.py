"""The call: dials, watches what becomes of it, and dials again until the activation is over.

The modem is never believed about an answer. A call that may be connected is never hung up.
"""

import asyncio

from micropython import const

from tocsin.modem.answers import CALL_ACTIVE, CALL_ALERTING, CALL_DIALLING, CALL_NONE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import CallOwner, Clock

# With the modem's answer, once a second.
_POLL_MS = const(950)
# CS fallback: a `NO CARRIER` in the first 40 s need not mean that the call failed (domain 5.2).
_SET_UP_MS = const(40_000)
_ALERTING_MS = const(120_000)
# A call just dialled may not be listed yet.
_UNLISTED_MS = const(3_000)
_MAX_DEAF_POLLS = const(3)
_LOOK_MS = const(100)
_NOT_CONNECTED = (CALL_DIALLING, CALL_ALERTING)
_LADDER_MS = (0, 2_000, 5_000, 10_000)
# A network takes 1-3 s to accept an SMS (domain 5.3).
_TIME_FOR_TEXTS_MS = const(5_000)
_ALTERNATE_EVERY = const(3)
# Two minutes or more without any call: that may be the modem's own fault.
_CYCLE_EVERY = const(12)


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
        self._turns = 0
        self._connected = False
        self._empty_polls = 0
        self._deaf_polls = 0
        self._gave_up = False
        self._is_unwanted = False
        self.is_up = False
        self.is_settled = False

    def start(self) -> None:
        """Dial now, without allocating; the task follows what becomes of it.

        While the modem is not ready, or may have a call that was lost sight of, the task dials as
        soon as it is or has none. A call that is still up, of an activation that closed without it,
        is not dialled over but becomes this activation's.
        """
        self._failures = 0
        self._turns = 0
        self._is_unwanted = False
        if self.is_up:
            self._connected = False
        elif self._modem.is_ready and not self._modem.has_call:
            self._dial()
        self._wanted.set()

    def drop(self) -> None:
        """Let a call go that is not connected: nobody wants it any longer."""
        self._is_unwanted = True
        self._modem.changed.set()

    def can_dial(self) -> bool:
        """Whether there is a number that may be dialled at all."""
        return self._modem.can_dial(0)

    def since_dial_ms(self) -> int:
        """Milliseconds since the last dial command left."""
        return self._clock.ticks_diff(self._clock.ticks_ms(), self._dialled_ticks)

    def wake(self) -> None:
        """Let the task check in, and begin if a call is wanted."""
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
        self._begin()
        self.is_up = self._modem.dial(self._choice(), self._on_dialled)

    def _begin(self) -> None:
        self._dialled_ticks = self._clock.ticks_ms()
        self.is_settled = False
        self._connected = False
        self._empty_polls = 0
        self._deaf_polls = 0
        self._gave_up = False

    def _choice(self) -> int:
        self._turns += 1  # the attempt's own number ends at 255
        on_turn = self._activation.prefers_alternate or self._turns % _ALTERNATE_EVERY == 0
        return 1 if on_turn and self._modem.can_dial(1) else 0

    def _dialled(self) -> None:
        self._dialled_ticks = self._clock.ticks_ms()
        self._activation.dialled()

    async def _attempt(self, check_in: "Callable[[], None]") -> None:
        if not self.is_up and not await self._take_up(check_in):
            return
        await self._modem.dialled()
        while not await self._is_over(check_in):
            check_in()
        self.is_up = False
        if self._activation.call_over(self._connected):
            if self._failures in (1, 2):
                await self._modem.check_sim(check_in, is_told=self._failures == 2)
            await self._wait(check_in)

    async def _take_up(self, check_in: "Callable[[], None]") -> bool:
        """Adopt a call that is up without our knowing, else dial; False if there is none yet."""
        if not self._modem.is_ready:
            self._modem.tell_if_silent()
        while not self._modem.is_ready:
            check_in()
            await asyncio.sleep_ms(_LOOK_MS)
        self.is_settled = False
        is_alive = self._gave_up or await self._modem.poll_call(check_in, is_urgent=True)
        if self.is_up:
            return True
        if not is_alive:
            self._modem.restart()
        elif self._activation.wants_call:
            if self._modem.has_call and not self._gave_up:
                self._adopt()
            else:
                self._dial()
        return self.is_up

    def _adopt(self) -> None:
        self._begin()
        self._modem.adopt_call()
        self.is_up = True

    async def _wait(self, check_in: "Callable[[], None]") -> None:
        if self._connected:
            self._failures = 0
        rung = min(self._failures, len(_LADDER_MS) - 1)
        self._failures += 1
        if self._failures % _CYCLE_EVERY == 0:
            self._modem.cycle()
        had_service = self._modem.has_service
        left_ms = _LADDER_MS[rung]
        self.is_settled = left_ms >= _TIME_FOR_TEXTS_MS
        while left_ms > 0 and self._is_waiting(had_service):
            check_in()
            await asyncio.sleep_ms(_LOOK_MS)
            left_ms -= _LOOK_MS

    def _is_waiting(self, had_service: bool) -> bool:
        is_back = self._modem.has_service and not had_service
        return self._activation.wants_call and not (self.is_up or is_back)

    # -- what becomes of it

    async def _is_over(self, check_in: "Callable[[], None]") -> bool:
        """Look once, after a change or a second; True when the call is over or was given up."""
        changed = self._modem.changed
        await changed.wait_ms(_POLL_MS)
        changed.clear()
        if not await self._modem.poll_call(check_in, is_urgent=self._deaf_polls > 0):
            return self._is_deaf()
        self._deaf_polls = 0
        if self._modem.call_state == CALL_NONE:
            return self._has_vanished()
        self._empty_polls = 0
        self._note(self._modem.call_state)
        return await self._given_up(check_in)

    def _is_deaf(self) -> bool:
        """A modem may not answer and yet hold a connected call: that is not given up so soon."""
        modem = self._modem
        self._deaf_polls += 1
        may_hear = self._deaf_polls < _MAX_DEAF_POLLS and modem.engine.owed_until is None
        if self._connected and may_hear:
            return False
        modem.restart()
        return not modem.is_ready

    def _has_vanished(self) -> bool:
        """Without word of an end one empty list proves nothing: it may answer another command."""
        self._empty_polls += 1
        is_certain = self._empty_polls > 1 and self.since_dial_ms() > _UNLISTED_MS
        return self._modem.call_ended or is_certain

    def _note(self, state: int) -> None:
        if state in (CALL_ALERTING, CALL_ACTIVE):
            self.is_settled = True
        if state == CALL_ACTIVE and not self._connected:
            self._connected = True
            self._activation.connected()

    async def _given_up(self, check_in: "Callable[[], None]") -> bool:
        if self._connected:
            return False
        modem = self._modem
        is_ringing = modem.call_state == CALL_ALERTING and not modem.call_ended
        is_dropped = self._is_unwanted and modem.call_state in _NOT_CONNECTED
        limit_ms = _ALERTING_MS if is_ringing else _SET_UP_MS
        if not is_dropped and self.since_dial_ms() < limit_ms:
            return False
        await modem.hang_up()
        self._gave_up = True
        # Asked about now, while the modem is awake still, it need not be at the next press.
        await modem.poll_call(check_in, is_urgent=True)
        return True
