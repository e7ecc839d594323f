"""The host's frame layer on a bad line."""

from itertools import pairwise
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin_protocol.errors import EncodeError
from tocsin_protocol.frame import MAX_PAYLOAD_BYTES, FrameDecoder, encode_frame

payloads = st.binary(min_size=1, max_size=MAX_PAYLOAD_BYTES)
LONGEST = b"\x01" * MAX_PAYLOAD_BYTES


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(data) + 1) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


def test_a_frame_has_the_documented_bytes() -> None:
    crc = crc32(b"\x03\x07").to_bytes(4, "little")
    assert 0 not in crc
    assert encode_frame(b"\x03\x07") == b"\x07\x03\x07" + crc + b"\x00"


@given(st.lists(payloads, max_size=5), st.lists(st.integers(0), max_size=20))
def test_payloads_arrive_in_order_however_the_line_splits_them(
    sent: list[bytes], cuts: list[int]
) -> None:
    decoder = FrameDecoder()
    stream = b"".join(map(encode_frame, sent))
    assert [p for part in pieces(stream, cuts) for p in decoder.feed(part)] == sent
    assert decoder.rejected == 0


@given(st.binary(max_size=700), st.lists(payloads, min_size=1, max_size=3))
def test_frames_after_noise_and_a_delimiter_all_arrive(noise: bytes, sent: list[bytes]) -> None:
    stream = noise + b"\x00" + b"".join(map(encode_frame, sent))
    assert FrameDecoder().feed(stream)[-len(sent) :] == sent


@given(st.lists(payloads, min_size=4, max_size=4, unique=True), st.data())
def test_a_flipped_bit_costs_at_most_its_frame_and_the_next(
    sent: list[bytes], data: st.DataObject
) -> None:
    frames = [encode_frame(payload) for payload in sent]
    bit = data.draw(st.integers(0, 8 * len(frames[1]) - 1))
    hurt = bytearray(frames[1])
    hurt[bit // 8] ^= 1 << bit % 8
    decoder = FrameDecoder()
    got = decoder.feed(frames[0] + bytes(hurt) + frames[2] + frames[3])
    at_delimiter = bit // 8 == len(hurt) - 1
    assert got == ([sent[0], sent[3]] if at_delimiter else [sent[0], sent[2], sent[3]])
    assert decoder.rejected >= 1


def test_an_endless_frame_is_dropped_once_and_forgotten() -> None:
    decoder = FrameDecoder()
    for _ in range(100):
        assert decoder.feed(b"\x55" * 10_000) == []
    assert decoder.feed(b"\x00" + encode_frame(b"ok")) == [b"ok"]
    assert decoder.rejected == 1


def test_the_longest_payload_arrives() -> None:
    assert FrameDecoder().feed(encode_frame(LONGEST)) == [LONGEST]


def test_empty_frames_are_not_errors() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(b"\x00\x00\x00" + encode_frame(b"x")) == [b"x"]
    assert decoder.rejected == 0


def test_a_frame_of_nothing_but_its_crc_is_rejected() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(b"\x01\x01\x01\x01\x01\x00") == []
    assert decoder.rejected == 1


@pytest.mark.parametrize("payload", [b"", LONGEST + b"x"])
def test_a_payload_the_handset_would_not_take_is_refused(payload: bytes) -> None:
    with pytest.raises(EncodeError, match="1 to 512 octets"):
        encode_frame(payload)
