"""Frames out of a serial stream; what they are is told in module frame."""

import binascii
import struct

from micropython import const

from tocsin.link.frame import encoded_size

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

_CRC_BYTES = const(4)
_LONGEST_RUN = const(254)
_ZERO = b"\x00"


class FrameDecoder:
    """Finds frames in a byte stream cut anywhere; bad ones are dropped and counted."""

    def __init__(self, max_payload: int, on_frame: "Callable[[memoryview, int], None]") -> None:
        self.rejected: int = 0
        self._on_frame = on_frame
        self._frame = bytearray(encoded_size(max_payload + _CRC_BYTES))
        self._payload = bytearray(len(self._frame))
        self._view = memoryview(self._payload)
        self._max_payload = max_payload
        self._size = 0

    def feed(self, buf: "bytes | bytearray", n: int) -> None:
        """Take buf[:n]; calls on_frame(payload, length) for each good frame.

        The payload is valid until on_frame returns.
        """
        start = 0
        while start < n:
            zero = buf.find(_ZERO, start, n)
            stop = n if zero < 0 else zero
            self._keep(buf, start, stop)
            if zero >= 0:
                self._end_frame()
            start = stop + 1

    def _keep(self, buf: "bytes | bytearray", start: int, stop: int) -> None:
        count = max(0, min(stop - start, len(self._frame) - self._size))
        self._frame[self._size : self._size + count] = memoryview(buf)[start : start + count]
        self._size += stop - start  # past the room: too long, seen at the frame's end

    def _end_frame(self) -> None:
        size = self._size
        self._size = 0
        if not size:
            return
        end = self._unstuff(size) if size <= len(self._frame) else -1
        length = end - _CRC_BYTES
        if not 0 <= length <= self._max_payload or not self._crc_right(length):
            self.rejected += 1
            return
        self._on_frame(self._view[:length], length)

    def _unstuff(self, size: int) -> int:
        frame, payload = self._frame, self._payload
        start = out = 0
        while start < size:
            code = frame[start]
            stop = start + code
            if stop > size:
                return -1
            payload[out : out + code - 1] = memoryview(frame)[start + 1 : stop]
            out += code - 1
            start = stop
            if code <= _LONGEST_RUN and start < size:
                payload[out] = 0
                out += 1
        return out

    def _crc_right(self, length: int) -> bool:
        (crc,) = struct.unpack_from("<I", self._payload, length)
        return bool(crc == binascii.crc32(self._view[:length]))
