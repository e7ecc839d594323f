"""Both ends of a transfer on a channel each, with bodies of their own for its messages."""

import hashlib
import struct

from host_end import HostEnd
from portable_cases.channel_cases import HandsetEnd
from portable_cases.transfer_cases import KIND, BlockSink, finish

from tocsin.link.transfer import TransferReceiver
from tocsin_host.channel import NORMAL
from tocsin_host.transfer import TransferSender

OPEN, READY, CHUNK, WANTED, END, DONE = range(0x30, 0x36)


async def no_pause() -> None:
    """Nobody else wants to run."""


class ReceivingEnd(HandsetEnd):
    """A handset that takes a transfer into `sink`; its receiver outlives a connection."""

    def __init__(self, sink: BlockSink, chunk_bytes: int) -> None:
        super().__init__()
        self._chunk_bytes = chunk_bytes
        self._receiver = TransferReceiver(sink, no_pause)
        self._answers: list[bytes] = []

    def _on_reset(self) -> None:
        super()._on_reset()
        self._answers = []

    def take(self) -> None:
        super().take()
        for lane in self.got:
            while lane:
                self._handle(lane.pop(0))

    def next_frame(self, now: int) -> bytes:
        while self._answers and self.send(self._answers[0], NORMAL):
            del self._answers[0]
        return super().next_frame(now)

    def _handle(self, message: bytes) -> None:
        receiver = self._receiver
        if message[0] == OPEN:
            kind, size, sha256 = struct.unpack("<BI32s", message[1:])
            offset = finish(receiver.open(kind, size, sha256))
            self._answers.append(struct.pack("<BIH", READY, offset, self._chunk_bytes))
        elif message[0] == CHUNK:
            (offset,) = struct.unpack_from("<I", message, 1)
            finish(receiver.chunk(offset, message[5:]))
        elif finish(receiver.end()):
            self._answers.append(bytes((DONE,)))
        else:
            self._answers.append(struct.pack("<BI", WANTED, receiver.offset))


class SendingEnd(HostEnd):
    """A host that sends `data` as one transfer; it loses the chunks at `lost_offsets`, once."""

    def __init__(self, connection: int, data: bytes, lost_offsets: frozenset[int]) -> None:
        super().__init__(connection)
        self._sha256 = hashlib.sha256(data).digest()
        self._lost_offsets = set(lost_offsets)
        self.transfer = TransferSender(KIND, data, self)

    def open(self, kind: int, size: int, sha256: bytes) -> None:
        assert self.send(struct.pack("<BBI32s", OPEN, kind, size, sha256), NORMAL)

    def chunk(self, offset: int, data: bytes) -> bool:
        if offset in self._lost_offsets:
            self._lost_offsets.remove(offset)
            return True
        return self.send(struct.pack("<BI", CHUNK, offset) + data, NORMAL)

    def end(self) -> bool:
        return self.send(bytes((END,)), NORMAL)

    def feed(self, data: bytes, now: int) -> None:
        super().feed(data, now)
        for message in self.got[NORMAL]:
            self._handle(message)
        self.got[NORMAL].clear()

    def next_frame(self, now: int) -> bytes:
        self.transfer.advance()
        return super().next_frame(now)

    def _handle(self, message: bytes) -> None:
        if message[0] == READY:
            self.transfer.on_ready(*struct.unpack("<IH", message[1:]))
        elif message[0] == WANTED:
            self.transfer.on_wanted(*struct.unpack("<I", message[1:]))
        else:
            self.transfer.on_done(self._sha256)
