"""Frames against the published COBS codec and zlib, on any payload and any cutting."""

import zlib

import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.deframe import FrameDecoder
from tocsin.link.frame import FrameEncoder

MAX_PAYLOAD = 512
PAYLOADS = st.binary(max_size=MAX_PAYLOAD) | st.lists(
    st.sampled_from([bytes(1), bytes(3), b"x" * 253, b"y" * 254, b"z" * 255]), max_size=2
).map(b"".join)


def reference_frame(payload: bytes) -> bytes:
    return bytes(cobs.encode(payload + zlib.crc32(payload).to_bytes(4, "little"))) + b"\x00"


def decode(stream: bytes, cut_bytes: int = 4096) -> tuple[list[bytes], int]:
    """All payloads of a stream fed in pieces, and how many frames were rejected."""
    got: list[bytes] = []
    decoder = FrameDecoder(MAX_PAYLOAD, lambda payload, n: got.append(bytes(payload[:n])))
    for start in range(0, len(stream), cut_bytes):
        piece = bytearray(stream[start : start + cut_bytes])
        decoder.feed(piece + b"stale", len(piece))
    return got, decoder.rejected


@given(st.lists(PAYLOADS, min_size=1, max_size=3))
def test_frames_are_those_of_the_published_codec(payloads: list[bytes]) -> None:
    encoder = FrameEncoder(MAX_PAYLOAD)
    for payload in payloads:
        encoder.payload[: len(payload)] = payload
        assert bytes(encoder.encode(len(payload))) == reference_frame(payload)


@given(st.lists(PAYLOADS, max_size=4), st.integers(1, 40))
def test_stream_cut_anywhere_gives_every_payload_in_order(
    payloads: list[bytes], cut_bytes: int
) -> None:
    stream = b"\x00".join(reference_frame(payload) for payload in payloads)
    assert decode(stream, cut_bytes) == (payloads, 0)


@given(PAYLOADS, st.data())
def test_frame_with_a_flipped_bit_is_never_taken(payload: bytes, data: st.DataObject) -> None:
    frame = bytearray(reference_frame(payload))
    place = data.draw(st.integers(0, len(frame) - 2))
    frame[place] ^= 1 << data.draw(st.integers(0, 7))
    got, rejected = decode(bytes(frame))
    assert payload not in got
    assert rejected >= 1


@given(st.binary(max_size=2000).filter(lambda noise: b"\x00" not in noise), PAYLOADS)
def test_noise_costs_at_most_one_rejection_and_the_next_frame_is_whole(
    noise: bytes, payload: bytes
) -> None:
    got, rejected = decode(noise + b"\x00" + reference_frame(payload))
    assert got == [payload]
    assert rejected == (1 if noise else 0)


@pytest.mark.parametrize("size", [MAX_PAYLOAD + 1, MAX_PAYLOAD + 4, 3 * MAX_PAYLOAD])
def test_payload_past_the_limit_is_rejected_however_right_its_checksum(size: int) -> None:
    assert decode(reference_frame(bytes([7]) * size)) == ([], 1)


@pytest.mark.parametrize("size", [-1, MAX_PAYLOAD + 1])
def test_encoder_refuses_a_size_out_of_range(size: int) -> None:
    with pytest.raises(ValueError, match=f"frame payload of {size} bytes"):
        FrameEncoder(MAX_PAYLOAD).encode(size)
