"""What a returned handset's flash still holds."""

from __future__ import annotations

import pytest
from tests.simulator.handset.conftest import CALL_NUMBER, MakePhone, Phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import FACTORY, FIXTURE, TECHNICIAN, UNCLAIMED

from tocsin_host import wire
from tocsin_host.wire import (
    TransferKind,
)
from tocsin_sim.vm.flash import read_flash

from .asking import (
    FILE,
    MS,
    NOBODY,
    entry,
    host_of,
    opened,
    send_chunks,
)


def erased(phone: Phone, limit_s: float = 60) -> HostOnLine:
    """Wait until flash is cleared; a host as factory of an unclaimed handset."""
    for _ in range(round(limit_s)):
        host = host_of(phone, UNCLAIMED)
        status = host.ask(wire.StatusGet())
        assert isinstance(status, wire.Status)
        if not status.is_erasing:
            return host
        host.fall_silent()
        phone.run(1)
    raise AssertionError("never cleared")


def used(phone: Phone) -> list[bytes]:
    """Have the handset hold something of each kind; what of it must not be found any more."""
    host = host_of(phone, FACTORY)
    for hold_ms in (700, 800, 900):
        change = [entry("hold_ms", hold_ms), entry("text_number", NOBODY)]
        change.append(entry("report_key", FILE[hold_ms : hold_ms + 32]))
        assert isinstance(host.ask(wire.ConfigSet(change)), wire.ConfigApplied)
    phone.press()
    phone.run(5)
    activation = phone.stored("/activation")
    host.connect()
    host.open(TECHNICIAN)
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    host.ask(wire.ActivationCancel(state.activation))
    phone.run(20)
    send_chunks(host, opened(host, FILE, TransferKind.DIAGNOSTIC), len(FILE), FILE)
    assert isinstance(host.ask(wire.TransferEnd()), wire.TransferDone)
    journal = phone.stored("/journal.0")
    assert activation
    assert journal
    size = wire.JournalEntry.MAX_BYTES + 4
    records = [journal[at : at + size] for at in range(0, len(journal), size)]
    keys = [TECHNICIAN.key, FACTORY.key, FIXTURE.key, *(FILE[at : at + 32] for at in (700, 900))]
    numbers = [CALL_NUMBER.encode(), NOBODY.encode()]
    return [*keys, *numbers, *records, activation, FILE[9000:9032]]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("cuts_s", [(), (0.4, 1.1, 6.0)])
def test_nothing_of_what_a_wiped_handset_held_is_left_in_its_flash(
    phone: Phone, cuts_s: tuple[float, ...]
) -> None:
    held = used(phone)
    raw = phone.flash_path.read_bytes()
    assert all(each in raw for each in held)
    host = host_of(phone, FACTORY)
    assert host.ask(wire.Wipe(7001)) == wire.Wiped()
    host.fall_silent()
    phone.run(1)
    assert "/erasing" in read_flash(phone.flash_path)
    for cut_s in cuts_s:
        phone.run(cut_s)
        phone.handset.power_cut()
        phone.handset.power_on()
        phone.run(1)
    erased(phone)
    raw = phone.flash_path.read_bytes()
    assert [each for each in held if each in raw] == []
    assert phone.handset.log == ""
    files = read_flash(phone.flash_path)
    assert set(files) <= {"/counter", "/journal.0", "/slots", "/program"}


STILL_ERASING = """
open("/data/erasing", "wb").close()
from board import run
run()
"""


def test_flash_that_is_cleared_delays_no_press(make_phone: MakePhone) -> None:
    alone, clearing = make_phone("from board import run; run()"), make_phone(STILL_ERASING)
    took_us = []
    for phone in (alone, clearing):
        pressed_us = phone.press()
        phone.run(3)
        took_us.append(phone.dialled_us()[0] - pressed_us)
    assert clearing.stored("/erasing") is not None
    assert took_us[1] <= took_us[0] + 20 * MS
