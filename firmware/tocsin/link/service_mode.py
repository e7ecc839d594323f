"""Service mode: for a while after a gesture a host may come by radio."""

import asyncio

from micropython import const

from tocsin import wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.listener import Listener
    from tocsin.parts import Radio

_LONGEST_MS = const(600_000)
_UNPROVEN_MS = const(60_000)  # without a session
_CONNECTED_MS = const(15_000)  # likewise, for any one host
_LOOK_MS = const(10)
_GIVEN_UP_MS = const(3_000)


class ServiceMode:
    """From `run` until its time is over or the button is touched: then the radio falls silent.

    The person is told once it is on.

    Nothing here is waited for by anybody: an alarm goes on whatever becomes of it.
    """

    def __init__(self, handset: "Handset", listener: "Listener", radio: "Radio") -> None:
        self._button = handset.board.button
        self._gate = handset.gate
        self._activation = handset.activation
        self._call = handset.call
        self._feedback = handset.feedback
        self._clock = handset.board.clock
        self._listener = listener
        self._radio = radio
        self._was_connected = False
        self._connected_ticks = self._began_ticks = self._proven_ticks = self._clock.ticks_ms()

    async def run(self) -> None:
        """Begin, and return once the radio is off; raises what the radio raises."""
        radio = self._radio
        while not self._button.is_armed():  # of the gesture
            if self._since_ms(self._began_ticks) >= _GIVEN_UP_MS:
                return
            await asyncio.sleep_ms(_LOOK_MS)
        if not self._activation.is_idle:
            return
        try:
            radio.open()
            radio.advertise()
            self._feedback.tell(wire.NOTICE_SERVICE)
            while not self._is_over():
                await self._turn()
                await asyncio.sleep_ms(_LOOK_MS)
        finally:
            await self._end()

    def _is_over(self) -> bool:
        if not self._button.is_armed() or self._since_ms(self._began_ticks) >= _LONGEST_MS:
            return True
        if self._listener.is_proven(self._radio):
            self._proven_ticks = self._clock.ticks_ms()
        return self._since_ms(self._proven_ticks) >= _UNPROVEN_MS

    def _since_ms(self, ticks: int) -> int:
        return self._clock.ticks_diff(self._clock.ticks_ms(), ticks)

    async def _turn(self) -> None:
        radio, listener = self._radio, self._listener
        if radio.is_connected and not self._was_connected:
            self._was_connected = True
            self._connected_ticks = self._clock.ticks_ms()
        elif self._was_connected and not radio.is_connected:
            self._was_connected = False
            listener.stop(radio)
            radio.advertise()
        elif self._was_connected:
            if radio.read():
                await listener.take(radio, radio.buffer, len(radio.buffer))
            if listener.is_proven(radio):
                self._connected_ticks = self._clock.ticks_ms()
            elif self._since_ms(self._connected_ticks) >= _CONNECTED_MS:
                radio.hang_up()

    async def _end(self) -> None:
        try:
            self._radio.hush()
        finally:
            self._listener.stop(self._radio)
            hushed_ticks = self._clock.ticks_ms()
            # Switching off holds everything up, for long if a host is still there.
            while not self._may_close(self._since_ms(hushed_ticks)):
                await asyncio.sleep_ms(_LOOK_MS)
            try:
                self._radio.close()
            finally:
                while self._listener.serves(self._radio):
                    await asyncio.sleep_ms(_LOOK_MS)

    def _may_close(self, silent_ms: int) -> bool:
        is_idle = self._activation.is_idle
        if not self._gate.is_open or not (is_idle or self._call.is_up):
            return False
        return not self._radio.is_connected or (is_idle and silent_ms >= _GIVEN_UP_MS)
