"""What a handset is in the middle of when somebody presses."""

from __future__ import annotations

import hashlib
import itertools
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, reduce
from operator import xor

from tests.simulator.handset.conftest import Phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import TECHNICIAN

from tocsin_host import wire
from tocsin_host.channel import ChannelClosedError
from tocsin_host.update.image import Image
from tocsin_host.update.signing import DEVELOPMENT_KEY, read_private_key, sign

CHUNK_BYTES = 480
FILE_BYTES = 200_000
_UNKNOWN_ID = 0x3F
_LONG_BYTES = 490
_ENTRIES_A_FILE = 128
_PRESS_S = 1.3
_REST_S = 12.0  # until upkeep has swept the heap
_SLOW_S = 1.7
_TOLD_S = 6.0  # until the person has felt all there is to feel
_MESSAGE_S = 30.0
_hold_ms = wire.CONFIG["hold_ms"]
_files = itertools.count(1)

Step = Callable[[], object]
"""Goes on with it for a little while; called again and again from before the press to the dial."""


@dataclass(frozen=True)
class Condition:
    """`begin` returns what goes on with it; `waits` where the modem may keep the dial waiting."""

    begin: Callable[[Phone, HostOnLine], Step]
    waits: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    config: dict[str, bool | int | str | bytes] = field(default_factory=dict)


def at_rest(phone: Phone, host: HostOnLine) -> Step:
    """Have nobody to serve any longer, and wait."""
    host.send(wire.SessionEnd())
    phone.run(_REST_S)
    return lambda: phone.run(0.01)


def in_a_session(phone: Phone, host: HostOnLine) -> Step:
    """Wait for a host that is connected and says nothing."""
    return lambda: phone.run(0.01)


def handshakes(phone: Phone, host: HostOnLine) -> Step:
    """Shake hands again and again."""

    def step() -> None:
        host.connect()
        host.open(TECHNICIAN)

    return step


def long_messages(phone: Phone, host: HostOnLine) -> Step:
    """Decrypt messages as long as they may be."""

    def step() -> None:
        if host.channel.has_room():
            host.send_plain(bytes((_UNKNOWN_ID, 0)) + bytes(_LONG_BYTES))
        phone.run(0.005)

    return step


def a_transfer(phone: Phone, host: HostOnLine) -> Step:
    """Take a large file."""
    data = next(_files).to_bytes(4, "big") * (FILE_BYTES // 4)
    offsets = itertools.count(0, CHUNK_BYTES)
    sha256 = hashlib.sha256(data).digest()
    ready = host.ask(wire.TransferOpen(wire.TransferKind.DIAGNOSTIC, len(data), sha256))
    assert isinstance(ready, wire.TransferReady), ready

    def step() -> None:
        host.run(host.channel.has_room)
        offset = next(offsets) % FILE_BYTES
        host.send(wire.TransferChunk(offset, data[offset : offset + CHUNK_BYTES]))

    return step


@cache
def _update() -> bytes:
    # Its content is not what it should be: it is checked to the end, and stays what it was.
    modules = {"nothing.mpy": bytes(60_000)}
    image = Image.pack(
        modules,
        board="lilygo_t_a7670",
        version="0.2.0",
        minimum_version="0.1.0",
        security_counter=1,
    )
    return sign(image, read_private_key(DEVELOPMENT_KEY)).encode()[:-1] + b"?"


def an_update(phone: Phone, host: HostOnLine) -> Step:
    """Check the signature of an update, and then its content."""
    data = _update()
    sha256 = hashlib.sha256(data).digest()
    ready = host.ask(wire.TransferOpen(wire.TransferKind.UPDATE, len(data), sha256))
    assert isinstance(ready, wire.TransferReady), ready
    for offset in range(ready.offset, len(data), CHUNK_BYTES):
        host.run(host.channel.has_room)
        host.send(wire.TransferChunk(offset, data[offset : offset + CHUNK_BYTES]))
    host.run(host.channel.has_room)
    assert isinstance(host.ask(wire.TransferEnd()), wire.TransferDone)
    host.send(wire.UpdateApply())
    return lambda: phone.run(0.001)


def settings(phone: Phone, host: HostOnLine) -> Step:
    """Store a setting, and note that in the journal."""

    def step() -> None:
        host.ask(wire.ConfigSet([wire.ConfigEntry(_hold_ms.key, _hold_ms.encode(1000))]))

    return step


def journal_files() -> dict[str, bytes]:
    """Return a journal whose files are full: the next entry begins one afresh."""
    files = {}
    for number in range(2):
        records = b""
        for place in range(_ENTRIES_A_FILE):
            sequence = 1 + number * _ENTRIES_A_FILE + place
            body = wire.JournalEntry(sequence, 0, 0, wire.JournalKind.BOOT, 1, 0).encode()
            records += body + struct.pack("<I", zlib.crc32(body))
        files[f"/journal.{number}"] = records
    return files


def acknowledgements(phone: Phone, host: HostOnLine) -> Step:
    """Remember up to where a host has the journal."""

    def step() -> None:
        host.ask(wire.JournalAck(1))

    return step


def positions(phone: Phone, host: HostOnLine) -> Step:
    """Read sentences that follow one another without a pause."""
    bodies = [
        "GPGSV,4,1,16,01,40,083,46,02,17,308,41,12,07,344,39,14,22,228,45",
        "GNGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1,1",
        "GNGGA,120000.00,4807.03800,N,01131.00000,E,1,08,0.9,545.4,M,46.9,M,,",
        "GNRMC,120000.00,A,4807.03800,N,01131.00000,E,0.02,31.66,230326,,,A",
    ]
    burst = b"".join(
        b"$%s*%02X\r\n" % (each.encode(), reduce(xor, each.encode())) for each in bodies * 4
    )

    def step() -> None:
        phone.modem.raw(burst)
        phone.run(len(burst) / 11_520 + 0.02)

    return step


def a_text(phone: Phone, host: HostOnLine) -> Step:
    """Have the network take its time over the text of an alarm whose calls fail, and end that."""
    modem = phone.modem
    modem.message_s = _MESSAGE_S
    modem.fates = ["is_refused"]
    before = len(modem.times_us("AT+CMGS="))
    phone.press(_PRESS_S)
    end_us = phone.kernel.now_us + 60_000_000
    phone.kernel.run_until(end_us, lambda: len(modem.times_us("AT+CMGS=")) > before)
    assert phone.kernel.now_us < end_us, "no text"
    modem.fates = ["rings"]
    call_off(phone, host)
    phone.run(_TOLD_S)
    return lambda: phone.run(0.01)


def a_slow_command(phone: Phone, host: HostOnLine) -> Step:
    """Wait for the modem's answer to another command when the press is qualified."""
    modem = phone.modem

    def late() -> None:
        modem.after(_SLOW_S, modem.say, "OK")

    if "AT+CIMI" not in modem.answers:
        modem.answers["AT+CIMI"] = late
        modem.boots()  # what it said about itself is forgotten, and asked for from now on
    before = len(modem.times_us("AT+CIMI"))
    end_us = phone.kernel.now_us + 60_000_000
    phone.kernel.run_until(end_us, lambda: len(modem.times_us("AT+CIMI")) > before)
    assert phone.kernel.now_us < end_us
    return lambda: phone.run(0.01)


def call_off(phone: Phone, host: HostOnLine) -> None:
    """Have a host cancel what is open."""
    try:
        host.ask(wire.TimeGet())
    except ChannelClosedError:
        host.connect()
        host.open(TECHNICIAN)
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState), state
    if state.is_open:
        host.ask(wire.ActivationCancel(state.activation))


CONDITIONS = {
    "rest": Condition(at_rest),
    "silent session": Condition(in_a_session),
    "handshake": Condition(handshakes),
    "decryption": Condition(long_messages),
    "transfer": Condition(a_transfer),
    "signature check": Condition(an_update),
    "settings": Condition(settings),
    "journal rotation": Condition(settings, files=journal_files()),
    "acknowledgement": Condition(acknowledgements),
    "GNSS burst": Condition(positions),
    "SMS in progress": Condition(a_text, waits=True),
    "slow command": Condition(a_slow_command, waits=True),
}
