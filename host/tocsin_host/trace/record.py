"""One record of a trace: a frame's payload behind a header of four octets.

| octets | field | meaning |
| --- | --- | --- |
| 0 | version | 1 |
| 1 | way | 1 to the host, 2 to the handset |
| 2 | form | 0 sent in clear, 1 sent sealed and opened here, 2 still sealed |
| 3 | redacted | 1 when zeros stand for the octets of a secret |
| 4-7 | channel header | as on the line |
| 8- | data | as on the line; opened, it is the message without the tag |
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin_host.trace.eavesdropper import Form
from tocsin_host.trace.pcap import Packet, Way

VERSION = 1
_HEAD = 4


@dataclass(frozen=True, slots=True)
class TraceRecord:
    """A payload as it passed at `t_us`, microseconds since 1970."""

    t_us: int
    way: Way
    form: Form
    is_redacted: bool
    payload: bytes

    def encode(self) -> bytes:
        """The octets of its packet."""
        return bytes((VERSION, self.way, self.form, self.is_redacted)) + self.payload

    @classmethod
    def decode(cls, packet: Packet) -> TraceRecord:
        """The record in a packet. Raises ValueError, saying what is wrong."""
        if len(packet.data) < _HEAD:
            raise ValueError("the record is too short for its header")
        version, way, form, is_redacted = packet.data[:_HEAD]
        if version != VERSION:
            raise ValueError(f"the record has version {version}, not {VERSION}: update tocsin")
        if form not in tuple(Form) or way not in tuple(Way):
            raise ValueError("the record's header is damaged")
        return cls(packet.t_us, Way(way), Form(form), bool(is_redacted), packet.data[_HEAD:])
