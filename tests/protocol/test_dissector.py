"""The generated dissector in tshark, field by field against the host's codec."""

import io
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import pytest
from tests.protocol.captures import (
    HELLO,
    HELLO_REPLY,
    INBOUND,
    OUTBOUND,
    TO_HANDSET,
    TO_HOST,
    Speech,
    Spoken,
    framed,
    line,
    note,
    packed,
    pieces,
    tcp,
    two_way_line,
)
from tests.protocol.dissected import (
    faults,
    field,
    has,
    header,
    shown_by_host,
    shown_by_tshark,
    value,
)

from tocsin_host import wire
from tocsin_host.capture import read
from tocsin_host.session import Lane
from tocsin_host.trace.recorder import Recorder
from tocsin_host.trace.redact import redacted
from tocsin_protocol import schema
from tocsin_protocol.frame import MAX_PAYLOAD_BYTES, encode_frame
from tocsin_protocol.generator import render

if TYPE_CHECKING:
    from tests.protocol.conftest import Dissect

PORT = 4711
OVER_TCP = ("-d", f"tcp.port=={PORT},tocsin")
PRESSED = wire.TraceEvent(1, 2, wire.TraceKind.STAGE, wire.Stage.PRESSED)
LINK = {each.id for each in schema.MESSAGES if each.direction.is_link}
HEADERS = 6  # the channel's, and id and request


@pytest.fixture(scope="module")
def messages(vectors: dict[str, Any]) -> list[wire.Message]:
    """Every golden message that fits one frame, as the host decodes it."""
    ids = {each.name: each.id for each in schema.MESSAGES}
    return [
        wire.MESSAGES[ids[vector["message"]]].decode(bytes.fromhex(vector["hex"]))
        for vector in vectors["messages"]
        if len(vector["hex"]) // 2 + HEADERS <= MAX_PAYLOAD_BYTES
    ]


def recorded(spoken: list[Spoken]) -> bytes:
    """The trace that a recorder makes of it."""
    file = io.BytesIO()
    recorder = Recorder(file, "a line")
    for each in spoken:
        if each.way == TO_HOST:
            recorder.received(each.payload, each.plain)
            continue
        if each.plain is not None:
            recorder.sealed(each.plain, each.payload[4:])
        recorder.sent(each.payload)
    return file.getvalue()


# Messages


def test_every_field_of_every_message_is_shown_as_the_host_decodes_it(
    dissect: "Dissect", messages: list[wire.Message]
) -> None:
    frames = b"".join(encode_frame(bytes((0x50, 0, 0, 0)) + packed(each)) for each in messages)
    for capture in (line(pieces(frames, seed=4)), tcp(pieces(frames, seed=5), PORT)):
        found = dissect(capture, *OVER_TCP)
        assert [faults(proto) for proto in found] == [[]] * len(messages)
        assert [value(proto, "id") for proto in found] == [each.ID for each in messages]
        assert list(map(shown_by_tshark, found)) == list(map(shown_by_host, messages))


def test_each_way_of_a_line_is_joined_by_itself(dissect: "Dissect") -> None:
    asked, told = framed(wire.InfoGet(), 9), framed(wire.Info(identity=7001), 9)
    packets = [(OUTBOUND, asked[:3]), (INBOUND, told[:9]), (OUTBOUND, asked[3:])]
    found = dissect(two_way_line([*packets, (INBOUND, told[9:])]))
    assert [value(proto, "id") for proto in found] == [wire.InfoGet.ID, wire.Info.ID]
    assert [value(proto, "request") for proto in found] == [9, 9]


@pytest.mark.parametrize(
    ("kind", "code", "shown"),
    [
        (wire.TraceKind.STAGE, wire.Stage.PRESSED, "Stage: PRESSED (1)"),
        (wire.TraceKind.NOTICE, wire.Notice.ANSWERED, "Notice: ANSWERED (4)"),
        (wire.TraceKind.BOOT, wire.ResetCause.WATCHDOG, "ResetCause: WATCHDOG (3)"),
    ],
)
def test_a_code_is_shown_by_its_name(
    dissect: "Dissect", kind: wire.TraceKind, code: int, shown: str
) -> None:
    [proto] = dissect(line([framed(wire.TraceEvent(kind=kind, code=code), 0)]))
    names = [each.get("showname") for each in proto.iter("field")]
    assert shown in names


def test_a_stage_can_be_filtered_for(dissect: "Dissect") -> None:
    capture = line([framed(PRESSED, 0), framed(wire.InfoGet()), framed(PRESSED, 0)])
    assert len(dissect(capture, "-Y", "tocsin.stage == 1")) == 2
    assert dissect(capture, "-Y", "tocsin.stage == 2") == []


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (b"\x00\x00\x00\x00\x01", "too short for id and request"),
        (b"\x00\x00\x00\x00", "no data"),
        (b"\x00\x00\x00\x00\x5f\x01", "unknown id"),
        (b"\x00\x00\x00\x00\x01\x01\x01", "minor is cut off"),
        (b"\x00\x00\x00\x00\x7f\x01\x00\x00", "must be 1 to"),
        (b"\x00\x00\x00\x00\x7f\x01\x01\x31" + b"x" * 49, "detail is longer than 48"),
        (b"\x00\x00\x00\x00\x7f\x01\x01\x31", "detail is cut off"),
        (b"\x00\x00\x00\x00\x12\x01\x02\x01\x00", "key is cut off"),
        (b"\x00\x00\x00\x00\x12\x01", "entries is cut off"),
        (b"\x00\x00\x00", "too short for a channel header"),
        (b"\x70\x00\x00\x00", "no frames of kind 7"),
        (b"\x02\x00\x00\x00", "no lane 2"),
        (b"\x20\x00\x00\x00\x01", "is not four octets"),
    ],
)
def test_what_does_not_read_is_marked_with_the_reason(
    dissect: "Dissect", payload: bytes, fault: str
) -> None:
    _is_marked(dissect, encode_frame(payload), fault)


@pytest.mark.parametrize(
    ("octets", "fault"),
    [
        (b"noise\x00", "not COBS"),
        (b"\x01" * 600 + b"\x00", "not COBS"),
        (b"\x04abc\x00", "no payload"),
        (framed(PRESSED).replace(b"\x20", b"\x21"), "the payload's is 0x"),
    ],
)
def test_garbage_between_frames_is_marked_with_the_reason(
    dissect: "Dissect", octets: bytes, fault: str
) -> None:
    _is_marked(dissect, octets, fault)


def _is_marked(dissect: "Dissect", octets: bytes, fault: str) -> None:
    bad, good = dissect(line([*pieces(octets, seed=2), framed(PRESSED)]))
    assert [each for each in faults(bad) if fault in each], faults(bad)
    assert [each for each in read(octets) if each.layers.fault]  # the host agrees
    assert shown_by_tshark(good) == shown_by_host(PRESSED)


def test_octets_of_a_newer_version_are_told_apart(dissect: "Dissect") -> None:
    payload = bytes(4) + packed(PRESSED, 0) + b"\xab\xcd"
    [proto] = dissect(line([encode_frame(payload)]))
    assert field(proto, "tocsin.more").get("value") == "abcd"
    assert shown_by_tshark(proto) == shown_by_host(PRESSED)


# A line: frame, channel, greeting, handshake, and what is sealed


def a_night() -> list[Spoken]:
    """Notes, a session, its loss, and a second session."""
    speech = Speech()
    info = wire.Info(identity=7001, board="esp32")
    spoken = [note(PRESSED), *speech.opening()]
    answer = spoken[-1]
    spoken += [
        speech.sealed(TO_HANDSET, wire.TraceSubscribe(1), 3),
        answer,  # its acknowledgement was lost
        speech.sealed(TO_HOST, wire.TraceSubscribed(0), 3),
        speech.acknowledgement(TO_HANDSET),
        speech.sealed(TO_HOST, PRESSED, lane=Lane.URGENT),
        speech.sealed(TO_HANDSET, wire.InfoGet(), 4),
        speech.sealed(TO_HOST, info, 4),
        Spoken(TO_HANDSET, bytes((0x41, 1, 4, 1))),
        Spoken(TO_HOST, bytes((0x30, 0, 0, 0)) + bytes(4)),
        *speech.opening(),
        speech.sealed(TO_HANDSET, wire.SessionEnd()),
    ]
    return spoken


def packets_of(spoken: list[Spoken], seed: int) -> list[tuple[int, bytes]]:
    """Frames in pieces, garbage between; one that goes back begins before the last has ended."""
    octets = [
        (b"\x07gar\x00bage\x00\x00" if number % 3 == 0 else b"") + each.frame
        for number, each in enumerate(spoken)
    ]
    packets: list[tuple[int, bytes]] = []
    begun = b""
    for number, each in enumerate(spoken):
        [*first, last] = pieces(octets[number][len(begun) :], seed + number, longest=30)
        packets += [(each.way, piece) for piece in first]
        goes_back = number + 1 < len(spoken) and spoken[number + 1].way != each.way
        begun = octets[number + 1][:5] if goes_back else b""
        packets += [(spoken[number + 1].way, begun)] if begun else []
        packets.append((each.way, last))
    return packets


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_line_is_shown_down_to_channel_and_handshake(dissect: "Dissect", seed: int) -> None:
    spoken = a_night()
    found = dissect(two_way_line(packets_of(spoken, seed)))
    good = [proto for proto in found if not faults(proto)]
    assert len(found) - len(good) == 2 * len(spoken[::3])
    assert list(map(header, good)) == [each.payload[:4] for each in spoken]
    for proto, each in zip(good, spoken, strict=True):
        _shows(proto, each)


def _shows(proto: Element, spoken: Spoken) -> None:
    kind, data = spoken.payload[0] >> 4, spoken.payload[4:]
    assert has(proto, "tocsin.sealed") == (spoken.plain is not None)
    assert has(proto, "tocsin.id") == (kind in (0, 5) and spoken.plain is None)
    if spoken.plain is not None:
        assert field(proto, "tocsin.sealed").get("value") == data.hex()
    elif kind in (2, 3):
        assert value(proto, "channel.connection") == int.from_bytes(data, "little")
    elif data:
        assert shown_by_tshark(proto) == shown_by_host(wire.MESSAGES[data[0]].decode(data[2:]))


def test_a_line_that_does_not_tell_its_ways_is_shown_as_well(dissect: "Dissect") -> None:
    spoken = a_night()
    octets = b"".join(each.frame for each in spoken)
    found = dissect(line(pieces(octets, seed=7)))
    for proto, each in zip(found, spoken, strict=True):
        _shows(proto, each)


def test_the_handshakes_boxes_are_taken_apart(dissect: "Dissect") -> None:
    boxes = [each for each in Speech().opening() if each.payload[4:5] in (b"\x05", b"\x06")]
    found = dissect(two_way_line([(each.way, each.frame) for each in boxes]))
    for proto, each in zip(found, boxes, strict=True):
        assert field(proto, "tocsin.noise.ephemeral").get("value") == each.payload[6:38].hex()
        assert field(proto, "tocsin.noise.tag").get("value") == each.payload[38:].hex()


def test_a_sealed_message_tells_its_size_only(dissect: "Dissect") -> None:
    speech = Speech()
    spoken = [*speech.opening(), speech.sealed(TO_HANDSET, wire.InfoGet(), 3)]
    *_, proto = dissect(two_way_line([(each.way, each.frame) for each in spoken]))
    assert "2 octets and a tag of 16" in field(proto, "tocsin.sealed").get("showname", "")


# Traces


def test_a_trace_is_shown_field_by_field(dissect: "Dissect", messages: list[wire.Message]) -> None:
    speech = Speech()
    spoken = [note(PRESSED), *speech.opening()]
    said = [(way, each) for each in messages if each.ID in LINK for way in (TO_HOST, TO_HANDSET)]
    spoken += [speech.sealed(way, each, 5) for way, each in said]
    found = dissect(recorded(spoken))
    assert [faults(proto) for proto in found] == [[]] * len(spoken)
    assert list(map(header, found)) == [each.payload[:4] for each in spoken]
    opened = [shown_by_tshark(proto) for proto in found if has(proto, "tocsin.id")][-len(said) :]
    assert opened == [shown_by_host(_without_secrets(each)) for _, each in said]


def _without_secrets(message: wire.Message) -> wire.Message:
    return message.decode(redacted(packed(message))[2:])


def test_a_trace_tells_way_form_and_what_was_left_out(dissect: "Dissect") -> None:
    speech = Speech()
    secret = wire.ConfigSet([wire.ConfigEntry(wire.CONFIG["report_key"].key, b"\xa5" * 32)])
    spoken = [*speech.opening(), speech.sealed(TO_HANDSET, secret, 3)]
    unopened = speech.sealed(TO_HOST, wire.ConfigApplied(2), 3)
    capture = recorded([*spoken, Spoken(TO_HOST, unopened.payload)])
    heads = dissect(capture, proto="tocsin_trace")
    assert len(heads) == len(spoken) + 1
    last = [
        [field(head, f"tocsin_trace.{name}").get("show") for name in ("way", "form", "redacted")]
        for head in heads[-2:]
    ]
    assert last == [["2", "1", "1"], ["1", "2", "0"]]
    assert b"\xa5\xa5" not in capture


def test_a_trace_record_of_another_version_is_not_guessed_at(dissect: "Dissect") -> None:
    capture = line([b"\x02\x01\x00\x00" + bytes(4) + packed(PRESSED)], linktype=148)
    assert dissect(capture) == []
    [head] = dissect(capture, proto="tocsin_trace")
    assert "not a record of version 1" in faults(head)


def test_the_dissector_names_every_message_and_field() -> None:
    text = render()["protocol/tocsin.lua"]
    for message in schema.MESSAGES:
        assert f'[0x{message.id:02X}] = {{ name = "{message.name}"' in text
        for each in message.fields:
            assert f'name = "{each.name}", kind = "' in text


def test_the_greeting_is_shown_with_names(dissect: "Dissect") -> None:
    hello, reply = dissect(line([framed(HELLO), framed(HELLO_REPLY)]))
    assert field(hello, "tocsin.hello.role").get("showname") == "role: TECHNICIAN (1)"
    assert field(reply, "tocsin.helloreply.salt").get("value") == b"saltsalt".hex()
