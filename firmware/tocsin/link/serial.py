"""The host link: frames in, handlers, frames out, and trace events as they happen."""

import asyncio

from tocsin import wire
from tocsin.link.frame import FrameDecoder, FrameEncoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tocsin.link.handlers import Handlers
    from tocsin.parts import Port
    from tocsin.trace import Trace

_HEADER_BYTES = 2


class SerialLink:
    """Serves one host on one port; payload = message id, request id, body."""

    def __init__(self, port: "Port", handlers: "Handlers", announced: asyncio.Event) -> None:
        self._port = port
        self._handlers = handlers
        self._announced = announced
        self._encoder = FrameEncoder(wire.MAX_PAYLOAD_BYTES)
        self._decoder = FrameDecoder(wire.MAX_PAYLOAD_BYTES, self._serve)
        self._event = wire.TraceEvent()

    async def receive(self) -> None:
        """Answer requests; for ever."""
        while True:
            await self._port.readable()
            n = self._port.read()
            while n:
                self._decoder.feed(self._port.buffer, n)
                n = self._port.read()

    async def announce(self, trace: "Trace") -> None:
        """Send each trace event once the firmware has a moment; for ever."""
        while True:
            await self._announced.wait()
            self._announced.clear()
            while trace.take(self._event):
                self._send(self._event, 0)
                await asyncio.sleep_ms(0)

    def _serve(self, payload: memoryview, n: int) -> None:
        if n >= _HEADER_BYTES:
            self._send(self._handlers.answer(payload, n), payload[1])

    def _send(self, message: "Any", request: int) -> None:
        payload = self._encoder.payload
        payload[0] = message.ID
        payload[1] = request
        end = message.encode_into(payload, _HEADER_BYTES)
        self._port.write(self._encoder.encode(end))
