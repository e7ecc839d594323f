"""The host link: tells what happens; a host that speaks is served by what it has loaded."""

import asyncio
import sys

from micropython import const

from tocsin import build, wire
from tocsin.link.frame import FrameEncoder

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.listener import Listener
    from tocsin.link.session import Session
    from tocsin.parts import Port
    from tocsin.trace import Trace

_NOTE = const(0x50)  # a kind of frame beside the channel's: of no connection, never acknowledged
_ID = const(4)
_BODY = const(6)


class SerialLink:
    """One port; what it takes to serve a host is in memory only while there is one."""

    def __init__(self, handset: "Handset", port: "Port", announced: asyncio.Event) -> None:
        self.port = port
        self._handset = handset
        self._announced = announced
        self._encoder = FrameEncoder(_BODY + wire.TraceEvent.MAX_BYTES)
        self._event = wire.TraceEvent()
        self.is_serving = False  # whether a host has sent a frame and is not gone
        self._listener: Listener | None = None
        self._subscriber: Session | None = None

    async def receive(self) -> None:
        """Listen for a host and have it served; for ever."""
        port = self.port
        while True:
            await port.readable()
            n = port.read()
            while n:
                await self._listening().take(None, port.buffer, n)
                await asyncio.sleep_ms(0)  # rubbish may take longer to judge than to arrive
                n = port.read()

    def _listening(self) -> "Listener":
        if self._listener is None:
            resident = set(sys.modules)
            from tocsin.link.listener import Listener

            self._listener = Listener(self._handset, self, resident)
        return self._listener

    async def serve_radio(self) -> None:
        """Have a host served that comes by radio, for a while."""
        try:
            await self._listening().serve_radio()
        except Exception as error:  # noqa: BLE001 - whatever it was, it stays there
            self._handset.on_fault("radio", error)

    @property
    def is_service_mode(self) -> bool:
        """Whether the radio is in use."""
        return self._listener is not None and self._listener.is_service_mode

    def release(self) -> None:
        """Let go of the host's part; the next octet loads it again."""
        self._listener = None

    def subscribe(self, session: "Session | None") -> None:
        """Have `session` tell the events, those included that nobody was told; None: no session."""
        self._subscriber = session
        self._announced.set()

    async def announce(self, trace: "Trace") -> None:
        """Tell each trace event once the firmware has a moment; for ever."""
        while True:
            await self._announced.wait()
            self._announced.clear()
            while (self._subscriber or not build.RELEASE) and trace.take(self._event):
                if self._subscriber:
                    await self._subscriber.tell(self._event)
                else:
                    self._note()
                await asyncio.sleep_ms(0)

    def _note(self) -> None:
        payload = self._encoder.payload
        payload[0] = _NOTE
        payload[_ID] = wire.TraceEvent.ID
        self.port.write(self._encoder.encode(self._event.encode_into(payload, _BODY)))
