"""A press goes before everything a host has the handset do."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable

import pytest

from tocsin_host import wire
from tocsin_sim.kernel import Direction
from tocsin_sim.vm.shim import kinds

from .conftest import FACTS, MakePhone, Phone
from .host_on_line import HostOnLine
from .test_session import KEYS, TECHNICIAN, on

HOLD_S = 1.5
SLACK_US = 1_000
CHUNK_BYTES = 480

Work = Callable[[Phone, HostOnLine], object]


def nothing(phone: Phone, host: HostOnLine) -> None:
    """Leave the line alone."""


def handshakes(phone: Phone, host: HostOnLine) -> None:
    """Shake hands again and again."""
    while not phone.dialled_us():
        host.connect()
        host.open(TECHNICIAN)


def long_messages(phone: Phone, host: HostOnLine) -> None:
    """Send one message after the other, as long as they may be."""
    host.open(TECHNICIAN)
    while not phone.dialled_us():
        for _ in range(4):
            host.send_plain(bytes((0x3F, 0)) + bytes(490))
        phone.run(0.2)


def uploads(host: HostOnLine) -> Callable[[], object]:
    """Begin to send a large file; the next part of it."""
    data = bytes(100_000)
    sha256 = hashlib.sha256(data).digest()
    ready = host.ask(wire.TransferOpen(wire.TransferKind.UPDATE, len(data), sha256))
    assert isinstance(ready, wire.TransferReady)
    offsets = itertools.count(0, CHUNK_BYTES)

    def chunk() -> None:
        host.run(host.channel.has_room)
        offset = next(offsets)
        host.send(wire.TransferChunk(offset, data[offset : offset + CHUNK_BYTES]))

    return chunk


def reads_the_journal(host: HostOnLine) -> Callable[[], object]:
    """Have something to read; all of it, asked for four times at once."""
    entry = wire.ConfigEntry(wire.CONFIG["hold_ms"].key, wire.CONFIG["hold_ms"].encode(1000))
    for _ in range(20):
        assert isinstance(host.ask(wire.ConfigSet([entry])), wire.ConfigApplied)

    def read() -> None:
        for number in [host.send(wire.JournalGet(0)) for _ in range(4)]:
            assert isinstance(host.reply_to(number), wire.JournalEntries)

    return read


class Watch:
    """Counts the steps of tasks from the motor's last start to the dial command's end."""

    def __init__(self, phone: Phone) -> None:
        self.turns = 0
        self.is_counting = False
        phone.handset.on_slice(self._step)
        phone.handset.trace.listen(self._hear)

    def _step(self, t_us: int, cpu_ns: int) -> None:
        self.turns += self.is_counting

    def _hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        if direction is Direction.TO_HANDSET:
            return
        if (kind, port, data) == (kinds.PIN, FACTS.HAPTIC_PIN, b"\x01"):
            self.is_counting, self.turns = True, 0
        elif (kind, port) == (kinds.UART, FACTS.MODEM_UART) and data.startswith(b"ATD"):
            self.is_counting = False


def pressed(make_phone: MakePhone, work: Work, after_s: float) -> tuple[int, int]:
    """Press meanwhile; the time to the dial, and the steps of other tasks from the motor on."""
    phone = make_phone(config=dict(KEYS), every_turn=True)
    host = on(phone)
    watch = Watch(phone)
    pressed_us = phone.press(HOLD_S, after_s)
    work(phone, host)
    phone.run(4)
    assert phone.handset.log == ""
    return phone.dialled_us()[0] - pressed_us, watch.turns


@pytest.mark.parametrize("work", [handshakes, long_messages])
@pytest.mark.parametrize("after_s", [0.01, 0.02, 0.1])
def test_a_press_dials_as_soon_as_without_a_host(
    make_phone: MakePhone, work: Work, after_s: float
) -> None:
    alone_us, _ = pressed(make_phone, nothing, after_s)
    served_us, turns = pressed(make_phone, work, after_s)
    assert served_us <= alone_us + SLACK_US
    assert turns == 0


@pytest.mark.parametrize("begin", [uploads, reads_the_journal])
@pytest.mark.parametrize("after_s", [0.0, 0.013, 0.047])
def test_a_press_dials_as_soon_in_the_middle_of_bulk(
    make_phone: MakePhone, begin: Callable[[HostOnLine], Callable[[], object]], after_s: float
) -> None:
    alone_us, _ = pressed(make_phone, nothing, after_s)
    phone = make_phone(config=dict(KEYS), every_turn=True)
    host = on(phone)
    host.open(TECHNICIAN)
    step = begin(host)
    until_us = phone.kernel.now_us + 300_000
    while phone.kernel.now_us < until_us:
        step()
    watch = Watch(phone)
    pressed_us = phone.press(HOLD_S, after_s)
    while not phone.dialled_us():
        step()
    assert phone.dialled_us()[0] - pressed_us <= alone_us + SLACK_US
    assert watch.turns == 0
    assert phone.handset.log == ""


def test_what_a_press_holds_up_goes_on_after_it(make_phone: MakePhone) -> None:
    phone = make_phone(config=dict(KEYS))
    host = on(phone)
    phone.press(HOLD_S, 0.01)
    host.open(TECHNICIAN)
    assert phone.dialled_us()
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)
