"""`tocsin protocol decode`: captures of the link, layer by layer, without secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.captures import (
    HELLO,
    TO_HANDSET,
    TO_HOST,
    Speech,
    Spoken,
    framed,
    line,
    note,
    packed,
    pieces,
    two_way_line,
)

from tocsin_host import wire
from tocsin_host.capture import octets_of, read
from tocsin_host.cli import main
from tocsin_protocol.frame import MAX_PAYLOAD_BYTES, encode_frame

SECRET = b"\xa5" * 32
USAGE, PROTOCOL = 2, 6
CHANNEL = {"kind": "data", "lane": "normal", "sequence": 0, "next_normal": 0, "next_urgent": 0}


def decode(capture: bytes, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["protocol", "decode", *arguments], input=capture)


def decoded(capture: bytes) -> list[dict[str, Any]]:
    result = decode(capture, "--json")
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


GREETING = framed(HELLO, 7)
EVENT = wire.TraceEvent(3, 1000, wire.TraceKind.STAGE, wire.Stage.DIALLED, 1, -5)


def conversation() -> list[Spoken]:
    speech = Speech()
    return [
        *speech.opening(),
        speech.acknowledgement(TO_HANDSET),
        speech.sealed(TO_HANDSET, wire.InfoGet(), 3),
        note(EVENT),
    ]


def test_a_frame_is_shown_with_its_place_names_and_fields() -> None:
    assert decoded(GREETING + framed(EVENT, 0))[1] == {
        "offset": len(GREETING),
        "octets": len(framed(EVENT, 0)),
        "channel": CHANNEL,
        "form": "clear",
        "message": "TraceEvent",
        "id": 0x20,
        "request": 0,
        "fields": {
            "sequence": 3,
            "t_ms": 1000,
            "kind": "STAGE",
            "code": "DIALLED",
            "attempt": 1,
            "value": -5,
        },
    }


def test_people_read_one_line_a_frame() -> None:
    octets = b"".join(each.frame for each in conversation())
    lines = [each[10:] for each in decode(octets).stdout.splitlines()]
    boxes = [each.payload[6:].hex() for each in conversation()[4:6]]
    assert lines[:4] == [
        "reset connection 12345678",
        "reset ack connection 12345678",
        "data normal 0 next 0/0  0x01 Hello request 1 major=1 minor=1 role=TECHNICIAN",
        (
            "data normal 0 next 1/0  0x02 HelloReply request 1 major=1 minor=1 "
            "max_payload_bytes=512 capabilities=[TRACE] salt=73616c7473616c74 "
            "key_check=6368656b normal_window=16 urgent_window=4"
        ),
    ]
    assert lines[4].startswith("data normal 1 next 1/0  0x05 HandshakeStart request 2 box=")
    assert len(lines[4]) == len("data normal 1 next 1/0  0x05 HandshakeStart request 2 box=") + len(
        boxes[0]
    )
    assert lines[6:] == [
        "ack next 2/0",
        "data normal 2 next 2/0  sealed, 2 octets",
        (
            "note  0x20 TraceEvent request 0 sequence=3 t_ms=1000 kind=STAGE code=DIALLED "
            "attempt=1 value=-5"
        ),
    ]


def test_json_tells_every_layer() -> None:
    octets = b"".join(each.frame for each in conversation())
    reset, _, hello, *_, sealed, noted = decoded(octets)
    assert reset["channel"] == CHANNEL | {"kind": "reset", "connection": "12345678"}
    assert (hello["form"], hello["message"]) == ("clear", "Hello")
    assert sealed["channel"] == CHANNEL | {"sequence": 2, "next_normal": 2}
    assert (sealed["form"], sealed["sealed_bytes"]) == ("sealed", 2)
    assert "message" not in sealed
    assert noted["channel"]["kind"] == "note"


@pytest.mark.parametrize("seed", range(3))
def test_a_capture_file_tells_ways_and_times(seed: int) -> None:
    spoken = conversation()
    packets = [
        (each.way, piece)
        for each in spoken
        for piece in pieces(b"\x09gar\x00" + each.frame, seed, longest=9)
    ]
    found = decoded(two_way_line(packets))
    good = [each for each in found if "problem" not in each]
    assert len(found) == 2 * len(good) == 2 * len(spoken)
    ways = {TO_HOST: "to_host", TO_HANDSET: "to_handset"}
    assert [each["way"] for each in good] == [ways[each.way] for each in spoken]
    times = [each["t_us"] for each in found]
    assert times == sorted(times)
    lines = decode(two_way_line(packets)).stdout.splitlines()
    assert lines[1] == f"{(times[1] - times[0]) / 1e6:>12.6f}  > reset connection 12345678"


def test_a_capture_without_ways_is_read_too() -> None:
    octets = b"".join(each.frame for each in conversation())
    found = decoded(line(pieces(octets, seed=1)))
    assert [each["channel"] for each in found] == [each["channel"] for each in decoded(octets)]
    assert "way" not in found[0]


def test_a_message_in_clear_that_comes_again_is_not_taken_for_a_sealed_one() -> None:
    speech = Speech()
    opening = list(speech.opening())
    later = [speech.sealed(TO_HOST, EVENT), speech.clear(TO_HOST, wire.Info(), 0)]
    again = [*opening, opening[-1], *later]
    found = decoded(two_way_line([(each.way, each.frame) for each in again]))
    assert [each["form"] for each in found[-3:]] == ["clear", "sealed", "sealed"]


@pytest.mark.parametrize("end", [bytes((0x20, 0, 0, 0, 1, 2, 3, 4)), bytes((0x30, *bytes(7)))])
def test_after_a_reset_all_is_in_clear_again(end: bytes) -> None:
    spoken = [*Speech().opening(), Spoken(TO_HOST, end)]
    octets = b"".join(each.frame for each in spoken) + GREETING
    assert decoded(octets)[-1]["message"] == "Hello"


def test_a_capture_file_cut_off_is_read_to_its_last_packet() -> None:
    capture = line([GREETING, GREETING])
    *_, last = decoded(capture[:-3])
    assert last["problem"] == "the file ends within a packet"
    assert len(decoded(capture[:-3])) == 2


def test_a_damaged_capture_file_is_refused() -> None:
    capture = two_way_line([(TO_HOST, GREETING)])
    result = decode(capture[:-2] + b"\xff\xff")
    assert (result.exit_code, result.stdout) == (USAGE, "")
    assert "the block at octet 48 is damaged" in result.stderr


def test_hexadecimal_text_is_read_like_octets(tmp_path: Path) -> None:
    text = tmp_path / "capture.txt"
    text.write_text(f"{GREETING.hex(' ')}\n{GREETING.hex().upper()}\n")
    result = CliRunner().invoke(main, ["protocol", "decode", str(text), "--json"])
    assert json.loads(result.stdout) == decoded(GREETING + GREETING)


def test_the_example_in_the_help_reads() -> None:
    shown = CliRunner().invoke(main, ["protocol", "decode", "--help"]).stdout
    [example] = [each for each in shown.splitlines() if "echo" in each]
    assert decoded(example.split()[1].encode())[0]["message"] == "Hello"


def test_half_an_octet_of_text_is_the_users_mistake() -> None:
    result = decode(b"07 0")
    assert (result.exit_code, result.stdout) == (USAGE, "")
    assert "is not hexadecimal" in result.stderr


@pytest.mark.parametrize(
    ("kind", "code", "shown"),
    [
        (wire.TraceKind.STAGE, 1, "PRESSED"),
        (wire.TraceKind.NOTICE, 4, "ANSWERED"),
        (wire.TraceKind.BOOT, 3, "WATCHDOG"),
        (wire.TraceKind.FAULT, 3, 3),
        (wire.TraceKind.STAGE, 200, 200),
    ],
)
def test_a_code_is_named_as_its_kind_says(kind: wire.TraceKind, code: int, shown: object) -> None:
    [event] = decoded(framed(wire.TraceEvent(kind=kind, code=code), 0))
    assert event["fields"]["code"] == shown


def test_settings_are_shown_by_name_and_secrets_are_not() -> None:
    entries = [
        wire.ConfigEntry(wire.CONFIG["report_key"].key, SECRET),
        wire.ConfigEntry(wire.CONFIG["hold_ms"].key, (1500).to_bytes(4, "little")),
        wire.ConfigEntry(250, SECRET),
    ]
    capture = framed(wire.ConfigSet(entries))
    capture += framed(wire.ConfigValue(wire.CONFIG["report_key"].key, 0, SECRET))
    first, second = decoded(capture)
    assert first["fields"]["entries"] == [
        {"key": "report_key", "value": "(secret, 32 octets)"},
        {"key": "hold_ms", "value": 1500},
        {"key": 250, "value": "(unknown key, 32 octets)"},
    ]
    assert second["fields"]["value"] == "(secret, 32 octets)"
    shown = decode(capture).output + decode(capture, "--json").output
    assert "a5a5" not in shown
    assert "\\xa5" not in shown


def test_text_from_a_handset_cannot_reach_the_terminal_raw() -> None:
    assert "\x1b" not in decode(framed(wire.Failure(wire.FailureCode.BUSY, "\x1b[2J"))).output


@pytest.mark.parametrize(
    ("capture", "problem"),
    [
        (b"\x09abc\x00", "the frame is not COBS"),
        (b"\x04abc\x00", "the frame holds no more than a CRC-32"),
        (GREETING[:2] + b"\x55" + GREETING[3:], "the frame is not COBS"),
        (GREETING.replace(b"\x07", b"\x08"), "but its payload's is"),
        (b"\x01" * 600 + b"\x00", "the frame is longer than the 519 octets"),
        (encode_frame(b"\x01"), "the payload is too short for a channel header"),
        (encode_frame(b"\x7f\x00\x04\x00"), "the channel has no frames of kind 7"),
        (encode_frame(b"\x05\x00\x00\x00"), "the channel has no lane 5"),
        (encode_frame(bytes(4)), "the data is too short for id and request"),
        (encode_frame(bytes(5)), "the data is too short for id and request"),
        (encode_frame(b"\x20\x00\x00\x00\x01"), "the connection's number is not four octets"),
        (encode_frame(bytes(4) + b"\x5f\x01"), "the id is unknown"),
        (encode_frame(bytes(4) + b"\x01\x01\x01"), "the field major needs 2 octets"),
        (GREETING[:-1], "the capture ends before its delimiter"),
    ],
)
def test_what_is_no_message_is_told_with_the_reason(capture: bytes, problem: str) -> None:
    [found] = decoded(capture)
    assert problem in found["problem"]
    assert "fields" not in found
    assert problem in decode(capture).stdout
    assert decode(capture).exit_code == PROTOCOL


def test_bad_frames_among_good_ones_are_no_failure() -> None:
    result = decode(b"noise\0" + GREETING)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_an_empty_capture_has_no_frames() -> None:
    assert decode(b"").stdout == "no frames\n"


@given(st.binary(max_size=300))
def test_any_octets_are_accounted_for(capture: bytes) -> None:
    found = list(read(capture + b"\0"))
    covered = {
        place
        for each in found
        for place in range(each.offset or 0, (each.offset or 0) + each.octets)
    }
    assert {place for place, octet in enumerate(capture) if octet} <= covered


@given(st.lists(st.binary(min_size=1, max_size=MAX_PAYLOAD_BYTES), max_size=4))
def test_any_frames_are_cut_apart_whatever_they_hold(payloads: list[bytes]) -> None:
    capture = b"".join(map(encode_frame, payloads))
    assert len(list(read(octets_of(capture)))) == len(payloads)


def test_every_golden_vector_is_shown_with_all_its_fields() -> None:
    path = Path(__file__).resolve().parents[2] / "protocol" / "vectors.json"
    for vector in json.loads(path.read_text())["messages"]:
        made = next(m for m in wire.MESSAGES.values() if m.__name__ == vector["message"])
        body = bytes.fromhex(vector["hex"])
        if len(body) + 6 <= MAX_PAYLOAD_BYTES:
            payload = bytes(4) + packed(made.decode(body))
            [found] = decoded(encode_frame(payload))
            assert found["fields"].keys() == vector["fields"].keys()
