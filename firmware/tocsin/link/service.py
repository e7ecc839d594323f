"""Serves one host: transmits what the channel has, and keeps a session for each connection."""

import asyncio

from micropython import const

from tocsin.link import old_host
from tocsin.link.channel import Channel
from tocsin.link.frame import FrameEncoder
from tocsin.link.lanes import NoiseError
from tocsin.link.loading import give_way
from tocsin.link.session import Session
from tocsin.wire import MAX_PAYLOAD_BYTES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.handset import Handset
    from tocsin.link.serial import SerialLink
    from tocsin.parts import Radio, Ticks

# A host may send window after window without a pause, and the line then never falls idle: a port's
# kilobyte holds 90 ms of it at 115,200 baud, and an operation on flash takes 45 ms of those.
_LOOK_MS = const(30)
_BITS_PER_BYTE = const(10)  # 8 data, start, stop
_AHEAD_MS = const(2)  # the next frame is handed over so long before the line falls idle
_SESSION_SILENCE_MS = const(600_000)
_SILENCE_MS = const(10_000)  # without a session
_UNPROVEN_MS = const(60_000)  # in all; then nobody is heard for a moment
_DEAF_MS = const(2_000)


class Service:
    """From a host's first frame until it leaves or falls silent; then `on_end` is called.

    The host is at the end of the radio or, with None, of the cable.
    """

    def __init__(
        self,
        handset: "Handset",
        link: "SerialLink",
        radio: "Radio | None",
        on_end: "Callable[[], None]",
    ) -> None:
        self._handset = handset
        self._link = link
        self._radio = radio
        self._port = radio or link.port
        self._on_end = on_end
        self._clock = handset.board.clock
        self._stirred = asyncio.Event()
        self._is_closing = False
        self._is_leaving = False
        self._session: Session | None = None
        self._latest: Session | None = None  # the session of `_conversing`, dropped or not
        self._heard_ticks = self._free_ticks = self._proven_ticks = self._clock.ticks_ms()
        self.channel = Channel(self._clock, MAX_PAYLOAD_BYTES, self._on_reset)
        self._encoder = FrameEncoder(MAX_PAYLOAD_BYTES)
        self._running = asyncio.create_task(self._run())
        self._looking = asyncio.create_task(self._look())

    def receive(self, payload: memoryview, n: int) -> None:
        """Take a frame's payload[:n] from the host."""
        if self._is_leaving:
            return
        if old_host.is_request(payload, n):
            refused = old_host.refuse(payload, self._encoder.payload)
            self._port.write(self._encoder.encode(refused))
            return
        self._heard_ticks = self._clock.ticks_ms()
        if self.is_proven:
            self._proven_ticks = self._heard_ticks
        self.channel.is_last = self._handset.is_restarting()
        self.channel.receive(payload, n, self._heard_ticks)
        if self._session is not None:
            self._session.heard.set()
        self.stir()

    @property
    def is_proven(self) -> bool:
        """Whether the host has a session."""
        session = None if self._is_leaving else self._session
        return session is not None and session.is_sealed

    def stop(self) -> None:
        """Serve the host no longer."""
        self._is_closing = self._is_leaving = True
        self.stir()

    def stir(self) -> None:
        """The channel may have something to transmit."""
        self._stirred.set()

    async def pause(self) -> None:
        """What every long computation awaits between its steps."""
        await give_way(self._handset.gate)

    # -- one session a connection

    def _on_reset(self) -> None:
        self._drop_session()
        if self.channel.is_open:
            self._session = self._latest = Session(self, self._handset, self._link)
            self._conversing = asyncio.create_task(self._converse(self._session))
        else:
            self._is_closing = True

    async def _converse(self, session: Session) -> None:
        try:
            await session.run()
            self.channel.acknowledge_now()
        except NoiseError:
            self.channel.close()
        except Exception as error:  # noqa: BLE001 - a fault of one session ends that session
            self._handset.on_fault("session", error)
            self.channel.close()
        session.end()
        self._is_closing = True
        self.stir()

    def _drop_session(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None
            self._conversing.cancel()

    # -- the line

    async def _look(self) -> None:
        while not self._is_leaving:
            self._link.port.look()
            await asyncio.sleep_ms(_LOOK_MS)

    async def _run(self) -> None:
        try:
            while await self._transmit():
                await self._stir_or_due()
        except Exception as error:  # noqa: BLE001 - it is reported, and the host connects again
            self._handset.on_fault("link service", error)
        is_exhausted = self._left_ms(_UNPROVEN_MS, self._proven_ticks) <= 0
        await self._leave()
        if is_exhausted:
            await asyncio.sleep_ms(_DEAF_MS)
        self._on_end()

    async def _leave(self) -> None:
        """Return once no task is inside what is about to be let go of."""
        self._is_leaving = True
        self._drop_session()
        session = self._latest
        if session is not None:
            await session.is_left()
            try:
                await self._conversing
            except asyncio.CancelledError:
                pass
        # A stale word may still lead to this object, and to all it holds.
        del self.channel, self._encoder, self._session, self._latest

    async def _transmit(self) -> bool:
        """Send all that is due, one frame at a time; False when that was the last."""
        while True:
            n = self.channel.poll(self._clock.ticks_ms(), self._encoder.payload)
            if not n:
                return not self._is_closing and self._silence_left_ms() > 0
            frame = self._encoder.encode(n)
            self._port.write(frame)
            if self._radio is not None:
                await self._radio.sent()
            else:
                await asyncio.sleep_ms(self._until_free_ms(len(frame)))

    def _until_free_ms(self, n: int) -> int:
        """How long to keep the next frame back, so that an urgent one can still overtake it."""
        clock, now = self._clock, self._clock.ticks_ms()
        begin = self._free_ticks if clock.ticks_diff(self._free_ticks, now) > 0 else now
        duration_ms = -(-n * _BITS_PER_BYTE * 1000 // self._link.port.baud)
        self._free_ticks = clock.ticks_add(begin, duration_ms)
        return max(0, clock.ticks_diff(self._free_ticks, now) - _AHEAD_MS)

    async def _stir_or_due(self) -> None:
        wait_ms = self._silence_left_ms()
        due_ms = self.channel.wait_ms(self._clock.ticks_ms())
        if due_ms >= 0:
            wait_ms = min(wait_ms, due_ms)
        try:
            await asyncio.wait_for_ms(self._stirred.wait(), wait_ms)
        except asyncio.TimeoutError:
            pass
        self._stirred.clear()

    def _silence_left_ms(self) -> int:
        if self.is_proven:
            return self._left_ms(_SESSION_SILENCE_MS, self._heard_ticks)
        unproven_ms = self._left_ms(_UNPROVEN_MS, self._proven_ticks)
        return min(self._left_ms(_SILENCE_MS, self._heard_ticks), unproven_ms)

    def _left_ms(self, limit_ms: int, since: "Ticks") -> int:
        return limit_ms - self._clock.ticks_diff(self._clock.ticks_ms(), since)
