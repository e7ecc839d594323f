"""One connection's conversation: once it is opened, of sealed messages.

A message is its id, its request's number (0: nobody asked for it) and its body.
"""

import asyncio

from micropython import const

from tocsin import wire_dialogue as wire
from tocsin.link.channel import MAX_DATA_BYTES, NORMAL, URGENT
from tocsin.link.dispatch import HEADER_BYTES, answer, encoded
from tocsin.link.handlers import Handlers
from tocsin.link.lanes import NoiseError, SealedLanes
from tocsin.link.loading import load, unload

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from tocsin.handset import Handset
    from tocsin.link.serial import SerialLink
    from tocsin.link.service import Service
    from tocsin.wire import TraceEvent

_TO_OPEN = (
    "tocsin.crypto.hkdf",
    "tocsin.crypto.x25519",
    "tocsin.link.noise",
    "tocsin.link.greeting",
    "tocsin.link.opening",
)


class Session:
    """What is said on one connection of `service`; set `heard` when its channel has moved on.

    `role` and `is_unclaimed` hold once `is_sealed`.
    """

    def __init__(self, service: "Service", handset: "Handset", link: "SerialLink") -> None:
        self.heard = asyncio.Event()
        self.role = 0
        self.is_unclaimed = False
        self._service = service
        self._handset = handset
        self._link = link
        self._handlers = Handlers(handset)
        self._buffer = bytearray(MAX_DATA_BYTES)
        self._is_over = False
        self._lanes: SealedLanes | None = None
        self._locks = (asyncio.Lock(), asyncio.Lock())

    @property
    def is_sealed(self) -> bool:
        """Whether the host has proved that it holds the key of its role."""
        return self._lanes is not None

    async def run(self) -> None:
        """Converse until the host ends the session; raises NoiseError when anything else does."""
        pause = self._service.pause
        self._lanes = lanes = await self._opened()
        while True:
            lane, box = await self.take()
            message = await lanes.open_box(box, lane, pause)
            if len(message) < HEADER_BYTES:
                continue
            if message[0] == wire.SessionEnd.ID:
                return
            reply = await answer(message, self._handlers, self)
            if reply is not None:
                await self._post(reply, message[1], lane)

    async def _opened(self) -> SealedLanes:
        """Load what it takes to open a session, and do so; the memory is needed afterwards."""
        await load(_TO_OPEN, self._handset.gate)
        from tocsin.link.opening import Opening

        opening = Opening(
            self, self._handset.config, self._handlers.capabilities, self._service.pause
        )
        lanes = await opening.lanes()
        self.role, self.is_unclaimed = opening.role, opening.is_unclaimed
        unload(_TO_OPEN)
        return lanes

    def end(self) -> None:
        """Forget the keys; whoever waits to send is told by NoiseError."""
        self._is_over = True
        self._lanes = None
        self._link.subscribe(None)
        self.heard.set()

    async def is_left(self) -> None:
        """Return once nobody is sending any more, after the end."""
        for lock in self._locks:
            await lock.acquire()
        del self._handlers, self._buffer

    # -- for handlers

    async def send(self, message: "Any", urgent: bool = False) -> None:
        """Send what nobody has asked for; raises NoiseError when the session is over."""
        await self._post(message, 0, URGENT if urgent else NORMAL)

    def subscribe(self, on: bool) -> None:
        """Have the trace's events sent, those included that nobody has had so far."""
        self._link.subscribe(self if on else None)

    async def tell(self, event: "TraceEvent") -> None:
        """Send a trace event, unless the session is over."""
        try:
            await self.send(event, True)
        except NoiseError:
            pass

    # -- the channel

    async def take(self) -> "tuple[int, bytes]":
        """The lane and the data of the channel's next message."""
        while True:
            lane = self._service.channel.ready()
            if lane >= 0:
                n = self._service.channel.take_into(lane, self._buffer)
                self._service.stir()
                return lane, bytes(memoryview(self._buffer)[:n])
            await self._more()

    async def put(self, data: bytes, lane: int) -> None:
        """Send data as it is, as soon as there is room; raises NoiseError after the end."""
        self._check()
        while not self._service.channel.send(data, len(data), lane):
            await self._more()
        self._service.stir()

    async def _post(self, message: "Any", request: int, lane: int) -> None:
        """Seal and send; one at a time on a lane, for the order of the nonces is that of sending.

        What has a nonce is sent, or the session is over.
        """
        async with self._locks[lane]:
            while not self._service.channel.has_room(lane):
                await self._more()
            lanes = self._lanes
            if lanes is None:
                raise NoiseError("the session is over")
            box = await lanes.seal(encoded(message, request), lane, self._service.pause)
            await self.put(box, lane)

    async def _more(self) -> None:
        """Wait for the channel to move on."""
        self._check()
        self.heard.clear()
        await self.heard.wait()
        self._check()

    def _check(self) -> None:
        if self._is_over:  # the channel may serve another session already
            raise NoiseError("the session is over")
