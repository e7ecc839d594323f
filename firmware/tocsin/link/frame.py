"""Frames on a serial stream: COBS(payload + CRC-32 little-endian) + 0x00.

COBS: Cheshire and Baker, IEEE/ACM Transactions on Networking 7(2), 1999. CRC-32: ISO-HDLC.
"""

import binascii
import struct

from micropython import const

_CRC_BYTES = const(4)
_LONGEST_RUN = const(254)
_ZERO = b"\x00"


class FrameEncoder:
    """Makes frames out of `payload`, the caller's place to write, in buffers used again."""

    def __init__(self, max_payload: int) -> None:
        size = max_payload + _CRC_BYTES
        self.payload = bytearray(size)
        self._max_payload = max_payload
        self._frame = bytearray(encoded_size(size))

    def encode(self, n: int) -> memoryview:
        """Frame of payload[:n], delimiter included, valid until the next call.

        Raises ValueError when n is not 0 .. max_payload.
        """
        if not 0 <= n <= self._max_payload:
            raise ValueError("frame payload of %d bytes, limit %d" % (n, self._max_payload))
        struct.pack_into("<I", self.payload, n, binascii.crc32(memoryview(self.payload)[:n]))
        end = self._stuff(n + _CRC_BYTES)
        self._frame[end] = 0
        return memoryview(self._frame)[: end + 1]

    def _stuff(self, size: int) -> int:
        data, frame = self.payload, self._frame
        start = out = 0
        # Without a run of 254 octets each lies but one place further on, and zeros are counts.
        frame[1 : size + 1] = memoryview(data)[:size]
        while start <= size:
            zero = data.find(_ZERO, start, size)
            stop = size if zero < 0 else zero
            while stop - start >= _LONGEST_RUN:
                out = _put_run(frame, out, data, start, _LONGEST_RUN)
                start += _LONGEST_RUN
                if start == size:
                    return out
            if out == start:
                frame[out] = stop - start + 1
                out = stop + 1
            else:
                out = _put_run(frame, out, data, start, stop - start)
            start = stop + 1
        return out


def encoded_size(size: int) -> int:
    """Room for a frame of so many bytes, delimiter included."""
    return size + size // _LONGEST_RUN + 2


def _put_run(frame: bytearray, out: int, data: bytearray, start: int, count: int) -> int:
    frame[out] = count + 1
    frame[out + 1 : out + 1 + count] = memoryview(data)[start : start + count]
    return out + 1 + count
