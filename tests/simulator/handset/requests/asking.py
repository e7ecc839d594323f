"""A host's questions to a handset, as tests of several areas ask them."""

from __future__ import annotations

import hashlib
import random

from tests.simulator.handset.conftest import Phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import TECHNICIAN, on

from tocsin_host import wire
from tocsin_host.session import Credential
from tocsin_host.wire import (
    CONFIG,
    TransferKind,
)
from tocsin_sim.vm.flash import BLOCK_BYTES, BLOCK_COUNT

S = 1_000_000
MS = 1_000
CHUNK_BYTES = 480
FLASH_BYTES = BLOCK_BYTES * BLOCK_COUNT
NOBODY = "+447700900009"
FILE = random.Random(3).randbytes(20_000)


def entry(name: str, value: bool | int | str | bytes) -> wire.ConfigEntry:
    return wire.ConfigEntry(CONFIG[name].key, CONFIG[name].encode(value))


def host_of(phone: Phone, credential: Credential = TECHNICIAN) -> HostOnLine:
    host = on(phone)
    host.open(credential)
    return host


def power_cycle(phone: Phone, host: HostOnLine, credential: Credential = TECHNICIAN) -> None:
    """Cut the power, start again, open a session."""
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(3)
    host.connect()
    host.open(credential)


def opened(host: HostOnLine, data: bytes = FILE, kind: TransferKind = TransferKind.UPDATE) -> int:
    reply = host.ask(wire.TransferOpen(kind, len(data), hashlib.sha256(data).digest()))
    assert isinstance(reply, wire.TransferReady), reply
    assert reply.chunk_bytes == CHUNK_BYTES
    return reply.offset


def send_chunks(host: HostOnLine, start: int, stop: int = len(FILE), data: bytes = FILE) -> None:
    """Send as fast as the channel takes it."""
    for offset in range(start, min(stop, len(data)), CHUNK_BYTES):
        host.run(lambda: host.channel.is_idle)
        host.send(wire.TransferChunk(offset, data[offset : offset + CHUNK_BYTES]))


def done(data: bytes = FILE) -> wire.TransferDone:
    return wire.TransferDone(hashlib.sha256(data).digest())
