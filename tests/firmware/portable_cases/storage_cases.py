"""Storage written, found again by new objects, and damaged; `run` takes an empty folder."""

from tocsin import wire, wire_dialogue
from tocsin.refusal import Refusal
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.config_editor import ConfigEditor
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal

FACTORY = 2


def loaded_config(directory: str) -> Config:
    config = Config(directory)
    config.load()
    return config


def config_is_all_or_nothing(directory: str) -> None:
    blank = loaded_config(directory)
    assert blank.get("issued") is False
    assert blank.get("hold_ms") == 1000
    assert blank.get("call_number") == ""
    ConfigEditor(blank).apply(
        [(1, b"\x01"), (3, b"+447700900123"), (8, b"\xf4\x01\x00\x00")], FACTORY
    )
    try:
        ConfigEditor(blank).apply([(8, b"\xf5\x01\x00\x00"), (4, b"999")], FACTORY)
        raise AssertionError("an emergency number was taken")
    except Refusal as error:
        assert error.code == wire_dialogue.FAILURE_OUT_OF_RANGE
    for config in (blank, loaded_config(directory)):
        assert config.get("issued") is True
        assert config.get("call_number") == "+447700900123"
        assert config.get("hold_ms") == 500
        assert ConfigEditor(config).value_bytes(8) == b"\xf4\x01\x00\x00"
        assert ConfigEditor(config).value_bytes(9) == b"\x20\x4e\x00\x00"
        assert not ConfigEditor(config).is_default(8)
        assert ConfigEditor(config).is_default(9)
        assert config.generation == 1


def counter_never_repeats(path: str) -> None:
    taken = []
    for _ in range(3):
        lease = CounterLease(path, 4)
        lease.open()
        for _ in range(6):
            taken.append(lease.take())
            lease.renew_if_low()
    assert len(set(taken)) == len(taken)
    assert taken == sorted(taken)


def journal_keeps_the_latest(directory: str) -> None:
    journal = Journal(directory, 4)
    for _ in range(3):
        journal = Journal(directory, 4)
        journal.open()
        for value in range(3):
            journal.append(wire.JOURNAL_DIALLED, 1, value, 2**30 - 1, 820_000_000)
    sequences = [entry.sequence for entry in journal.entries()]
    assert sequences == [5, 6, 7, 8, 9]


def activation_survives(path: str) -> None:
    OpenActivation(path).mark(4_000_000_000, 300, 86_400_000)
    record = OpenActivation(path)
    record.load()
    assert (record.activation, record.is_open, record.attempt) == (4_000_000_000, True, 255)
    assert record.age_ms == 86_400_000
    record.clear()
    record = OpenActivation(path)
    record.load()
    assert not record.is_open


def run(directory: str) -> None:
    config_is_all_or_nothing(directory)
    counter_never_repeats(directory + "/counter")
    journal_keeps_the_latest(directory)
    activation_survives(directory + "/activation")
