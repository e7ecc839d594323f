"""The host link: trace events out as they happen; requests in, answers out."""

import asyncio

from micropython import const

from tocsin import wire
from tocsin.link.frame import FrameEncoder

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tocsin.link.deframe import FrameDecoder
    from tocsin.link.handlers.clear import Handlers
    from tocsin.parts import Port
    from tocsin.trace import Trace

_HEADER_BYTES = const(2)


class SerialLink:
    """Serves one host on one port; payload = message id, request id, body.

    What only a host needs, `make_handlers()` included, is loaded when one is first heard.
    """

    def __init__(
        self, port: "Port", make_handlers: "Callable[[], Handlers]", announced: asyncio.Event
    ) -> None:
        self._port = port
        self._make_handlers = make_handlers
        self._announced = announced
        self._encoder = FrameEncoder(_HEADER_BYTES + wire.TraceEvent.MAX_BYTES)
        self._decoder: FrameDecoder | None = None
        self._event = wire.TraceEvent()

    async def receive(self) -> None:
        """Answer requests; for ever."""
        while True:
            await self._port.readable()
            n = self._port.read()
            while n:
                self._decode(n)
                n = self._port.read()

    async def announce(self, trace: "Trace") -> None:
        """Send each trace event once the firmware has a moment; for ever."""
        while True:
            await self._announced.wait()
            self._announced.clear()
            while trace.take(self._event):
                self._send(self._event, 0)
                await asyncio.sleep_ms(0)

    def _decode(self, n: int) -> None:
        if self._decoder is None:
            from tocsin.link.deframe import FrameDecoder

            self._handlers = self._make_handlers()
            self._encoder = FrameEncoder(wire.MAX_PAYLOAD_BYTES)
            self._decoder = FrameDecoder(wire.MAX_PAYLOAD_BYTES, self._serve)
        self._decoder.feed(self._port.buffer, n)

    def _serve(self, payload: memoryview, n: int) -> None:
        if n >= _HEADER_BYTES:
            self._send(self._handlers.answer(payload, n), payload[1])

    def _send(self, message: "Any", request: int) -> None:
        payload = self._encoder.payload
        payload[0] = message.ID
        payload[1] = request
        end = message.encode_into(payload, _HEADER_BYTES)
        self._port.write(self._encoder.encode(end))
