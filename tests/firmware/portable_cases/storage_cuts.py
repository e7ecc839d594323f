"""Each thing a handset stores, the power failing at any flash operation of it, and once more while
the handset starts again; VM only. Says how many cuts there were.
"""

from portable_cases.failing_flash import PLACE, empty, mounted, sweep
from portable_cases.transfer_cases import Pauses, finish
from tocsin import wire
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.config_editor import ConfigEditor
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal
from tocsin.storage.journal_reader import JournalReader

IDENTITY, HOLD_MS = 2, 8
FACTORY = 2
BLOCK = 4
PER_FILE = 4


def start() -> "tuple[Config, CounterLease, Journal, OpenActivation]":
    """Open all storage as a handset does when it starts."""
    config = Config(PLACE)
    config.load()
    record = OpenActivation(PLACE + "/activation")
    record.load()
    lease = CounterLease(PLACE + "/counter", BLOCK)
    lease.open()
    journal = Journal(PLACE, PER_FILE)
    journal.open()
    return config, lease, journal, record


def u32(value: int) -> bytes:
    return value.to_bytes(4, "little")


class Settings:
    """Two settings change together: both old or both new, and new once that was told."""

    def __init__(self) -> None:
        self.allowed = [(7001, 600), (7002, 700)]

    def prepare(self) -> None:
        start()
        self.apply(7001, 600)

    def apply(self, identity: int, hold_ms: int) -> None:
        config = Config(PLACE)
        config.load()
        ConfigEditor(config).apply([(IDENTITY, u32(identity)), (HOLD_MS, u32(hold_ms))], FACTORY)

    def work(self) -> None:
        self.apply(7002, 700)
        self.allowed = self.allowed[1:]

    def check(self) -> None:
        config = start()[0]
        assert (config.get("identity"), config.get("hold_ms")) in self.allowed
        assert not config.is_damaged


class Entries:
    """What the journal took is there; of what it was taking, at most a gap."""

    held = 2  # before the work
    count = 2

    def __init__(self) -> None:
        self.noted = self.held

    def prepare(self) -> None:
        self.append(start()[2], self.held)

    def append(self, journal: Journal, count: int) -> None:
        for _ in range(count):
            journal.append(wire.JOURNAL_DIALLED, 0, journal.next_sequence, 0, 0)

    def work(self) -> None:
        journal = start()[2]
        for _ in range(self.count):
            self.append(journal, 1)
            self.noted += 1

    def check(self) -> None:
        journal = start()[2]
        found = [entry.sequence for entry in journal.entries()]
        kept = (
            self.noted if self.noted <= 2 * PER_FILE else 1 + PER_FILE + (self.noted - 1) % PER_FILE
        )
        # The older file may have been emptied for the entry that was then lost.
        least = kept - PER_FILE if self.noted % PER_FILE == 0 and self.noted > PER_FILE else kept
        assert found in [
            list(range(last - many + 1, last + 1))
            for last, many in (
                (self.noted, kept),
                (self.noted, least),
                (self.noted + 1, least + 1),
                (self.noted + 1, kept + 1),
            )
        ], (self.noted, found)
        self.append(journal, 1)
        assert [entry.sequence for entry in journal.entries()][-1] == journal.next_sequence - 1


class Rotation(Entries):
    """Both files are full: the older one is emptied for the next entry."""

    held = 2 * PER_FILE
    count = 2


class Acknowledgement:
    """What a host was told counts is never taken back, and all it does not have is there."""

    def __init__(self) -> None:
        self.through = 0

    def prepare(self) -> None:
        journal = start()[2]
        for _ in range(PER_FILE + 2):
            journal.append(wire.JOURNAL_DIALLED, 0, journal.next_sequence, 0, 0)

    def work(self) -> None:
        journal = start()[2]
        self.through = finish(JournalReader(journal, Pauses()).acknowledge(PER_FILE + 1))

    def check(self) -> None:
        journal = start()[2]
        reader = JournalReader(journal, Pauses())
        assert reader.acknowledged() >= self.through
        found = [entry.sequence for entry in finish(reader.read(reader.acknowledged() + 1, 99))]
        assert found == list(range(reader.acknowledged() + 1, PER_FILE + 3))


class Alarm:
    """An alarm told to be open goes on; one told to be closed does not."""

    def __init__(self) -> None:
        self.allowed = [(False, 0), (True, 5)]

    def prepare(self) -> None:
        start()

    def work(self) -> None:
        record = start()[3]
        record.mark(5, 1, 0)
        self.allowed = [(True, 5)]
        record.mark(5, 2, 5_000)
        self.allowed = [(True, 5), (False, 5)]
        record.clear()
        self.allowed = [(False, 5)]

    def check(self) -> None:
        record = start()[3]
        assert (record.is_open, record.activation) in self.allowed, self.allowed


class Numbers:
    """No number is given twice."""

    def __init__(self) -> None:
        self.given = 0

    def prepare(self) -> None:
        start()

    def work(self) -> None:
        lease = start()[1]
        for _ in range(2 * BLOCK):
            self.given = lease.take()
            lease.renew_if_low()

    def check(self) -> None:
        assert start()[1].take() > self.given


COURSES = (
    ("config apply", Settings),
    ("journal append", Entries),
    ("journal rotation", Rotation),
    ("journal acknowledgement", Acknowledgement),
    ("activation record", Alarm),
    ("counter", Numbers),
)


def run() -> None:
    for name, course in COURSES:
        flash = mounted(empty())
        course().prepare()
        cuts = sweep(course, start, flash.data)
        print("%s: %d clean, %d torn, %d in recovery" % (name, cuts[0], cuts[1], cuts[2]))
