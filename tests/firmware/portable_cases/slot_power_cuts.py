"""An update installed, tried and confirmed while power fails at any flash operation; VM only.

After each cut the recovery is cut as well, at each of its own operations. Whatever happens, one
whole version starts: the new one once it was confirmed, the one before where it was not, which is
what was flashed once the confirmed slot is spoilt.
"""

import asyncio
import os
import sys

import vfs  # type: ignore[import-not-found]

import slots
from portable_cases.failing_flash import PLACE, TORN_BYTES, empty, mounted
from portable_cases.untouched import open_gate
from portable_cases.update_refusals import BOARD, COUNTER, Clock
from tocsin.history import History
from tocsin.refusal import Refusal
from tocsin.storage.activation import OpenActivation
from tocsin.storage.journal import Journal
from tocsin.update.installer import Installer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FLASHED, OLD, NEW = "flashed", "old", "new"
BLOCKS = 64


class Witness:
    """What the handset had done when its supply failed, and which version must start next."""

    def __init__(self, before: str) -> None:
        self.before = before
        self.versions: "tuple[str, ...]" = (before,)
        self.is_confirmed = False


class Count:
    """How many cuts there were."""

    def __init__(self) -> None:
        self.clean = 0
        self.torn = 0
        self.during_recovery = 0


async def no_pause() -> None:
    """Let nobody else run."""


def started() -> slots.Slots:
    """Start as boot.py does, as far as the choice of the slot."""
    for name in ("/slot.a", "/slot.b"):
        if name in sys.path:
            sys.path.remove(name)
            vfs.umount(name)
    loader = slots.Slots(PLACE)
    loader.choose()
    return loader


def version(loader: slots.Slots) -> str:
    """Import what was chosen: the whole of it is there."""
    for name in ("application", "application.part"):
        sys.modules.pop(name, None)
    if loader.running == slots.FLASHED:
        return FLASHED
    from application import part  # type: ignore[import-not-found]

    return str(part.VERSION)


def install(loader: slots.Slots) -> None:
    clock: Any = Clock()
    journal = Journal(PLACE)
    journal.open()
    history = History(journal, clock, clock, open_gate())
    asyncio.run(Installer(lambda: loader, BOARD, PLACE + "/update", history, no_pause).install())
    history.flush()


def work(witness: Witness) -> None:
    """Install the update, start it on trial, confirm it, and start once more."""
    loader = started()
    assert version(loader) == witness.before
    witness.versions = (witness.before, NEW)
    install(loader)
    witness.versions = (NEW, witness.before)  # it may be the trial itself that was cut
    loader.rewrite()
    loader = started()
    assert (version(loader), loader.is_trial) == (NEW, True)
    witness.versions = (witness.before, NEW)
    loader.confirm(COUNTER)
    witness.versions = (NEW,)
    witness.is_confirmed = True
    assert not loader.is_trial
    assert version(started()) == NEW


def revert(witness: Witness) -> None:
    """Install the update, and restart before it has proved itself."""
    before = witness.before
    loader = started()
    witness.versions = (before, NEW)
    install(loader)
    witness.versions = (NEW, before)
    assert started().is_trial
    witness.versions = (before,)
    loader = started()
    assert (version(loader), loader.last, loader.is_news) == (before, slots.UNPROVEN, True)
    loader.told()
    assert not started().is_news


def recovered(witness: Witness) -> None:
    """Start, and on: at the latest the second start settles which version it is."""
    loader = started()
    found = version(loader)
    assert found in witness.versions, (found, witness.versions)
    assert loader.security_counter == COUNTER
    if loader.is_news:
        loader.told()
    if not loader.is_trial:
        assert version(started()) == found
        assert loader.last == slots.CONFIRMED or found == witness.before
        return
    assert found == NEW
    assert not witness.is_confirmed
    loader = started()  # it was not confirmed: back
    assert (version(loader), loader.last) == (witness.before, slots.UNPROVEN)


def cut(data: bytearray, operation: int, torn: int, do: "Any", *arguments: "Any") -> "Any":
    """Do it with a cut at this operation; the flash as it was left, None without a cut."""
    flash = mounted(bytearray(data), operation, torn)
    try:
        do(*arguments)
    except (OSError, Refusal, ImportError, AssertionError):
        if not flash.is_dead:
            raise
    # The loader swallows what flash refuses: the supply is gone all the same.
    return flash.data if flash.is_dead else None


def sweep(data: bytearray, before: str, job: "Any", count: Count) -> None:
    for torn in TORN_BYTES:
        operation = 0
        while True:
            witness = Witness(before)
            left = cut(data, operation, torn, job, witness)
            if left is None:
                break
            if torn:
                count.torn += 1
            else:
                count.clean += 1
            operation += 1
            check_recovery(left, witness, count)


def check_recovery(left: bytearray, witness: Witness, count: Count) -> None:
    mounted(bytearray(left))
    recovered(witness)
    for torn in TORN_BYTES:
        operation = 0
        while True:
            again = cut(left, operation, torn, started)
            if again is None:
                break
            count.during_recovery += 1
            operation += 1
            mounted(again)
            settled(witness)


def settled(witness: Witness) -> None:
    """After two cuts: a whole version starts, and the new one only where it may."""
    loader = started()
    found = version(loader)
    assert found in ((NEW,) if witness.is_confirmed else (witness.before, NEW))
    assert loader.security_counter == COUNTER
    if not witness.is_confirmed and found == NEW:
        assert loader.is_trial or loader.last == slots.CONFIRMED


def handset(old: bytes, new: bytes) -> bytearray:
    """A flash whose first slot holds the old version, confirmed, and where the new one waits."""
    flash = mounted(empty(BLOCKS))
    for name, data in (("slot.a", old), ("update", new), ("update.head", b"head")):
        with open(PLACE + "/" + name, "wb") as file:  # noqa: PTH123 - no port has pathlib
            file.write(data)
    loader = slots.Slots(PLACE)
    loader.running = slots.SLOT_A
    loader.confirm(COUNTER)
    return flash.data


def spoilt(data: bytearray) -> bytearray:
    """Such a flash whose confirmed slot does not start any more."""
    flash = mounted(bytearray(data))
    with open(PLACE + "/slot.a", "wb") as file:  # noqa: PTH123
        file.write(b"rotten")
    return flash.data


def damage_is_survived(data: bytearray) -> None:
    """A slot that was damaged later is passed over, and told of."""
    flash = mounted(spoilt(data))
    loader = started()
    assert (loader.running, loader.last, loader.is_news) == (slots.FLASHED, slots.DAMAGED, True)
    mounted(bytearray(flash.data))
    loader = started()
    loader.told()
    loader = started()
    assert (loader.running, loader.is_news) == (slots.FLASHED, False)
    install(loader)
    loader = started()
    assert (version(loader), loader.is_trial) == (NEW, True)


def damaged_update_is_given_up(data: bytearray) -> None:
    mounted(bytearray(data))
    install(started())
    with open(PLACE + "/slot.b", "ab") as file:  # noqa: PTH123
        file.write(b"rotten")
    loader = started()
    assert (version(loader), loader.last, loader.is_trial) == (OLD, slots.DAMAGED, False)


def an_alarm_goes_on_in_what_has_proved_itself(data: bytearray) -> None:
    mounted(bytearray(data))
    install(started())
    record = OpenActivation(PLACE + "/activation")
    record.mark(5, 1, 0)
    for _ in range(2):
        loader = started()
        assert (version(loader), loader.is_trial, loader.is_waiting) == (OLD, False, True)
    record.clear()
    loader = started()
    assert (version(loader), loader.is_trial, loader.is_waiting) == (NEW, True, False)
    record.mark(6, 1, 0)
    loader = started()
    assert (version(loader), loader.last, loader.is_waiting) == (OLD, slots.UNPROVEN, False)


def without_a_record_there_is_no_trial(data: bytearray) -> None:
    """What cannot be noted as started is not: it could be started for ever."""
    mounted(bytearray(data))
    install(started())
    os.mkdir(PLACE + "/slots.new")  # noqa: PTH102
    loader = started()
    assert (version(loader), loader.is_trial) == (OLD, False)


def run(old_path: str, new_path: str) -> None:
    with open(old_path, "rb") as file:  # noqa: PTH123
        old = file.read()
    with open(new_path, "rb") as file:  # noqa: PTH123
        new = file.read()
    data = handset(old, new)
    damage_is_survived(data)
    damaged_update_is_given_up(data)
    an_alarm_goes_on_in_what_has_proved_itself(data)
    without_a_record_there_is_no_trial(data)
    for name, before, job in (
        ("update and slot switch", OLD, work),
        ("update and way back", OLD, revert),
        ("update of a spoilt slot", FLASHED, work),
    ):
        count = Count()
        sweep(data if before == OLD else spoilt(data), before, job, count)
        cuts = (name, count.clean, count.torn, count.during_recovery)
        print("%s: %d clean, %d torn, %d in recovery" % cuts)
