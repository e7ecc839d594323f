"""Frames byte for byte, and what a decoder makes of damage."""

from binascii import unhexlify

from tocsin.link.deframe import FrameDecoder
from tocsin.link.frame import FrameEncoder

# payload, frame: CRC-32 by zlib, COBS by the `cobs` package
CASES = (
    ("", "010101010100"),
    ("20", "062045cf6ce900"),
    ("746f6373696e", "0b746f6373696ebd1c025b00"),
)

MAX_PAYLOAD = 512


def payloads() -> "list[bytes]":
    """Payloads around every length that COBS or a limit treats apart."""
    ramp = bytes(1 + index % 255 for index in range(MAX_PAYLOAD))
    sizes = (0, 1, 2, 249, 250, 251, 253, 254, 255, 504, 508, 511, 512)
    return [ramp[:size] for size in sizes] + [bytes(size) for size in sizes]


def encode(encoder: FrameEncoder, payload: bytes) -> bytes:
    encoder.payload[: len(payload)] = payload
    return bytes(encoder.encode(len(payload)))


def run() -> None:
    encoder = FrameEncoder(MAX_PAYLOAD)
    got: "list[bytes]" = []
    decoder = FrameDecoder(MAX_PAYLOAD, lambda payload, n: got.append(bytes(payload[:n])))
    for payload_hex, frame_hex in CASES:
        assert encode(encoder, unhexlify(payload_hex)) == unhexlify(frame_hex)
    for payload in payloads():
        frame = bytearray(encode(encoder, payload))
        assert frame.find(b"\x00") == len(frame) - 1
        decoder.feed(frame, len(frame))
        assert got.pop() == payload
    damaged = bytearray(encode(encoder, b"hello"))
    damaged[2] ^= 1
    decoder.feed(damaged, len(damaged))
    assert not got
    assert decoder.rejected == 1
