"""A host on the handset's link, in virtual time: the host's own channel and session."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tocsin_host import wire
from tocsin_host.channel import Channel, ChannelClosedError
from tocsin_host.session import Credential, Handshake, SealedLanes
from tocsin_protocol.frame import FrameDecoder, encode_frame
from tocsin_sim.kernel import Event, Kernel
from tocsin_sim.vm.lines import UartLine

LIMIT_US = 30_000_000
BYTE_US = 87
LANES = (0, 1)  # as the first octet of a data frame
_connections = itertools.count(1)

Change = Callable[[bytes], bytes]


class HostOnLine:
    """Asks one question at a time; `change` may alter each frame's payload on its way out.

    `received` holds the payloads of all frames that came, `arrived_us` and `sent_us` when data
    frames did so, a list a lane; `events` the sealed messages nobody asked for, `closed` why the
    channel ended.
    """

    def __init__(self, kernel: Kernel, line: UartLine) -> None:
        self.kernel = kernel
        self.change: Change = bytes
        self.received: list[bytes] = []
        self.arrived_us: tuple[list[int], list[int]] = ([], [])
        self.sent_us: tuple[list[int], list[int]] = ([], [])
        self.events: list[wire.Message] = []
        self.closed: ChannelClosedError | None = None
        self.lanes: SealedLanes | None = None
        self._line = line
        self._decoder = FrameDecoder()
        self._requests = itertools.cycle(range(1, 256))
        self._replies: dict[int, wire.Message] = {}
        self._timer: Event | None = None
        self._free_us = 0
        self._hello = self._reply = b""
        line.on_bytes(self._take)
        self.connect()

    # One exchange

    def connect(self) -> None:
        """Begin a new channel; the handset forgets what was before."""
        self.channel = Channel(next(_connections))
        self.closed = self.lanes = None
        self.arrived_us, self.sent_us = ([], []), ([], [])
        self._poll()

    def fall_silent(self) -> None:
        """Send and hear nothing more, until the next connection."""
        self.closed = ChannelClosedError("unplugged")

    def open(self, credential: Credential) -> wire.HelloReply:
        """Greet and shake hands."""
        reply = self.greet(credential.role)
        assert isinstance(reply, wire.HelloReply)
        assert isinstance(self.shake(credential), wire.HandshakeAnswer)
        return reply

    def greet(self, role: int) -> wire.Message:
        """Say hello; the answer."""
        return self.greet_with(
            wire.Hello(wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR, wire.Role(role))
        )

    def greet_with(self, hello: Any) -> wire.Message:
        """Say this hello; the answer."""
        self._hello = hello.encode()
        reply = self.ask(hello)
        self._reply = reply.encode()
        return reply

    def alter_hello(self, at: int) -> None:
        """Believe to have sent another greeting."""
        self._hello = self._hello[:at] + bytes((self._hello[at] ^ 2,)) + self._hello[at + 1 :]

    def shake(self, credential: Credential) -> wire.Message:
        """Shake hands with this key; the answer."""
        self.handshake = Handshake(credential, self._hello, self._reply)
        answer = self.ask(wire.HandshakeStart(self.handshake.first_message()))
        if isinstance(answer, wire.HandshakeAnswer):
            self.lanes = self.handshake.finish(answer.box)
        return answer

    def ask(self, message: wire.Message, *, urgent: bool = False) -> wire.Message:
        """Send and return the reply; raises ChannelClosedError, or TimeoutError after 30 s."""
        number = self.send(message, urgent=urgent)
        return self.reply_to(number)

    def reply_to(self, number: int) -> wire.Message:
        """Wait for the reply to a request."""
        self.run(lambda: number in self._replies)
        return self._replies.pop(number)

    def send(self, message: wire.Message, *, urgent: bool = False) -> int:
        """Send without waiting; returns the request's number."""
        number = next(self._requests)
        self._replies.pop(number, None)  # to the request that had it 255 requests ago
        self.send_plain(bytes((message.ID, number)) + message.encode(), urgent=urgent)
        return number

    def send_plain(self, plain: bytes, *, urgent: bool = False) -> None:
        """Seal these octets, if the session is open, and send them."""
        box = self.lanes.seal(plain, wire.Lane(urgent)) if self.lanes is not None else plain
        self.send_box(box, urgent=urgent)

    def send_box(self, box: bytes, *, urgent: bool = False) -> None:
        """Send these octets as they are."""
        assert self.channel.send(box, urgent=urgent)
        self._poll()

    def run(self, is_done: Callable[[], bool], limit_us: int = LIMIT_US) -> None:
        """Let time pass until then; raises ChannelClosedError or TimeoutError."""
        end_us = self.kernel.now_us + limit_us
        self.kernel.run_until(end_us, lambda: is_done() or self.closed is not None)
        if self.closed is not None:
            raise self.closed
        if not is_done():
            raise TimeoutError

    # The line

    def raw(self, data: bytes) -> None:
        """Send octets as they are, framed or not."""
        self._line.send(data)

    def _take(self, data: bytes) -> None:
        for payload in self._decoder.feed(data):
            self.received.append(payload)
            if payload[0] in LANES:
                self.arrived_us[payload[0]].append(self.kernel.now_us)
            if self.closed is None:
                self._receive(payload)
        self._poll()

    def _receive(self, payload: bytes) -> None:
        try:
            received = self.channel.receive(payload, self._now_ms())
        except ChannelClosedError as error:
            self.closed = error
            return
        if received is None:
            return
        plain = received.data
        if self.lanes is not None:
            plain = self.lanes.open_box(plain, wire.Lane(received.is_urgent))
        message = wire.MESSAGES[plain[0]].decode(plain[2:])
        if plain[1]:
            self._replies[plain[1]] = message
        else:
            self.events.append(message)

    def _now_ms(self) -> int:
        return self.kernel.now_us // 1000

    def _poll(self) -> None:
        """Hand the line one frame at a time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.closed is not None:
            return
        now_us = self.kernel.now_us
        if now_us < self._free_us:
            self._timer = self.kernel.at(self._free_us, self._poll)
            return
        try:
            payload = self.channel.poll(self._now_ms())
        except ChannelClosedError as error:
            self.closed = error
            return
        if payload is not None:
            frame = encode_frame(self.change(payload))
            self._free_us = now_us + len(frame) * BYTE_US
            self._line.send(frame)
            if payload[0] in LANES:
                self.sent_us[payload[0]].append(self._free_us)
            self._timer = self.kernel.at(self._free_us, self._poll)
        elif self.channel.next_deadline_ms is not None:
            due_us = max(self.channel.next_deadline_ms * 1000, now_us + 1000)
            self._timer = self.kernel.at(due_us, self._poll)
