"""gpsd itself, fed the same stream, sees the same fixes at the same times."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from portable_cases.still_clock import StillClock

from tocsin.lines import Lines
from tocsin.location.fix import Fix
from tocsin.location.nmea import NmeaParser

GPSD = shutil.which("gpsd") or shutil.which("gpsd", path="/usr/sbin")
pytestmark = pytest.mark.skipif(GPSD is None, reason="needs gpsd (Debian package gpsd)")

Seen = tuple[datetime, float, float]
_START = datetime.now(UTC).replace(microsecond=0)  # gpsd takes no year far from its own
_EPOCHS = 12
_LOST = range(5, 8)
_WAIT_S = 20.0
_SILENCE_S = 6


def checked(body: str) -> str:
    checksum = 0
    for byte in body.encode():
        checksum ^= byte
    return f"${body}*{checksum:02X}\r\n"


def angle(deg: float, digits: int, letters: str) -> str:
    minutes = round(abs(deg) * 60, 6)
    whole, rest = divmod(minutes, 60)
    return f"{int(whole):0{digits}d}{rest:09.6f},{letters[deg < 0]}"


def epochs(south: bool) -> list[bytes]:
    """A drive with the fix lost in between, one epoch a second."""
    made = []
    for second in range(_EPOCHS):
        utc = _START + timedelta(seconds=second)
        lat, lon = (-1 if south else 1) * (51.5 + second * 1e-4), -0.12 + second * 0.02
        place = f"{angle(lat, 2, 'NS')},{angle(lon, 3, 'EW')}"
        clock, date = f"{utc:%H%M%S}.00", f"{utc:%d%m%y}"
        if second in _LOST:
            made.append(
                checked(f"GNRMC,{clock},V,,,,,,,{date},,,N")
                + checked(f"GNGGA,{clock},,,,,0,00,99.99,,,,,,")
                + checked("GNGSA,A,1,,,,,,,,,,,,,99.99,99.99,99.99")
            )
        else:
            made.append(
                checked(f"GNRMC,{clock},A,{place},0.5,10.0,{date},,,A")
                + checked(f"GNGGA,{clock},{place},1,09,0.9,45.0,M,47.0,M,,")
                + checked("GNGSA,A,3,01,02,03,04,05,06,07,08,09,,,,1.6,0.9,1.3")
            )
    return [each.encode() for each in made]


@contextmanager
def serving(stream: list[bytes], is_watched: threading.Event) -> Iterator[int]:
    """A receiver on a TCP port: an epoch each 100 ms once somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def send() -> None:
            connection, _ = server.accept()
            with connection:
                is_watched.wait(_WAIT_S)
                for epoch in stream:
                    connection.sendall(epoch)
                    time.sleep(0.1)
                time.sleep(1)

        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(_WAIT_S)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def gpsd_reports(stream: list[bytes]) -> list[dict[str, object]]:
    """What gpsd reports of the stream, its TPV objects."""
    assert GPSD is not None
    port = free_port()
    is_watched = threading.Event()
    with serving(stream, is_watched) as source:
        command = [GPSD, "-N", "-n", "-S", str(port), f"tcp://127.0.0.1:{source}"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                return [each for each in watched(port, is_watched) if each["class"] == "TPV"]
            finally:
                process.terminate()


def watched(port: int, is_watched: threading.Event) -> Iterator[dict[str, object]]:
    end_s = time.monotonic() + _WAIT_S
    with connected(port, end_s) as connection, connection.makefile("rb") as lines:
        connection.sendall(b'?WATCH={"enable":true,"json":true};\n')
        connection.settimeout(_SILENCE_S)
        try:
            for line in lines:
                report = json.loads(line)
                if report["class"] == "WATCH":
                    is_watched.set()
                yield report
        except TimeoutError:
            return


def connected(port: int, end_s: float) -> socket.socket:
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=3)
        except OSError:
            assert time.monotonic() < end_s, "gpsd does not listen"
            time.sleep(0.05)


def ours(stream: list[bytes]) -> list[Seen]:
    """The firmware's fixes of the stream."""
    fix = Fix()
    parser = NmeaParser(fix, StillClock())
    seen: list[Seen] = []

    def on_line(buf: bytearray, start: int, end: int) -> None:
        if parser.feed_line(buf, start, end):
            utc = datetime(
                fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second, tzinfo=UTC
            )
            seen.append((utc, fix.lat_deg_e7 / 1e7, fix.lon_deg_e7 / 1e7))

    lines = Lines(128, on_line)
    for epoch in stream:
        lines.feed(bytearray(epoch), len(epoch))
    return seen


@pytest.mark.parametrize("south", [False, True])
def test_gpsd_agrees_with_the_firmwares_fix_on_the_same_stream(south: bool) -> None:
    stream = epochs(south)
    reports = gpsd_reports(stream)
    fixes = {
        (datetime.fromisoformat(str(each["time"])), each["lat"], each["lon"])
        for each in reports
        if each.get("mode") in {2, 3} and "time" in each and "lat" in each
    }
    seen = ours(stream)
    assert len(seen) == _EPOCHS - len(_LOST)
    # gpsd waits for the end of a cycle: the first and the last may be missing.
    agreed = [
        (utc, lat, lon) for utc, lat, lon in seen
        if any(
            utc == told and lat == pytest.approx(their_lat, abs=2e-7)
            and lon == pytest.approx(their_lon, abs=2e-7)
            for told, their_lat, their_lon in fixes
        )
    ]  # fmt: skip
    assert len(agreed) >= len(seen) - 2
    lost = {_START + timedelta(seconds=second) for second in _LOST}
    assert not lost & {utc for utc, _, _ in fixes}
    assert not lost & {utc for utc, _, _ in seen}
