"""Traces: what a recorder writes of a session, and what `tocsin trace` reads from it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.captures import KEY, TO_HANDSET, TO_HOST, Speech, Spoken, line, note, packed

from tocsin_host import wire
from tocsin_host.cli import main
from tocsin_host.session import Lane
from tocsin_host.trace.file import TraceFile
from tocsin_host.trace.pcap import CaptureError, Packet, PacketReader, Way, packet_block
from tocsin_host.trace.record import TraceRecord
from tocsin_host.trace.recorder import Recorder
from tocsin_host.trace.redact import redacted

USAGE, VERDICT = 2, 11
SECRET = b"\xa5" * 32
STAGES = (
    (0, 1_000, wire.TraceKind.BOOT, wire.ResetCause.POWER_ON),
    (1, 5_000, wire.TraceKind.STAGE, wire.Stage.PRESSED),
    (2, 6_000, wire.TraceKind.STAGE, wire.Stage.RECOGNISED),
    (3, 6_010, wire.TraceKind.NOTICE, wire.Notice.RAISED),
    (4, 6_020, wire.TraceKind.STAGE, wire.Stage.DIALLED),
)


def events(*left_out: int) -> list[wire.TraceEvent]:
    return [
        wire.TraceEvent(number, t_ms, kind, code, attempt=1)
        for number, t_ms, kind, code in STAGES
        if number not in left_out
    ]


def session(*messages: wire.Message) -> list[Spoken]:
    """A session that is told these messages."""
    speech = Speech()
    return [
        *speech.opening(),
        speech.sealed(TO_HANDSET, wire.TraceSubscribe(1), 3),
        speech.sealed(TO_HOST, wire.TraceSubscribed(0), 3),
        *(speech.sealed(TO_HOST, each, lane=Lane.URGENT) for each in messages),
    ]


def record(spoken: list[Spoken], file: Any) -> Recorder:
    recorder = Recorder(file, "serial:/dev/null")
    for each in spoken:
        if each.way == TO_HOST:
            recorder.received(each.payload, each.plain)
            continue
        if each.plain is not None:
            recorder.sealed(each.plain, each.payload[4:])
        recorder.sent(each.payload)
    return recorder


def recorded(spoken: list[Spoken]) -> bytes:
    file = io.BytesIO()
    record(spoken, file)
    return file.getvalue()


def records_in(octets: bytes) -> list[TraceRecord]:
    return list(TraceFile(io.BytesIO(octets)).records())


def traced(path: Path, spoken: list[Spoken]) -> Path:
    path.write_bytes(recorded(spoken))
    return path


def tocsin(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["trace", *map(str, arguments)])


# What is recorded


def test_every_frame_is_recorded_with_its_header_and_its_message_opened() -> None:
    spoken = [note(events()[0]), *session(*events())]
    found = records_in(recorded(spoken))
    assert [each.payload[:4] for each in found] == [each.payload[:4] for each in spoken]
    assert [each.payload[4:] for each in found] == [
        each.payload[4:] if each.plain is None else each.plain for each in spoken
    ]
    assert [each.way for each in found] == [each.way for each in spoken]
    assert [each.form.name for each in found] == ["CLEAR"] * 7 + ["OPENED"] * 7
    times = [each.t_us for each in found]
    assert times == sorted(times)
    assert abs(times[0] / 1e6 - time.time()) < 60


@pytest.mark.parametrize("way", [TO_HANDSET, TO_HOST])
def test_a_message_sent_again_is_recorded_again_and_opened(way: Way) -> None:
    speech = Speech()
    spoken = [*speech.opening(), speech.sealed(way, wire.InfoGet(), 3)]
    again = Spoken(way, spoken[-1].payload)  # which nobody opens twice
    *_, first, second = records_in(recorded([*spoken, again]))
    assert first.payload == second.payload == spoken[-1].payload[:4] + packed(wire.InfoGet(), 3)


def test_what_nobody_opened_stays_sealed() -> None:
    speech = Speech()
    opening = list(speech.opening())
    again = speech.sealed(TO_HOST, wire.Info(), 3)
    found = records_in(recorded([*opening, Spoken(TO_HOST, again.payload)]))
    assert (found[-1].form.name, found[-1].payload) == ("SEALED", again.payload)


def test_no_key_and_no_secret_reaches_the_file() -> None:
    speech = Speech()
    key, hold = wire.CONFIG["report_key"].key, wire.CONFIG["hold_ms"].key
    hold_ms = (1500).to_bytes(4, "little")
    entries = [wire.ConfigEntry(key, SECRET), wire.ConfigEntry(hold, hold_ms)]
    spoken = [
        *speech.opening(),
        speech.sealed(TO_HANDSET, wire.ConfigSet(entries), 4),
        speech.sealed(TO_HOST, wire.ConfigValue(key, 0, SECRET), 5),
        speech.sealed(TO_HANDSET, wire.ConfigSet([wire.ConfigEntry(250, SECRET)]), 6),
        speech.sealed(TO_HANDSET, wire.Claim(7002, SECRET, SECRET, SECRET), 6),
        Spoken(TO_HOST, speech.sealed(TO_HOST, wire.Info(), 7).payload, b"\x5f\x07" + SECRET),
        Spoken(TO_HOST, speech.sealed(TO_HOST, wire.InfoGet(), 7).payload, b"\x12\x07" + SECRET),
        speech.sealed(TO_HOST, wire.ConfigApplied(2), 4),
    ]
    octets = recorded(spoken)
    assert SECRET[:4] not in octets
    found = records_in(octets)[6:]
    assert [each.is_redacted for each in found] == [True] * 6 + [False]
    kept = wire.ConfigSet.decode(found[0].payload[6:])
    assert wire.Claim.decode(found[3].payload[6:]).identity == 7002
    assert kept.entries == [wire.ConfigEntry(key, bytes(32)), wire.ConfigEntry(hold, hold_ms)]


def test_the_pre_shared_key_is_in_no_trace() -> None:
    octets = recorded(session(*events()))
    assert KEY[:8] not in octets


@given(st.sampled_from(sorted(wire.MESSAGES)), st.binary(max_size=200))
def test_whatever_a_message_holds_its_size_and_head_stay(number: int, body: bytes) -> None:
    message = bytes((number, 9)) + body
    kept = redacted(message)
    assert kept[:2] == message[:2]
    assert len(kept) == len(message)
    assert all(now in (0, was) for now, was in zip(kept, message, strict=True))


def test_a_full_disk_ends_the_recording_and_not_the_session() -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            return super().write(data if self.tell() < 500 else data[:9])

    file = Full()
    recorder = record(session(*events()), file)
    assert recorder.failure is not None
    assert len(records_in(file.getvalue())) == recorder.records


# What is read


def test_a_recorder_that_is_killed_leaves_its_records(tmp_path: Path) -> None:
    path = tmp_path / "trace.pcapng"
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tests.host.test_trace import events, record, session\n"
        "record(session(*events()), Path(sys.argv[1]).open('wb', buffering=0))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).resolve().parents[2]
    search = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": search}
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], env=environment, cwd=root, check=False
    )
    assert done.returncode == -9
    assert len(records_in(path.read_bytes())) == len(session(*events()))


@pytest.mark.parametrize("cut", [1, 7, 30, 60])
def test_a_trace_cut_off_is_read_to_its_last_whole_record(tmp_path: Path, cut: int) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    whole = len(json.loads(tocsin("show", path, "--json").stdout))
    path.write_bytes(path.read_bytes()[:-cut])
    result = tocsin("show", path, "--json")
    assert (result.exit_code, len(json.loads(result.stdout))) == (0, whole - 1)
    assert "read to its last whole record: it ends within a record" in result.stderr


def test_a_damaged_trace_is_read_to_the_damage(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    octets = path.read_bytes()
    path.write_bytes(octets[:-2] + b"\xff\xff")
    result = tocsin("show", path)
    assert len(result.stdout.splitlines()) == len(session(*events())) - 1
    assert "is damaged" in result.stderr


@pytest.mark.parametrize(
    ("octets", "problem"),
    [
        (b"noise, and no end", "it is neither pcapng nor pcap"),
        (line([b"\x01\x02\x00"]), "`tocsin protocol decode` reads captures of the line"),
        (line([b"\x02\x01\x00\x00\x10"], linktype=148), "the record has version 2, not 1"),
        (line([b"\x01\x07\x00\x00\x10"], linktype=148), "the record's header is damaged"),
        (line([b"\x01"], linktype=148), "the record is too short for its header"),
    ],
)
def test_what_is_no_trace_is_the_users_mistake(tmp_path: Path, octets: bytes, problem: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(octets)
    for command in ("show", "replay"):
        result = tocsin(command, path)
        assert (result.exit_code, result.stdout) == (USAGE, "")
        assert problem in result.stderr


def test_an_empty_trace_has_no_records(tmp_path: Path) -> None:
    assert tocsin("show", traced(tmp_path / "trace.pcapng", [])).stdout == "no records\n"


def test_people_read_one_line_a_record(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    lines = tocsin("show", path).stdout.splitlines()
    assert lines[0].endswith("> reset connection 12345678")
    assert lines[0].startswith("    0.000000  ")
    assert lines[6].endswith("> data normal 2 next 2/0  opened 0x21 TraceSubscribe request 3 on=1")
    assert lines[9].endswith(
        "< data urgent 1 next 3/0  opened 0x20 TraceEvent request 0 sequence=1 t_ms=5000 "
        "kind=STAGE code=PRESSED attempt=1 value=0"
    )


def test_json_tells_time_way_and_layers(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    *_, last = json.loads(tocsin("show", path, "--json").stdout)
    assert last.pop("t_us") > 0
    assert last == {
        "way": "to_host",
        "redacted": False,
        "channel": {
            "kind": "data",
            "lane": "urgent",
            "sequence": 4,
            "next_normal": 3,
            "next_urgent": 0,
        },
        "form": "opened",
        "id": 0x20,
        "request": 0,
        "message": "TraceEvent",
        "fields": {
            "sequence": 4,
            "t_ms": 6020,
            "kind": "STAGE",
            "code": "DIALLED",
            "attempt": 1,
            "value": 0,
        },
    }


def test_a_growing_trace_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "trace.pcapng"
    octets = recorded(session(*events()))
    path.write_bytes(octets[:400])
    command = [
        sys.executable,
        "-m",
        "tocsin_host",
        "trace",
        "show",
        "--follow",
        "--json",
        str(path),
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    follower = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert follower.stdout is not None
    try:
        first = follower.stdout.readline()
        with path.open("ab") as file:
            file.write(octets[400:])
        others = [follower.stdout.readline() for _ in session(*events())[1:]]
    finally:
        follower.terminate()
        follower.wait()
        follower.stdout.close()
    found = [json.loads(each) for each in (first, *others)]
    path.write_bytes(octets)
    assert found == json.loads(tocsin("show", path, "--json").stdout)


def test_following_ends_where_the_trace_is_damaged(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    path.write_bytes(path.read_bytes()[:-2] + b"\xff\xff")
    result = tocsin("show", "--follow", path)
    assert result.exit_code == USAGE
    assert "cannot be read on" in result.stderr
    assert len(result.stdout.splitlines()) == len(session(*events())) - 1


def test_a_trace_is_decoded_like_any_capture(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    result = CliRunner().invoke(main, ["protocol", "decode", str(path)])
    assert result.stdout == tocsin("show", path).stdout


# What is replayed


def replayed(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tocsin("replay", path, "--json").stdout)
    return found


def test_a_replay_shows_the_stages_in_the_handsets_time(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events()))
    result = tocsin("replay", path)
    assert result.exit_code == 0
    lines = [each.split() for each in result.stdout.splitlines()]
    assert lines[1:4] == [
        ["PRESSED", "0.0", "ms", "firmware"],
        ["RECOGNISED", "1,000.0", "ms", "firmware"],
        ["DIALLED", "1,020.0", "ms", "firmware"],
    ]
    assert "the handset told the person: RAISED" in result.stdout
    assert f"complete: 5 events in {len(session()) + 5} records, none missing" in result.stdout


def test_missing_events_are_the_verdict(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events(2, 3)))
    result = tocsin("replay", path)
    assert result.exit_code == VERDICT
    assert "events are missing: 3 events" in result.stdout
    assert "2 before event 4" in result.stdout
    assert replayed(path)["gaps"] == [{"sequence": 4, "missing": 2}]


def test_events_before_the_trace_are_told_and_are_no_gap(tmp_path: Path) -> None:
    speech = Speech()
    spoken = [*speech.opening(), speech.sealed(TO_HOST, wire.TraceSubscribed(70), 3)]
    spoken += [speech.sealed(TO_HOST, each, lane=Lane.URGENT) for each in events(0)]
    result = tocsin("replay", traced(tmp_path / "trace.pcapng", spoken))
    assert result.exit_code == 0
    assert "70 before them sent to nobody" in result.stdout


def test_a_restart_begins_to_count_anew(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events(), *events()))
    found = replayed(path)
    assert (found["starts"], found["events"], found["gaps"]) == (2, 10, [])
    stages = [each["stage"] for each in found["marks"]]
    assert stages == ["PRESSED", "RECOGNISED", "DIALLED"] * 2


def test_events_lost_after_a_restart_are_missed(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", session(*events(), *events(0, 1)))
    assert replayed(path)["gaps"] == [{"sequence": 2, "missing": 2}]


def test_numbers_that_wrap_are_no_gap(tmp_path: Path) -> None:
    wrapping = [
        wire.TraceEvent(number, t_ms, wire.TraceKind.STAGE, wire.Stage.PRESSED)
        for number, t_ms in ((65535, (1 << 30) - 10), (0, 5))
    ]
    found = replayed(traced(tmp_path / "trace.pcapng", session(*wrapping)))
    assert (found["complete"], found["starts"]) == (True, 1)
    first, second = found["marks"]
    assert second["t_us"] - first["t_us"] == 15_000


def test_notes_are_replayed_too(tmp_path: Path) -> None:
    path = traced(tmp_path / "trace.pcapng", [note(each) for each in events()])
    assert [each["stage"] for each in replayed(path)["marks"]] == [
        "PRESSED",
        "RECOGNISED",
        "DIALLED",
    ]


def test_notes_to_who_has_subscribed_are_forged_and_passed_over(tmp_path: Path) -> None:
    forged = wire.TraceEvent(5, 7_000, wire.TraceKind.STAGE, wire.Stage.ANSWER_CONFIRMED)
    unsealed = Spoken(TO_HOST, bytes((0x50, 0, 0, 0, 0x22, 0)) + wire.TraceSubscribed(9).encode())
    path = traced(tmp_path / "trace.pcapng", [*session(*events()), note(forged), unsealed])
    found = replayed(path)
    assert [each["stage"] for each in found["marks"]] == ["PRESSED", "RECOGNISED", "DIALLED"]
    assert (found["events"], found["forged_notes"]) == (5, 1)
    assert "1 in clear passed over" in tocsin("replay", path).stdout


def test_notes_before_and_after_a_session_count(tmp_path: Path) -> None:
    first, *others, last = events()
    reset = Spoken(TO_HANDSET, bytes((0x20, 0, 0, 0, 9, 9, 9, 9)))
    path = traced(tmp_path / "trace.pcapng", [note(first), *session(*others), reset, note(last)])
    found = replayed(path)
    assert (found["events"], found["complete"]) == (5, True)


def test_a_replay_in_real_time_keeps_the_pace(tmp_path: Path) -> None:
    [head, *_] = [recorded([])]
    spoken = session(*events()[:1])
    blocks = [
        packet_block(each.t_us + 40_000 * number, each.way, each.encode())
        for number, each in enumerate(records_in(recorded(spoken)))
    ]
    path = tmp_path / "trace.pcapng"
    path.write_bytes(head + b"".join(blocks))
    began_s = time.monotonic()
    result = tocsin("replay", path, "--realtime")
    assert time.monotonic() - began_s >= 0.04 * (len(spoken) - 1)
    shown = tocsin("show", path).stdout.splitlines()
    assert result.stdout.splitlines()[: len(shown)] == shown


# Capture files


@given(st.lists(st.tuples(st.integers(0, 1 << 50), st.sampled_from(Way), st.binary(max_size=40))))
def test_packets_are_read_as_they_were_written(packets: list[tuple[int, Way, bytes]]) -> None:
    octets = recorded([]) + b"".join(packet_block(*each) for each in packets)
    found = list(PacketReader().feed(octets))
    assert found == [Packet(t_us, 148, way, data) for t_us, way, data in packets]


@given(st.data())
def test_a_file_may_come_in_any_pieces(data: st.DataObject) -> None:
    octets = recorded(session(*events()))
    places = sorted(data.draw(st.lists(st.integers(0, len(octets)), max_size=6)))
    reader, found = PacketReader(), []
    for start, stop in zip([0, *places], [*places, len(octets)], strict=True):
        found += list(reader.feed(octets[start:stop]))
    assert found == list(PacketReader().feed(octets))
    assert reader.rest == 0


@given(st.binary(max_size=200), st.booleans())
def test_a_damaged_file_is_refused_and_nothing_else_happens(noise: bytes, after: bool) -> None:
    octets = recorded(session()) + noise if after else noise
    with suppress(CaptureError):
        list(PacketReader().feed(octets))


@pytest.mark.parametrize("order", ["<", ">"])
def test_either_order_of_octets_and_any_resolution_is_read(order: str) -> None:
    def block(kind: int, body: bytes) -> bytes:
        size = pack(f"{order}I", len(body) + 12)
        return pack(f"{order}I", kind) + size + body + size

    options = pack(f"{order}HHB3xHH", 9, 1, 9, 0, 0)
    octets = block(0x0A0D0D0A, pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))
    octets += block(1, pack(f"{order}HHI", 147, 0, 0) + options)
    octets += block(0x0BAD, b"other blocks are passed over")
    octets += block(6, pack(f"{order}IIIII", 0, 0, 5_000_000, 3, 3) + b"abc\0")
    assert list(PacketReader().feed(octets)) == [Packet(5_000, 147, Way.UNKNOWN, b"abc")]
