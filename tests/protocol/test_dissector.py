"""The generated dissector in tshark, field by field against the host's codec."""

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import pytest
from tests.protocol.captures import INBOUND, OUTBOUND, line, pieces, tcp, two_way_line

from tocsin_host import wire
from tocsin_host.capture import read
from tocsin_protocol import schema
from tocsin_protocol.frame import MAX_PAYLOAD_BYTES, encode_frame
from tocsin_protocol.generator import render

if TYPE_CHECKING:
    from tests.protocol.conftest import Dissect

PORT = 4711
OVER_TCP = ("-d", f"tcp.port=={PORT},tocsin")
RECORDS = {each.name.lower() for each in schema.RECORDS}
PRESSED = wire.TraceEvent(1, 2, wire.TraceKind.STAGE, wire.Stage.PRESSED)


def framed(message: wire.Message, request: int = 1) -> bytes:
    return encode_frame(bytes((message.ID, request)) + message.encode())


@pytest.fixture(scope="module")
def messages(vectors: dict[str, Any]) -> list[wire.Message]:
    """Every golden message that fits one frame, as the host decodes it."""
    ids = {each.name: each.id for each in schema.MESSAGES}
    return [
        wire.MESSAGES[ids[vector["message"]]].decode(bytes.fromhex(vector["hex"]))
        for vector in vectors["messages"]
        if len(vector["hex"]) // 2 + 2 <= MAX_PAYLOAD_BYTES
    ]


def shown_by_host(message: Any) -> list[tuple[str, object]]:
    owner = type(message).__name__.lower()
    return _flat(owner, {each: getattr(message, each) for each in message.__slots__})


def _flat(owner: str, fields: dict[str, Any]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in fields.items():
        if isinstance(value, list):
            found.append((f"{owner}.{name}", len(value)))
            for entry in value:
                found += _flat(type(entry).__name__.lower(), entry._asdict())
        else:
            text = value.encode() if isinstance(value, str) else value
            found.append((f"{owner}.{name}", text.hex() if isinstance(text, bytes) else int(value)))
    return found


def shown_by_tshark(proto: Element) -> list[tuple[str, object]]:
    owner = {message.id: message.name.lower() for message in schema.MESSAGES}[value(proto, "id")]
    found: list[tuple[str, object]] = []
    for each in proto.iter("field"):
        name = each.get("name", "").removeprefix("tocsin.")
        if name.count(".") == 1 and name.split(".")[0] in {owner, *RECORDS}:
            found.append((name, _value(each, name)))
    return found


def _value(field: Element, name: str) -> object:
    kind = next(kind for path, kind in KINDS.items() if path == name)
    if kind in ("text", "blob", "octets", "secret"):
        return field.get("value", "")
    if kind == "array":
        return int(field.get("showname", "").rpartition(" ")[2])
    return int(field.get("show", ""), 0)


def _kinds() -> dict[str, str]:
    groups = [(each.name, each.fields) for each in (*schema.MESSAGES, *schema.RECORDS)]
    words = {f"{name.lower()}.{each.name}": each.word for name, fields in groups for each in fields}
    return {
        path: type(word).__name__.lower().replace("value", "blob") for path, word in words.items()
    }


KINDS = _kinds()


def value(proto: Element, name: str) -> int:
    field = proto.find(f".//field[@name='tocsin.{name}']")
    assert field is not None
    return int(field.get("show", ""), 0)


def faults(proto: Element) -> list[str]:
    return [each.get("show", "") for each in proto.iter("field") if each.get("name") == MESSAGE]


MESSAGE = "_ws.expert.message"


@pytest.mark.parametrize("carrier", ["line", "tcp"])
def test_every_field_of_every_message_is_shown_as_the_host_decodes_it(
    dissect: "Dissect", messages: list[wire.Message], carrier: str
) -> None:
    sent = pieces(b"".join(map(framed, messages)), seed=4)
    capture = line(sent) if carrier == "line" else tcp(sent, PORT)
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
    ("octets", "fault"),
    [
        (b"noise\x00", "not COBS"),
        (b"\x01" * 600 + b"\x00", "not COBS"),
        (b"\x04abc\x00", "no payload"),
        (framed(PRESSED)[:3] + b"\x55" + framed(PRESSED)[4:], "the payload's is 0x"),
        (encode_frame(b"\x01"), "too short for id and request"),
        (encode_frame(b"\x55\x01"), "unknown id"),
        (encode_frame(b"\x01\x01\x01"), "minor is cut off"),
        (encode_frame(b"\x7f\x01\x00\x00"), "must be 1 to 22"),
        (encode_frame(b"\x7f\x01\x01\x31" + b"x" * 49), "detail is longer than 48"),
        (encode_frame(b"\x7f\x01\x01\x31"), "detail is cut off"),
        (encode_frame(b"\x12\x01\x02\x01\x00"), "key is cut off"),
        (encode_frame(b"\x12\x01"), "entries is cut off"),
    ],
)
def test_what_is_no_message_is_marked_with_the_reason(
    dissect: "Dissect", octets: bytes, fault: str
) -> None:
    bad, good = dissect(line([*pieces(octets, seed=2), framed(PRESSED)]))
    assert [each for each in faults(bad) if fault in each], faults(bad)
    assert [each.problem for each in read(octets)] != [""]  # the host agrees
    assert shown_by_tshark(good) == shown_by_host(PRESSED)


def test_octets_of_a_newer_version_are_told_apart(dissect: "Dissect") -> None:
    body = bytes((PRESSED.ID, 0)) + PRESSED.encode() + b"\xab\xcd"
    [proto] = dissect(line([encode_frame(body)]))
    more = proto.find("field[@name='tocsin.more']")
    assert more is not None
    assert more.get("value") == "abcd"
    assert shown_by_tshark(proto) == shown_by_host(PRESSED)


def test_the_dissector_names_every_message_and_field() -> None:
    text = render()["protocol/tocsin.lua"]
    for message in schema.MESSAGES:
        assert f'[0x{message.id:02X}] = {{ name = "{message.name}"' in text
        for each in message.fields:
            assert f'name = "{each.name}", kind = "' in text
