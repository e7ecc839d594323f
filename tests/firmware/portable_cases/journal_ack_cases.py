"""A journal read and acknowledged by a host, the power failing at any flash operation; VM only."""

from portable_cases.failing_flash import PLACE, content, cut_everywhere, empty, mounted
from portable_cases.transfer_cases import Pauses, finish, refused
from tocsin import wire
from tocsin import wire_dialogue as dialogue
from tocsin.storage.journal import Journal
from tocsin.storage.journal_reader import JournalReader

ENTRIES_PER_FILE = 8


def journal_at_boot() -> Journal:
    journal = Journal(PLACE, ENTRIES_PER_FILE)
    journal.open()
    return journal


def reader_of(journal: Journal) -> JournalReader:
    return JournalReader(journal, Pauses())


def append(journal: Journal, count: int) -> None:
    for _ in range(count):
        journal.append(wire.JOURNAL_DIALLED, 0, journal.next_sequence, 0, 0)


def sequences(journal: Journal, from_sequence: int = 0, limit: int = 99) -> "list[int]":
    found = finish(reader_of(journal).read(from_sequence, limit))
    assert all(entry.sequence == entry.value for entry in found)
    return [entry.sequence for entry in found]


def entries_are_read_from_any_number_across_both_files() -> None:
    mounted(empty())
    journal = journal_at_boot()
    assert (sequences(journal), finish(reader_of(journal).oldest())) == ([], 1)
    append(journal, 21)
    held = list(range(9, 22))
    assert finish(reader_of(journal).oldest()) == 9
    for start in range(24):
        expected = [sequence for sequence in held if sequence >= start]
        assert sequences(journal, start) == expected, start
        assert sequences(journal, start, 5) == expected[:5], start


def a_torn_entry_is_a_gap_at_most() -> None:
    mounted(empty())
    append(journal_at_boot(), 5)
    with open(PLACE + "/journal.0", "ab") as file:  # noqa: PTH123 - no port has pathlib
        file.write(b"torn")
    journal = journal_at_boot()
    append(journal, 4)
    assert sequences(journal) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert sequences(journal, 6) == [6, 7, 8, 9]


def acknowledged_is_kept_and_never_taken_back() -> None:
    mounted(empty())
    journal = journal_at_boot()
    append(journal, 12)
    reader = reader_of(journal)
    assert reader.acknowledged() == 0
    assert finish(reader.acknowledge(5)) == 5
    assert sequences(journal)[0] == 1, "the older file holds more"
    assert finish(reader.acknowledge(3)) == 5
    assert refused(reader.acknowledge(13)) == (dialogue.FAILURE_OUT_OF_RANGE, "the last is 12")
    assert finish(reader_of(journal_at_boot()).acknowledge(8)) == 8
    journal = journal_at_boot()
    assert sequences(journal) == [9, 10, 11, 12], "the older file was all acknowledged"
    assert reader_of(journal).acknowledged() == 8
    append(journal, 5)
    assert sequences(journal) == [9, 10, 11, 12, 13, 14, 15, 16, 17]


def what_was_never_acknowledged_goes_only_when_the_ring_is_full() -> None:
    mounted(empty())
    journal = journal_at_boot()
    append(journal, 2 * ENTRIES_PER_FILE)
    assert finish(reader_of(journal).acknowledge(7)) == 7
    assert sequences(journal_at_boot()) == list(range(1, 17))


def what_is_noted_during_an_acknowledgement_stays() -> None:
    for turn in range(1, 4):
        mounted(empty())
        journal = journal_at_boot()
        append(journal, 2 * ENTRIES_PER_FILE)

        class Noting(Pauses):
            async def __call__(self) -> None:
                await super().__call__()
                if self.count == turn:  # noqa: B023 - called in this round only
                    append(journal, 1)  # noqa: B023 - of this round

        finish(JournalReader(journal, Noting()).acknowledge(ENTRIES_PER_FILE))
        held = sequences(journal_at_boot(), ENTRIES_PER_FILE + 1)
        assert held == list(range(ENTRIES_PER_FILE + 1, journal.next_sequence)), turn


class Told:
    """Up to where the host was told that its acknowledgement counts."""

    def __init__(self) -> None:
        self.through = 0


def acknowledge_all_the_time(told: Told) -> None:
    for _ in range(4):
        journal = journal_at_boot()
        append(journal, 5)
        told.through = finish(reader_of(journal).acknowledge(journal.next_sequence - 2))


def nothing_unacknowledged_is_lost(told: Told) -> None:
    journal = journal_at_boot()
    acknowledged = reader_of(journal).acknowledged()
    assert acknowledged >= told.through
    held = sequences(journal, acknowledged + 1)
    assert held == list(range(acknowledged + 1, journal.next_sequence))
    append(journal, 1)
    assert sequences(journal)[-1] == journal.next_sequence - 1
    assert finish(reader_of(journal).acknowledge(acknowledged)) == acknowledged


def run() -> None:
    entries_are_read_from_any_number_across_both_files()
    a_torn_entry_is_a_gap_at_most()
    acknowledged_is_kept_and_never_taken_back()
    what_was_never_acknowledged_goes_only_when_the_ring_is_full()
    what_is_noted_during_an_acknowledgement_stays()
    cut_everywhere(Told, acknowledge_all_the_time, nothing_unacknowledged_is_lost, 50)
    assert content("journal.acknowledged") is not None
