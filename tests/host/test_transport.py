from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pty_handset import DeafEnd, PtyHandset

from tocsin_host.errors import (
    DisconnectedError,
    NotFoundError,
    PortBusyError,
    PortPermissionError,
    TransportError,
    UsageError,
)
from tocsin_host.transport import Transport, open_transport
from tocsin_host.transport.address import Address, parse_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.host.conftest import ScriptedHandset

_HOLD = """
import serial, sys
port = serial.Serial(sys.argv[1], exclusive=True)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("serial:/dev/ttyACM0", Address("/dev/ttyACM0", 115_200)),
        ("serial:COM3?baud=9600", Address("COM3", 9600)),
    ],
)
def test_an_address_names_port_and_speed(text: str, expected: Address) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text", ["", "/dev/ttyACM0", "serial:", "ble", "blet:x", "serial:p?baud=x", "serial:p?speed=1"]
)
def test_an_address_that_cannot_be_read_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert "serial:/dev/ttyACM0" in caught.value.hint


def test_a_handset_by_bluetooth_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(UsageError, match="Bluetooth") as caught:
        parse_address("ble:4C:11:AE:00:00:01")
    assert "cable" in caught.value.hint


def test_a_missing_port_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="/dev/no-such-port"):
        open_transport("serial:/dev/no-such-port")


def test_a_busy_port_names_its_owner(handset: ScriptedHandset) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, handset.port], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(PortBusyError, match=rf"process {holder.pid}"):
            open_transport(handset.address)


def test_a_forbidden_port_says_which_group_may_open_it(handset: ScriptedHandset) -> None:
    group = Path(handset.port).group()
    handset.forbid()
    with _as_nobody(), pytest.raises(PortPermissionError) as caught:
        open_transport(handset.address)
    assert f"usermod -aG {group} " in caught.value.hint


def test_a_file_that_is_no_serial_port_is_refused() -> None:
    with pytest.raises(TransportError, match="could not be opened as a serial port"):
        open_transport("serial:/dev/null")


def test_interrupting_wakes_a_blocked_reader(handset: ScriptedHandset) -> None:
    transport = open_transport(handset.address)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(transport.read()))
    reader.start()
    transport.interrupt()
    reader.join(5)
    transport.close()
    assert got == [b""]


class Pulled(DeafEnd):
    """A cable that is pulled at the first octet."""

    def __init__(self, handset: PtyHandset) -> None:
        self._handset = handset

    def feed(self, data: bytes, now_ms: int) -> None:
        self._handset.unplug()


def test_reading_from_a_pulled_cable_says_disconnected() -> None:
    handset = PtyHandset()
    handset.live(Pulled(handset))
    transport = open_transport(handset.address)
    transport.write(b"x")
    with pytest.raises(DisconnectedError, match=handset.port):
        _read_to_end(transport)
    transport.close()
    handset.stop()


def _read_to_end(transport: Transport) -> None:
    while transport.read():
        pass


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Root may open everything, so be somebody else for a moment."""
    is_root = os.getuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
