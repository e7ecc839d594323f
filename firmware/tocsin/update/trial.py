"""The trial of new firmware: it stays once it has served for a while, else the old one returns."""

import asyncio

from micropython import const

from tocsin import build, wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.parts import Slots
    from tocsin.supervisor import Supervisor

_LOOK_MS = const(5_000)
# As often as the supervisor looks: a minute with every vital task well and the modem answering.
_ROUNDS_TO_PROVE = const(12)
_LOOKS_TO_FAIL = const(120)
# An alarm that finds no modem for two minutes may find one in the firmware before.
_DEAF_LOOKS = const(24)


class Trial:
    """Ends the trial under way, begins one that waits, and tells the journal of a step back."""

    def __init__(self, handset: "Handset", slots: "Slots", supervisor: "Supervisor") -> None:
        self._handset = handset
        self._slots = slots
        self._supervisor = supervisor
        self._looks = 0
        self._deaf_looks = 0
        self._has_begun = False

    async def run(self) -> None:
        """Until there is nothing left to do; then nothing more, for ever.

        An alarm comes first: it is neither proof nor loss of time, unless it finds no modem.
        """
        slots = self._slots
        while slots.is_trial or slots.is_news or (slots.is_waiting and not self._has_begun):
            await asyncio.sleep_ms(_LOOK_MS)
            if self._handset.is_quiet():
                await self._go_on()
            elif slots.is_trial:
                self._look_in_alarm()
        await asyncio.Event().wait()

    async def _go_on(self) -> None:
        if self._slots.is_news:
            self._note()
            self._handset.history.flush()
            await self._handset.gate.opened()
            with self._handset.gate:
                self._slots.told()
        elif self._slots.is_waiting:
            self._begin()
        else:
            self._look()

    def _begin(self) -> None:
        """Restart for the update that waits, once at most; raises OSError when flash refuses."""
        self._has_begun = True
        with self._handset.gate:
            self._slots.rewrite()  # the loader would start the same again if it could not
        self._handset.restart_soon()

    def _look(self) -> None:
        self._looks += 1
        if self._supervisor.rounds >= _ROUNDS_TO_PROVE and self._handset.modem.is_ready:
            with self._handset.gate:
                self._slots.confirm(build.SECURITY_COUNTER)
            self._note()
        elif self._looks == _LOOKS_TO_FAIL:
            self._handset.restart_soon()

    def _look_in_alarm(self) -> None:
        self._deaf_looks = 0 if self._handset.modem.is_ready else self._deaf_looks + 1
        if self._deaf_looks == _DEAF_LOOKS:
            self._handset.history.flush()
            self._handset.board.reset()  # which the alarm outlives

    def _note(self) -> None:
        slots = self._slots
        self._handset.history.note(wire.JOURNAL_UPDATE, slots.last, slots.security_counter)
