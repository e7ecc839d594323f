"""The frame layer of the link: COBS(payload + CRC-32 of it) and a 0x00 that ends the frame.

COBS is Cheshire and Baker's consistent overhead byte stuffing (IEEE/ACM Trans. Networking 7(2),
1999); the CRC-32 is zlib's (ISO 3309), little-endian. Nothing here reads or writes a line.
"""

from zlib import crc32

from cobs import cobs

from tocsin_protocol.errors import EncodeError, FrameError

MAX_PAYLOAD_BYTES = 512

_CRC_BYTES = 4
# Without the delimiter: COBS adds one octet for each 254 begun.
MAX_FRAME_BYTES = MAX_PAYLOAD_BYTES + _CRC_BYTES + (MAX_PAYLOAD_BYTES + _CRC_BYTES) // 254 + 1
_DELIMITER = b"\0"


def encode_frame(payload: bytes) -> bytes:
    """The frame of 1..MAX_PAYLOAD_BYTES octets, delimiter included. Raises EncodeError."""
    if not 1 <= len(payload) <= MAX_PAYLOAD_BYTES:
        limits = f"1 to {MAX_PAYLOAD_BYTES} octets"
        raise EncodeError("payload", f"must be {limits}, not {len(payload)}")
    encoded: bytes = cobs.encode(payload + _crc(payload))
    return encoded + _DELIMITER


def decode_frame(frame: bytes) -> bytes:
    """The payload of a frame without its delimiter. Raises FrameError."""
    if len(frame) > MAX_FRAME_BYTES:
        raise FrameError(f"is longer than the {MAX_FRAME_BYTES} octets of the longest frame")
    try:
        content: bytes = cobs.decode(frame)
    except cobs.DecodeError as error:
        raise FrameError("is not COBS: it ends before its last block") from error
    payload, crc = content[:-_CRC_BYTES], content[-_CRC_BYTES:]
    if not payload:
        raise FrameError("holds no more than a CRC-32")
    if crc != _crc(payload):
        raise FrameError(f"has the CRC-32 {crc.hex()}, but its payload's is {_crc(payload).hex()}")
    return payload


class FrameDecoder:
    """Cuts a byte stream into payloads; bad frames are dropped and counted in `rejected`.

    Whatever arrives, the decoder is in step again after the next delimiter. Empty frames are
    not counted: a sender may put a delimiter first, to end whatever noise came before.
    """

    def __init__(self) -> None:
        self.rejected = 0
        self._frame = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Payloads of the frames that `data` completes."""
        *ended, rest = data.split(_DELIMITER)
        payloads = []
        for part in ended:
            self._take(part)
            payload = self._finish()
            if payload is not None:
                payloads.append(payload)
        self._take(rest)
        return payloads

    def _take(self, part: bytes) -> None:
        """Keep a part; of an endless frame only so much that its length shows."""
        self._frame += part[: MAX_FRAME_BYTES + 1 - len(self._frame)]

    def _finish(self) -> bytes | None:
        frame, self._frame = bytes(self._frame), bytearray()
        if not frame:
            return None
        try:
            return decode_frame(frame)
        except FrameError:
            self.rejected += 1
            return None


def _crc(payload: bytes) -> bytes:
    return crc32(payload).to_bytes(_CRC_BYTES, "little")
