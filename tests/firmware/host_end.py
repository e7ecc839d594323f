"""The host's end of a channel, with the face of the handset's end in the portable cases."""

from tocsin_host.channel import Channel
from tocsin_protocol.frame import FrameDecoder, encode_frame


class HostEnd:
    """A host's channel with its frame codec; what it delivers is in `got`, a list a lane."""

    def __init__(self, connection: int = 1) -> None:
        self.got: list[list[bytes]] = [[], []]
        self.channel = Channel(connection)
        self.decoder = FrameDecoder()

    def send(self, data: bytes, lane: int) -> bool:
        return self.channel.send(data, urgent=bool(lane))

    def feed(self, data: bytes, now: int) -> None:
        for payload in self.decoder.feed(data):
            received = self.channel.receive(payload, now)
            if received is not None:
                self.got[received.is_urgent].append(received.data)

    def next_frame(self, now: int) -> bytes:
        payload = self.channel.poll(now)
        return encode_frame(payload) if payload else b""

    def next_due(self, now: int) -> int:
        due = self.channel.next_deadline_ms
        return -1 if due is None else due
