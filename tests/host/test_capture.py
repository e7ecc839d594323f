"""`tocsin protocol decode`: captures of the line as messages, without secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from tocsin_host import wire
from tocsin_host.capture import octets_of, read
from tocsin_host.cli import main
from tocsin_protocol.frame import MAX_PAYLOAD_BYTES, encode_frame

SECRET = b"\xa5" * 32
USAGE, PROTOCOL = 2, 6


def framed(message: Any, request: int = 1) -> bytes:
    return encode_frame(bytes((message.ID, request)) + message.encode())


def decode(capture: bytes, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["protocol", "decode", *arguments], input=capture)


def decoded(capture: bytes) -> list[dict[str, Any]]:
    result = decode(capture, "--json")
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


HELLO = framed(wire.Hello(1, 0), 7)
EVENT = wire.TraceEvent(3, 1000, wire.TraceKind.STAGE, wire.Stage.DIALLED, 1, -5)


def test_a_frame_is_shown_with_its_place_names_and_fields() -> None:
    assert decoded(HELLO + framed(EVENT, 0))[1] == {
        "offset": len(HELLO),
        "octets": len(framed(EVENT, 0)),
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
    reply = framed(wire.HelloReply(1, 0, 512, wire.Capability.CONFIG | wire.Capability.TRACE), 7)
    assert decode(HELLO + reply).stdout.splitlines() == [
        "       0  0x01 Hello request 7 major=1 minor=0",
        (
            "      10  0x02 HelloReply request 7 major=1 minor=0 max_payload_bytes=512 "
            "capabilities=[CONFIG, TRACE]"
        ),
    ]


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


def test_hexadecimal_text_is_read_like_octets(tmp_path: Path) -> None:
    text = tmp_path / "capture.txt"
    text.write_text(f"{HELLO.hex(' ')}\n{HELLO.hex().upper()}\n")
    result = CliRunner().invoke(main, ["protocol", "decode", str(text), "--json"])
    assert json.loads(result.stdout) == decoded(HELLO + HELLO)


def test_half_an_octet_of_text_is_the_users_mistake() -> None:
    result = decode(b"07 0")
    assert (result.exit_code, result.stdout) == (USAGE, "")
    assert "is not hexadecimal" in result.stderr


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
        (HELLO[:2] + b"\x55" + HELLO[3:], "but its payload's is"),
        (b"\x01" * 600 + b"\x00", "the frame is longer than the 519 octets"),
        (encode_frame(b"\x01"), "the payload is too short"),
        (encode_frame(b"\x55\x01"), "the id is unknown"),
        (encode_frame(b"\x01\x01\x01"), "the field major needs 2 octets"),
        (HELLO[:-1], "the capture ends before its delimiter"),
    ],
)
def test_what_is_no_message_is_told_with_the_reason(capture: bytes, problem: str) -> None:
    [found] = decoded(capture)
    assert problem in found["problem"]
    assert "fields" not in found
    assert decode(capture).exit_code == PROTOCOL


def test_bad_frames_among_good_ones_are_no_failure() -> None:
    result = decode(b"noise\0" + HELLO)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_an_empty_capture_has_no_frames() -> None:
    assert decode(b"").stdout == "no frames\n"


@given(st.binary(max_size=300))
def test_any_octets_are_accounted_for(capture: bytes) -> None:
    found = list(read(capture + b"\0"))
    covered = {each.offset + place for each in found for place in range(each.octets)}
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
        if len(body) + 2 <= MAX_PAYLOAD_BYTES:
            [found] = decoded(encode_frame(bytes((made.ID, 1)) + body))
            assert found["fields"].keys() == vector["fields"].keys()
