"""Write captures: pcap and pcapng (draft-ietf-opsawg-pcap, -pcapng) of a line, and of TCP."""

import random
from collections.abc import Iterable, Sequence
from struct import pack

LINKTYPE_USER0 = 147
LINKTYPE_IPV4 = 228
INBOUND, OUTBOUND = 1, 2


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


def two_way_line(packets: Sequence[tuple[int, bytes]]) -> bytes:
    """A pcapng of a line whose packets say which way they went."""
    capture = _block(0x0A0D0D0A, pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    capture += _block(1, pack("<HHI", LINKTYPE_USER0, 0, 65535))
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
