"""Reads a trace, also one that still grows or was cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from tocsin_host.trace.pcap import TRACE, CaptureError, PacketReader
from tocsin_host.trace.record import TraceRecord

_PIECE_BYTES = 1 << 16


class TraceFile:
    """The records of a trace; `problem` says why they end before the file does, if they do.

    A trace that `is_damaged` has no records beyond.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.problem = ""
        self.is_damaged = False
        self._file = file
        self._reader = PacketReader()

    def records(self) -> Iterator[TraceRecord]:
        """Every whole record up to the present end of the file; call again when it has grown."""
        try:
            while piece := self._file.read(_PIECE_BYTES):
                for packet in self._reader.feed(piece):
                    if packet.linktype != TRACE:
                        raise CaptureError(
                            "it holds packets that are no trace: `tocsin protocol decode` reads "
                            "captures of the line"
                        )
                    yield TraceRecord.decode(packet)
        except ValueError as error:
            self.problem, self.is_damaged = str(error), True
            return
        left = self._reader.rest
        self.problem = f"it ends within a record, after {left} octets of it" if left else ""
