"""What of a conversation on the line is in clear, as one tells who holds no keys."""

from __future__ import annotations

from enum import IntEnum

from tocsin_host import wire
from tocsin_host.trace.header import HEADER_BYTES, Kind, header_of
from tocsin_host.trace.pcap import Way

_NO_CONNECTION = bytes(4)


class Form(IntEnum):
    """How the data of a frame stands in a capture or trace; numbers as in a trace record."""

    CLEAR = 0  # as it was sent
    OPENED = 1  # sent sealed, written down opened
    SEALED = 2  # sent sealed, and nobody here could open it


class Eavesdropper:
    """Follows the frames' payloads: from the answer to the handshake until a reset all is sealed.

    A message from before that is sent again, because its acknowledgement was lost, is in clear.
    """

    def __init__(self) -> None:
        self._is_sealed = False
        self._in_clear: set[tuple[Way, bytes, bytes]] = set()

    def take(self, way: Way, payload: bytes) -> Form:
        """How the next payload's data is sent. Any octets will do."""
        try:
            header = header_of(payload)
        except ValueError:
            return Form.CLEAR
        data = payload[HEADER_BYTES:]
        if header.kind is Kind.RESET or (header.kind is Kind.RESET_ACK and data == _NO_CONNECTION):
            self._is_sealed = False
            self._in_clear.clear()
        if header.kind is not Kind.DATA:
            return Form.CLEAR
        return self._form((way, payload[:2], data))

    def _form(self, message: tuple[Way, bytes, bytes]) -> Form:
        if self._is_sealed:
            return Form.CLEAR if message in self._in_clear else Form.SEALED
        self._in_clear.add(message)
        self._is_sealed = message[2][:1] == bytes((wire.HandshakeAnswer.ID,))
        return Form.CLEAR
