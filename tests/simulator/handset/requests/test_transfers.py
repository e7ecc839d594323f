"""Files into a handset's flash, in a session with the real firmware."""

from __future__ import annotations

import random

from tests.simulator.handset.conftest import FACTS, Phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import code_of

from tocsin_host import wire
from tocsin_host.wire import (
    FailureCode,
    TransferKind,
)

from .asking import (
    CHUNK_BYTES,
    FILE,
    FLASH_BYTES,
    MS,
    S,
    done,
    opened,
    power_cycle,
    send_chunks,
)


def test_a_file_arrives_whole_through_other_questions(phone: Phone, host: HostOnLine) -> None:
    assert opened(host) == 0
    send_chunks(host, 0, 9_600)
    assert isinstance(host.ask(wire.StatusGet()), wire.Status)
    assert isinstance(host.ask(wire.JournalGet(0)), wire.JournalEntries)
    assert isinstance(host.ask(wire.ConfigDiffGet(0)), wire.ConfigDiff)
    assert host.ask(wire.TransferEnd()) == wire.TransferWanted(9_600)
    send_chunks(host, 9_600)
    assert host.ask(wire.TransferEnd()) == done()
    assert phone.stored("/update") == FILE
    assert opened(host) == len(FILE), "it is there"
    assert host.ask(wire.TransferEnd()) == done()


def test_a_transfer_fills_the_line_though_flash_takes_its_time(
    phone: Phone, host: HostOnLine
) -> None:
    data = random.Random(4).randbytes(60_000)
    assert opened(host, data) == 0
    host.channel.set_windows(8, 4)
    began_us = phone.kernel.now_us
    for offset in range(0, len(data), CHUNK_BYTES):
        host.run(host.channel.has_room)
        host.send(wire.TransferChunk(offset, data[offset : offset + CHUNK_BYTES]))
    host.run(host.channel.has_room)
    assert host.ask(wire.TransferEnd()) == done(data)
    line_us = len(data) * 10 * S // FACTS.LINK_BAUD
    assert line_us / (phone.kernel.now_us - began_us) > 0.9
    assert phone.handset.stats.overrun_bytes == 0
    assert phone.stored("/update") == data


def test_a_transfer_goes_on_after_a_power_cut(phone: Phone, host: HostOnLine) -> None:
    opened(host)
    send_chunks(host, 0, 12_000)
    power_cycle(phone, host)
    kept = opened(host)
    assert 12_000 - 4_800 < kept <= 12_000
    send_chunks(host, kept)
    assert host.ask(wire.TransferEnd()) == done()
    assert phone.stored("/update") == FILE


def test_a_transfer_gives_way_to_an_alarm_and_goes_on_after_it(
    phone: Phone, host: HostOnLine
) -> None:
    opened(host)
    pressed_us = phone.press()
    send_chunks(host, 0)
    assert 1.0 * S < phone.dialled_us()[0] - pressed_us < 1.0 * S + 100 * MS
    assert code_of(host.ask(wire.TransferEnd())) == FailureCode.BUSY
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    host.ask(wire.ActivationCancel(state.activation))
    phone.run(5)
    kept = opened(host)
    assert kept < len(FILE)
    send_chunks(host, kept)
    assert host.ask(wire.TransferEnd()) == done()


def test_what_cannot_be_kept_is_refused_by_its_cause(phone: Phone, host: HostOnLine) -> None:
    large = wire.TransferOpen(TransferKind.AIDING, FLASH_BYTES - 40_000, bytes(32))
    assert code_of(host.ask(large)) == FailureCode.NO_SPACE
    assert code_of(host.ask(wire.TransferEnd())) == FailureCode.NOT_OPEN
    assert code_of(host.ask(wire.TransferChunk(0, b"x"))) == FailureCode.NOT_OPEN
    wrong = wire.TransferOpen(TransferKind.AIDING, 3, bytes(32))
    assert isinstance(host.ask(wrong), wire.TransferReady)
    host.send(wire.TransferChunk(0, b"abc"))
    assert code_of(host.ask(wire.TransferEnd())) == FailureCode.WRONG_HASH
    assert isinstance(host.ask(wrong), wire.TransferReady)
    assert code_of(host.ask(wire.TransferChunk(1, b"abc"))) == FailureCode.OUT_OF_RANGE
    assert code_of(host.ask(wire.TransferEnd())) == FailureCode.OUT_OF_RANGE
    assert phone.stored("/aiding") is None


def test_a_transfer_given_up_leaves_nothing(phone: Phone, host: HostOnLine) -> None:
    opened(host)
    send_chunks(host, 0, 9_600)
    host.send(wire.TransferAbort())
    assert code_of(host.ask(wire.TransferEnd())) == FailureCode.NOT_OPEN
    assert phone.stored("/update.part") is None
    assert opened(host) == 0
