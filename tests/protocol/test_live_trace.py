"""What passes between `tocsin` and a live handset, recorded both ways and shown by tshark."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import pytest
import serial
from tests.protocol.captures import INBOUND, OUTBOUND, pieces, two_way_line
from tests.protocol.dissected import faults, has, header, shown_by_host, shown_by_tshark

from tocsin_hil.live_process import LiveProcess
from tocsin_host import wire
from tocsin_host.client import HandsetClient
from tocsin_host.conversation import Hooks, Opening
from tocsin_host.keys import KeyStore
from tocsin_host.link import Link
from tocsin_host.trace.eavesdropper import Form
from tocsin_host.trace.file import TraceFile
from tocsin_host.trace.record import TraceRecord
from tocsin_host.trace.recorder import Recorder
from tocsin_host.transport import Transport, open_transport

if TYPE_CHECKING:
    from tests.protocol.conftest import Dissect

OPENING = ["Hello", "HelloReply", "HandshakeStart", "HandshakeAnswer"]
PRESS = b'{"do": "press", "hold_ms": 1500}\n'


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveProcess]:
    with LiveProcess([f"--flash={tmp_path / 'flash'}"]) as process:
        yield process


def command(live: LiveProcess, *arguments: object) -> list[str]:
    base = (sys.executable, "-m", "tocsin_host", f"--keys={live.keys}")
    return [*base, "--device", live.handset, *map(str, arguments)]


def records_in(path: Path) -> list[TraceRecord]:
    with path.open("rb") as file:
        return list(TraceFile(file).records())


def message_in(record: TraceRecord) -> wire.Message | None:
    """The message of a record that holds one to read."""
    if record.payload[0] >> 4 not in (0, 5) or record.form is Form.SEALED:
        return None
    return wire.MESSAGES[record.payload[4]].decode(record.payload[6:])


def names(messages: list[wire.Message]) -> list[str]:
    """What they are, in the order of their first coming: some are sent again."""
    return list(dict.fromkeys(type(each).__name__ for each in messages))


def shows(proto: Element, record: TraceRecord) -> None:
    message = message_in(record)
    assert faults(proto) == []
    assert header(proto) == record.payload[:4]
    assert has(proto, "tocsin.id") == (message is not None)
    if message is not None:
        assert shown_by_tshark(proto) == shown_by_host(message)


def wait_for(path: Path, name: str) -> None:
    limit_s = time.monotonic() + 20
    while time.monotonic() < limit_s:
        if path.is_file():
            told = [message_in(each) for each in records_in(path)]
            if name in names([each for each in told if each]):
                return
        time.sleep(0.05)
    raise AssertionError(f"{name} was never recorded")


def test_a_trace_of_a_live_press_is_shown_field_by_field(
    live: LiveProcess, dissect: "Dissect", tmp_path: Path
) -> None:
    path = tmp_path / "press.pcapng"
    recording = subprocess.Popen(command(live, "trace", "record", path, "--seconds", 6))
    wait_for(path, "TraceSubscribed")
    with serial.Serial(live.bench.partition(":")[2]) as bench:
        bench.write(PRESS)
        assert recording.wait(60) == 0
    records = records_in(path)
    for proto, record in zip(dissect(path.read_bytes()), records, strict=True):
        shows(proto, record)
    told = [each for each in map(message_in, records) if each is not None]
    assert names(told)[:4] == OPENING
    assert {"TraceSubscribe", "TraceSubscribed", "TraceEvent"} <= {*names(told)}
    assert names(told)[-1] == "SessionEnd"
    assert all(each.form is not Form.SEALED for each in records)
    keys = b"".join(each.read_bytes() for each in live.keys.iterdir())
    for line in keys.splitlines():
        for word in line.split(b'"')[1:2]:
            assert bytes.fromhex(word.decode()) not in path.read_bytes()
    replay = subprocess.run(
        command(live, "--json", "trace", "replay", path), capture_output=True, check=False
    )
    seen: dict[str, Any] = json.loads(replay.stdout)
    assert (replay.returncode, seen["gaps"]) == (0, [])
    assert [each["stage"] for each in seen["marks"]][:3] == [
        "PRESSED",
        "RECOGNISED",
        "ACKNOWLEDGED",
    ]


class Tee:
    """A transport that keeps what passes, as a line analyser would see it."""

    def __init__(self, transport: Transport) -> None:
        self.address = transport.address
        self.passed: list[tuple[int, bytes]] = []
        self._transport = transport

    def read(self) -> bytes:
        data = self._transport.read()
        self.passed.append((INBOUND, data))
        return data

    def write(self, data: bytes) -> None:
        self.passed.append((OUTBOUND, data))
        self._transport.write(data)

    def unsent_s(self) -> float:
        return self._transport.unsent_s()

    def interrupt(self) -> None:
        self._transport.interrupt()

    def close(self) -> None:
        self._transport.close()


def test_a_live_line_is_shown_down_to_frame_channel_and_handshake(
    live: LiveProcess, dissect: "Dissect", tmp_path: Path
) -> None:
    tee = Tee(open_transport(live.handset))
    path = tmp_path / "trace.pcapng"
    opening = Opening(wire.Role.TECHNICIAN, KeyStore(live.keys))
    with path.open("wb", buffering=0) as file:
        hooks = Hooks(tap=Recorder(file, live.handset))
        with HandsetClient(Link(tee, opening, hooks), opening, 20.0) as handset:
            handset.trace_subscribe(True)
            assert handset.info().identity == 7001
    packets = [
        (way, piece)
        for number, (way, data) in enumerate(tee.passed)
        for piece in pieces(data, seed=number, longest=20)
    ]
    garbage = [(INBOUND, b"\x09gar"), (OUTBOUND, b"bage\x09\x00"), (INBOUND, b"bage\x00")]
    found = dissect(two_way_line([*garbage, *packets]))
    assert [bool(faults(proto)) for proto in found[:2]] == [True, True]
    good, records = found[2:], records_in(path)
    assert not any(map(faults, good))
    assert sorted(map(header, good)) == sorted(each.payload[:4] for each in records)
    in_clear = [each for each in records if each.form is Form.CLEAR]
    said = [each for each in map(message_in, in_clear) if each is not None]
    assert [each for each in names(said) if each != "TraceEvent"] == OPENING
    shown = [shown_by_tshark(proto) for proto in good if has(proto, "tocsin.id")]
    assert sorted(shown) == sorted(map(shown_by_host, said))
    sealed = [proto for proto in good if has(proto, "tocsin.sealed")]
    assert len(sealed) == len([each for each in records if each.form is Form.OPENED]) >= 5
