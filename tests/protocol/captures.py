"""Write captures: pcap and pcapng (draft-ietf-opsawg-pcap, -pcapng) of a line, and of TCP.

And what goes over a line: a conversation from the reset to the session's end.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import pack

from noise.connection import NoiseConnection

from tocsin_host import wire
from tocsin_host.session import Credential, Handshake, Lane, Role, SealedLanes
from tocsin_host.session.handshake import PROTOCOL_NAME, prologue
from tocsin_protocol.frame import encode_frame

LINKTYPE_USER0 = 147
LINKTYPE_IPV4 = 228
INBOUND, OUTBOUND = 1, 2

TO_HOST, TO_HANDSET = INBOUND, OUTBOUND
KEY = bytes(range(32))
HELLO = wire.Hello(1, 1, wire.Role.TECHNICIAN)
HELLO_REPLY = wire.HelloReply(1, 1, 512, wire.Capability.TRACE, b"saltsalt", b"chek", 16, 4)


def pieces(octets: bytes, seed: int, longest: int = 60) -> list[bytes]:
    """The octets in order, cut at places that only the seed decides."""
    source, found, start = random.Random(seed), [], 0
    while start < len(octets):
        stop = start + source.randint(1, longest)
        found.append(octets[start:stop])
        start = stop
    return found


def line(packets: Iterable[bytes], linktype: int = LINKTYPE_USER0) -> bytes:
    """A pcap of packets, one a second."""
    capture = pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, linktype)
    for second, packet in enumerate(packets):
        capture += pack("<IIII", second, 0, len(packet), len(packet)) + packet
    return capture


def two_way_line(packets: Sequence[tuple[int, bytes]], linktype: int = LINKTYPE_USER0) -> bytes:
    """A pcapng of a line whose packets say which way they went."""
    capture = _block(0x0A0D0D0A, pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    capture += _block(1, pack("<HHI", linktype, 0, 65535))
    for number, (way, packet) in enumerate(packets):
        padded = packet + bytes(-len(packet) % 4)
        head = pack("<IIIII", 0, 0, number, len(packet), len(packet))
        flags = pack("<HHI", 2, 4, way) + pack("<HH", 0, 0)
        capture += _block(6, head + padded + flags)
    return capture


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + 12
    return pack("<II", kind, size) + body + pack("<I", size)


def tcp(segments: Sequence[bytes], port: int) -> bytes:
    """A pcap of one TCP stream (RFC 9293) over IPv4, from `port`."""
    sequence, packets = 1, []
    for segment in segments:
        header = pack(">HHIIBBHHH", port, 40000, sequence, 1, 5 << 4, 0x18, 8192, 0, 0)
        total = 20 + len(header) + len(segment)
        addresses = bytes((10, 0, 0, 1, 10, 0, 0, 2))
        packets.append(pack(">BBHHHBBH", 0x45, 0, total, 0, 0, 64, 6, 0) + addresses + header)
        packets[-1] += segment
        sequence += len(segment)
    return line(packets, LINKTYPE_IPV4)


def packed(message: wire.Message, request: int = 1) -> bytes:
    """A message as it stands in the channel's data."""
    return bytes((message.ID, request)) + message.encode()


def framed(message: wire.Message, request: int = 1, sequence: int = 0) -> bytes:
    """A message in clear on the normal lane."""
    return encode_frame(bytes((0x00, sequence, 0, 0)) + packed(message, request))


@dataclass(frozen=True)
class Spoken:
    """A frame's payload, and the message in it if that is sealed."""

    way: int
    payload: bytes
    plain: bytes | None = None

    @property
    def frame(self) -> bytes:
        return encode_frame(self.payload)


class Speech:
    """Two ends of a line that loses nothing; every method says what goes over it."""

    def __init__(self) -> None:
        self._next: dict[tuple[int, Lane], int] = {}
        self._lanes: dict[int, SealedLanes] = {}

    def opening(self) -> Iterator[Spoken]:
        """Reset, greeting and handshake."""
        self._next, self._lanes = {}, {}
        connection = pack("<I", 0x12345678)
        yield Spoken(TO_HANDSET, bytes((0x20, 0, 0, 0)) + connection)
        yield Spoken(TO_HOST, bytes((0x30, 0, 0, 0)) + connection)
        yield self.clear(TO_HANDSET, HELLO, 1)
        yield self.clear(TO_HOST, HELLO_REPLY, 1)
        yield from self._handshake()

    def _handshake(self) -> Iterator[Spoken]:
        greeting = HELLO.encode(), HELLO_REPLY.encode()
        host = Handshake(Credential(Role.TECHNICIAN, KEY), *greeting)
        handset = NoiseConnection.from_name(PROTOCOL_NAME)
        handset.set_as_responder()
        handset.set_psks(KEY)
        handset.set_prologue(prologue(*greeting))
        handset.start_handshake()
        start = wire.HandshakeStart(host.first_message())
        yield self.clear(TO_HANDSET, start, 2)
        handset.read_message(start.box)
        answer = wire.HandshakeAnswer(bytes(handset.write_message()))
        yield self.clear(TO_HOST, answer, 2)
        self._lanes = {
            TO_HANDSET: host.finish(answer.box),
            TO_HOST: SealedLanes(handset.noise_protocol),
        }

    def clear(self, way: int, message: wire.Message, request: int) -> Spoken:
        """A message in clear on the normal lane."""
        return Spoken(way, self._header(way, Lane.NORMAL) + packed(message, request))

    def sealed(
        self, way: int, message: wire.Message, request: int = 0, lane: Lane = Lane.NORMAL
    ) -> Spoken:
        """A message of the session."""
        plain = packed(message, request)
        box = self._lanes[way].seal(plain, lane)
        return Spoken(way, self._header(way, lane) + box, plain)

    def acknowledgement(self, way: int) -> Spoken:
        """A frame that holds nothing else."""
        back = TO_HOST + TO_HANDSET - way
        expected = [self._next.get((back, lane), 0) for lane in Lane]
        return Spoken(way, bytes((0x10, 0, *expected)))

    def _header(self, way: int, lane: Lane) -> bytes:
        sequence = self._next.get((way, lane), 0)
        self._next[way, lane] = (sequence + 1) & 0xFF
        return bytes((lane, sequence)) + self.acknowledgement(way).payload[2:]


def note(event: wire.TraceEvent) -> Spoken:
    """An event as a console hears it."""
    return Spoken(TO_HOST, bytes((0x50, 0, 0, 0)) + packed(event, 0))
