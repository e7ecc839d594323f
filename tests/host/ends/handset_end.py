"""The handset's end of a secured line: the firmware's own channel, the library's handshake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from noise.connection import NoiseConnection

from tocsin.link.channel import Channel
from tocsin_host import wire
from tocsin_host.session import Lane, Role, SealedLanes, key_check
from tocsin_host.session.handshake import PROTOCOL_NAME, prologue
from tocsin_protocol.frame import FrameDecoder, encode_frame

SALT = b"pepper !"
KEYS = {role: bytes([role]) * 32 for role in Role}

OnRequest = Callable[[wire.Message, int], None]


class _Clock:
    """Ticks that never wrap."""

    def ticks_ms(self) -> int:
        return 0

    def ticks_add(self, ticks: int, delta: int) -> int:
        return ticks + delta

    def ticks_diff(self, ticks: int, old: int) -> int:
        return ticks - old


@dataclass
class Character:
    """What a handset is, in its greeting."""

    version: tuple[int, int] = (wire.PROTOCOL_MAJOR, wire.PROTOCOL_MINOR)
    keys: Mapping[Role, bytes] = field(default_factory=lambda: dict(KEYS))
    proof: Mapping[Role, bytes] | None = None  # keys it really holds, if it claims others
    windows: tuple[int, int] = (16, 4)


class HandsetEnd:
    """Sans-I/O: `on_request` is told what comes in a session, `reply` answers; `heard` is all."""

    def __init__(self, on_request: OnRequest, character: Character | None = None) -> None:
        self.character = character or Character()
        self.heard: list[wire.Message] = []
        self.lanes: SealedLanes | None = None
        self._on_request = on_request
        self._decoder = FrameDecoder()
        self._buffer = bytearray(512)
        self._waiting: list[tuple[bytes, Lane]] = []
        self._channel = Channel(_Clock(), 512, self._forget)
        self._hello = self._reply = b""
        self._role = Role.TECHNICIAN

    def _forget(self) -> None:
        self.lanes = None
        self._waiting = []

    def restart(self) -> None:
        """Forget everything, as firmware does that starts anew."""
        self._channel = Channel(_Clock(), 512, self._forget)
        self._forget()

    def feed(self, data: bytes, now_ms: int) -> None:
        for payload in self._decoder.feed(data):
            self._channel.receive(memoryview(payload), len(payload), now_ms)
            while (lane := self._channel.ready()) >= 0:
                n = self._channel.take_into(lane, self._buffer)
                self._take(bytes(self._buffer[:n]), Lane(lane))

    def next_frame(self, now_ms: int) -> bytes:
        while self._waiting:
            payload, lane = self._waiting[0]
            if not self._channel.send(bytearray(payload), len(payload), lane):
                break
            self._waiting.pop(0)
        n = self._channel.poll(now_ms, self._buffer)
        return encode_frame(bytes(self._buffer[:n])) if n else b""

    def wait_ms(self, now_ms: int) -> int:
        return int(self._channel.wait_ms(now_ms))

    def reply(self, message: wire.Message, request: int) -> None:
        payload = bytes((message.ID, request)) + message.encode()
        if self.lanes is not None:
            payload = self.lanes.seal(payload, message.LANE)
        self.send_plain(payload, message.LANE)

    def send_plain(self, payload: bytes, lane: Lane = Lane.NORMAL) -> None:
        self._waiting.append((payload, lane))

    def _take(self, data: bytes, lane: Lane) -> None:
        payload = data if self.lanes is None else self.lanes.open_box(data, lane)
        message = wire.MESSAGES[payload[0]].decode(payload[2:])
        self.heard.append(message)
        match message:
            case wire.Hello():
                self._greet(message, payload)
            case wire.HandshakeStart():
                self._shake_hands(message, payload[1])
            case wire.SessionEnd():
                self._forget()
            case _:
                self._on_request(message, payload[1])

    def _greet(self, hello: wire.Hello, payload: bytes) -> None:
        self._role = Role(hello.role)
        key = self.character.keys.get(self._role)
        if key is None:
            self.reply(wire.Failure(wire.FailureCode.NO_KEY, "no such key"), payload[1])
            return
        reply = wire.HelloReply(
            *self.character.version,
            max_payload_bytes=wire.MAX_PAYLOAD_BYTES,
            salt=SALT,
            key_check=key_check(key, SALT),
            normal_window=self.character.windows[0],
            urgent_window=self.character.windows[1],
        )
        self._hello, self._reply = payload[2:], reply.encode()
        self.reply(reply, payload[1])

    def _shake_hands(self, start: wire.HandshakeStart, request: int) -> None:
        proof = self.character.proof or self.character.keys
        noise = NoiseConnection.from_name(PROTOCOL_NAME)
        noise.set_as_responder()
        noise.set_psks(proof[self._role])
        noise.set_prologue(prologue(self._hello, self._reply))
        noise.start_handshake()
        try:
            noise.read_message(start.box)
        except InvalidTag:
            self.reply(wire.Failure(wire.FailureCode.AUTHENTICATION, "wrong key"), request)
            return
        self.reply(wire.HandshakeAnswer(bytes(noise.write_message())), request)
        self.lanes = SealedLanes(noise.noise_protocol)
