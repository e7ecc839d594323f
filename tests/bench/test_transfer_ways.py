"""What the benchmark of transfers stands on: a line that takes its time, and ways to use it."""

import os
import time
from pathlib import Path

import pytest
from tests.bench.transfer import ways
from tests.bench.transfer.ways import Line

MESSAGE = bytes(range(1, 251)) * 10


def carried_s(line: Line) -> float:
    """How long a message takes from one end to the other and, whole, is read there."""
    client = os.open(line.client, os.O_WRONLY | os.O_NOCTTY)
    device = os.open(line.device, os.O_RDONLY | os.O_NOCTTY)
    try:
        started_s = time.monotonic()
        os.write(client, MESSAGE)
        received = b""
        while len(received) < len(MESSAGE):
            received += os.read(device, len(MESSAGE))
        assert received == MESSAGE
        return time.monotonic() - started_s
    finally:
        os.close(client)
        os.close(device)


def test_line_takes_no_less_than_half_a_round_trip_one_way() -> None:
    with ways.line(400) as line:
        assert carried_s(line) >= 0.2


def test_line_carries_no_faster_than_its_pace() -> None:
    with ways.line(0, 115_200) as line:
        assert carried_s(line) >= len(MESSAGE) * 10 / 115_200


def test_firmware_takes_a_file_over_the_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(os.urandom(5000))
    with ways.line(0) as line:
        sending = ways.our_sending(line, file)
    assert 0 <= sending.device_cpu_s < sending.transfer_s


@pytest.mark.parametrize("buffer_bytes", [384, 4096])
def test_smp_server_takes_a_file_from_smpclient(tmp_path: Path, buffer_bytes: int) -> None:
    pytest.importorskip("smpclient")
    file = tmp_path / "file"
    file.write_bytes(os.urandom(9000))
    with ways.line(0) as line:
        assert ways.smpclient_s(line, file, buffer_bytes) > 0
