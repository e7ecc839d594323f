"""Read a capture of the link: every frame and record, layer by layer, or why it is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin_host.trace.eavesdropper import Eavesdropper
from tocsin_host.trace.layers import Layers, layers_of
from tocsin_host.trace.pcap import LINE, TRACE, Packet, PacketReader, Way, is_capture
from tocsin_host.trace.record import TraceRecord
from tocsin_protocol.errors import FrameError
from tocsin_protocol.frame import decode_frame

_DELIMITER = b"\0"
_HEX_TEXT = re.compile(rb"[0-9A-Fa-f\s]*")
_PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Captured:
    """A frame or trace record of `octets`; a frame stands at `offset` of its way."""

    offset: int | None
    octets: int
    layers: Layers
    way: Way = Way.UNKNOWN
    t_us: int | None = None


def octets_of(capture: bytes) -> bytes:
    """The octets of a capture, whether they are written in hexadecimal or stand there as they are.

    Frames end with 0x00, which no hexadecimal text has. Raises ValueError for an odd digit.
    """
    return bytes.fromhex(capture.decode()) if _HEX_TEXT.fullmatch(capture) else capture


def read(octets: bytes) -> Iterator[Captured]:
    """Every frame of a capture in turn: pcapng, pcap, or the octets of the line themselves.

    Empty frames, which are no errors, are left out. Raises CaptureError for a damaged file.
    """
    line = _Line()
    if not is_capture(octets):
        yield from line.take(Way.UNKNOWN, octets)
    else:
        yield from _of_file(octets, line)
    yield from line.ends()


def _of_file(octets: bytes, line: _Line) -> Iterator[Captured]:
    reader = PacketReader()
    for start in range(0, len(octets), _PIECE_BYTES):
        for packet in reader.feed(octets[start : start + _PIECE_BYTES]):
            if packet.linktype == LINE:
                yield from line.take(packet.way, packet.data, packet.t_us)
            elif packet.linktype == TRACE:
                yield _record(packet)
    if reader.rest:
        problem = "the file ends within a packet"
        yield Captured(len(octets) - reader.rest, reader.rest, Layers(problem=problem))


def _record(packet: Packet) -> Captured:
    try:
        record = TraceRecord.decode(packet)
        layers = layers_of(record.payload, record.form)
    except ValueError as error:
        layers = Layers(problem=str(error))
    return Captured(None, len(packet.data), layers, packet.way, packet.t_us)


class _Line:
    """Both ways of a serial line, as they come."""

    def __init__(self) -> None:
        self._eavesdropper = Eavesdropper()
        self._rests: defaultdict[Way, bytearray] = defaultdict(bytearray)
        self._offsets: defaultdict[Way, int] = defaultdict(int)

    def take(self, way: Way, octets: bytes, t_us: int | None = None) -> Iterator[Captured]:
        """The frames that end in the next octets of a way."""
        self._rests[way] += octets
        if _DELIMITER not in octets:
            return
        *frames, self._rests[way] = self._rests[way].split(_DELIMITER)
        for frame in map(bytes, frames):
            size = len(frame) + len(_DELIMITER)
            if frame:
                yield Captured(self._offsets[way], size, self._layers(way, frame), way, t_us)
            self._offsets[way] += size

    def ends(self) -> Iterator[Captured]:
        """What is left of each way."""
        for way, rest in self._rests.items():
            if rest:
                problem = "the capture ends before its delimiter"
                yield Captured(self._offsets[way], len(rest), Layers(problem=problem), way)

    def _layers(self, way: Way, frame: bytes) -> Layers:
        try:
            payload = decode_frame(frame)
        except FrameError as error:
            return Layers(problem=f"the frame {error}")
        return layers_of(payload, self._eavesdropper.take(way, payload))
