"""Storage on littlefs when the power fails at any flash operation, torn writes included.

Runs on the VM only: it mounts VfsLfs2 on a flash in RAM.
"""

from portable_cases.failing_flash import cut_everywhere
from tocsin import wire
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.config_editor import ConfigEditor
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal

HOLD_MS = 8
FACTORY = 2
ROUNDS = 3


class Witness:
    """What the handset had been told was stored when its supply failed."""

    def __init__(self) -> None:
        self.taken: "list[int]" = []
        self.noted = 0
        self.hold_ms = 1000
        self.next_hold_ms = 1000
        self.marked = 0
        self.next_marked = 0


def work(witness: Witness) -> None:
    """Boot and use every kind of storage, three times over."""
    for step in range(1, ROUNDS + 1):
        config, lease, journal, record = booted()
        witness.next_hold_ms = 600 + step
        ConfigEditor(config).apply([(HOLD_MS, (600 + step).to_bytes(4, "little"))], FACTORY)
        witness.hold_ms = 600 + step
        for _ in range(3):
            witness.taken.append(lease.take())
            lease.renew_if_low()
            journal.append(wire.JOURNAL_DIALLED, 0, witness.noted + 1, 0, 0)
            witness.noted += 1
        witness.next_marked = step
        record.mark(step, step, 0)
        witness.marked = step


def booted() -> "tuple[Config, CounterLease, Journal, OpenActivation]":
    config = Config("/cut")
    config.load()
    lease = CounterLease("/cut/counter", 4)
    lease.open()
    journal = Journal("/cut", 4)
    journal.open()
    record = OpenActivation("/cut/activation")
    record.load()
    return config, lease, journal, record


def check(witness: Witness) -> None:
    """After the next boot everything told to be stored is there, and nothing half done."""
    config, lease, journal, record = booted()
    assert config.get("hold_ms") in (witness.hold_ms, witness.next_hold_ms)
    assert lease.take() > max(witness.taken or [0])
    noted = [entry.value for entry in journal.entries()]
    assert noted in (
        expected_values(witness.noted),
        expected_values(witness.noted + 1),
        expected_values(witness.noted)[4:],  # the older file was emptied for an entry then lost
    )
    journal.append(wire.JOURNAL_BOOT, 0, -1, 0, 0)
    assert [entry.value for entry in journal.entries()][-1] == -1
    assert record.activation in (witness.marked, witness.next_marked)
    assert record.is_open == (record.activation != 0)


def expected_values(noted: int) -> "list[int]":
    held = noted if noted <= 8 else 5 + (noted - 1) % 4
    return list(range(noted - held + 1, noted + 1))


def run() -> None:
    cut_everywhere(Witness, work, check, at_least=50)
