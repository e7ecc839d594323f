"""Storage when the power fails at any byte: files are cut, flash refuses, objects are new."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin import wire
from tocsin import wire_dialogue as dialogue
from tocsin.link.greeting import Greeting
from tocsin.refusal import Refusal
from tocsin.storage import atomic
from tocsin.storage import wire as settings
from tocsin.storage.activation import OpenActivation
from tocsin.storage.config import Config
from tocsin.storage.config_editor import ConfigEditor
from tocsin.storage.counter import CounterLease
from tocsin.storage.journal import Journal
from tocsin_host.answerpoint.replay import CHANCE, KEPT, UsedCounters

HOLD_MS = 8
TECHNICIAN = 1
FACTORY = 2
CALL_NUMBER = 3
REPORT_KEY = 7
SECRETS = (REPORT_KEY, 12, 13, 14)


def u32(value: int) -> bytes:
    return value.to_bytes(4, "little")


def hello_of(role: int) -> dialogue.Hello:
    hello = dialogue.Hello()
    hello.major, hello.role = dialogue.PROTOCOL_MAJOR, role
    return hello


def config_at(directory: Path) -> Config:
    config = Config(str(directory))
    config.load()
    return config


def journal_at(directory: Path, entries_per_file: int = 8) -> Journal:
    journal = Journal(str(directory), entries_per_file)
    journal.open()
    return journal


def lease_at(path: Path, block: int = 8) -> CounterLease:
    lease = CounterLease(str(path), block)
    lease.open()
    return lease


def test_file_cut_at_any_byte_reads_as_none(tmp_path: Path) -> None:
    path = tmp_path / "file"
    atomic.replace(str(path), b"content and more", 7)
    whole = path.read_bytes()
    assert atomic.load(str(path)) == b"content"
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        assert atomic.load(str(path)) is None, size
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        assert atomic.load(str(path)) is None, place


def test_cut_before_the_rename_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    atomic.replace(str(path), b"old", 3)
    (tmp_path / "file.new").write_bytes(b"half of the n")
    assert atomic.load(str(path)) == b"old"
    atomic.replace(str(path), b"new", 3)
    assert atomic.load(str(path)) == b"new"


@pytest.mark.parametrize(
    ("key", "value", "code", "detail"),
    [
        (HOLD_MS, u32(499), dialogue.FAILURE_OUT_OF_RANGE, "hold_ms: 500..3000"),
        (HOLD_MS, b"\xe8\x03", dialogue.FAILURE_OUT_OF_RANGE, "hold_ms: 500..3000"),
        (1, b"\x02", dialogue.FAILURE_OUT_OF_RANGE, "issued: 0..1"),
        (
            CALL_NUMBER,
            b"999",
            dialogue.FAILURE_OUT_OF_RANGE,
            'call_number: nothing or "+" and 8..15',
        ),
        (CALL_NUMBER, b"+44 7700900", dialogue.FAILURE_OUT_OF_RANGE, "call_number: "),
        (CALL_NUMBER, b"447700900123", dialogue.FAILURE_OUT_OF_RANGE, "call_number: "),
        (CALL_NUMBER, b"+1234567890123456", dialogue.FAILURE_OUT_OF_RANGE, "call_number: "),
        (CALL_NUMBER, b"+44\xff0900123", dialogue.FAILURE_OUT_OF_RANGE, "call_number: "),
        (
            REPORT_KEY,
            bytes(31),
            dialogue.FAILURE_OUT_OF_RANGE,
            "report_key: nothing or 32 bytes",
        ),
        (99, b"", dialogue.FAILURE_UNKNOWN_KEY, "key 99"),
    ],
)
def test_refused_setting_changes_nothing_and_says_why(
    tmp_path: Path, key: int, value: bytes, code: int, detail: str
) -> None:
    config = config_at(tmp_path)
    with pytest.raises(Refusal) as refusal:
        ConfigEditor(config).apply([(2, u32(7001)), (key, value)], FACTORY)
    assert refusal.value.code == code
    assert refusal.value.detail.startswith(detail)
    assert len(refusal.value.detail) <= 48
    assert config.get("identity") == 0
    assert config.generation == 0
    assert not list(tmp_path.iterdir())


def test_flash_that_refuses_leaves_the_settings_as_they_were(tmp_path: Path) -> None:
    config = config_at(tmp_path / "absent")
    with pytest.raises(Refusal) as refusal:
        ConfigEditor(config).apply([(HOLD_MS, u32(700))], FACTORY)
    assert refusal.value.code == dialogue.FAILURE_STORAGE
    assert config.get("hold_ms") == 1000
    assert config.generation == 0


def test_settings_that_do_not_read_back_leave_the_old_ones(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    ConfigEditor(config).apply([(HOLD_MS, u32(700))], FACTORY)
    (tmp_path / "config.new").symlink_to("/dev/null")  # what is written there is lost
    with pytest.raises(Refusal) as refusal:
        ConfigEditor(config).apply([(HOLD_MS, u32(800))], FACTORY)
    assert refusal.value.code == dialogue.FAILURE_STORAGE
    for each in (config, config_at(tmp_path)):
        assert (each.get("hold_ms"), each.generation) == (700, 1)


def test_secret_is_used_but_never_read_out(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    ConfigEditor(config).apply([(REPORT_KEY, bytes(range(32)))], FACTORY)
    assert config.get("report_key") == bytes(range(32))
    with pytest.raises(Refusal) as refusal:
        ConfigEditor(config).value_bytes(REPORT_KEY)
    assert refusal.value.code == dialogue.FAILURE_SECRET


def test_setting_back_to_the_default_makes_it_the_default(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    ConfigEditor(config).apply([(HOLD_MS, u32(700))], FACTORY)
    assert not ConfigEditor(config).is_default(HOLD_MS)
    ConfigEditor(config).apply([(HOLD_MS, u32(1000)), (CALL_NUMBER, b"")], FACTORY)
    assert ConfigEditor(config).is_default(HOLD_MS)
    assert config_at(tmp_path).generation == 2


def test_reset_by_name_puts_back_all_named_or_none(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    editor = ConfigEditor(config)
    editor.apply([(HOLD_MS, u32(700)), (2, u32(7001)), (CALL_NUMBER, b"+447700900123")], FACTORY)
    for keys, role, code in (
        ([HOLD_MS, 2], TECHNICIAN, dialogue.FAILURE_READ_ONLY),
        ([HOLD_MS, 99], FACTORY, dialogue.FAILURE_UNKNOWN_KEY),
    ):
        with pytest.raises(Refusal) as refusal:
            editor.reset(keys, role)
        assert refusal.value.code == code
        assert config.get("hold_ms") == 700
    editor.reset([HOLD_MS, 2], FACTORY)
    for each in (config, config_at(tmp_path)):
        assert (each.get("hold_ms"), each.get("identity")) == (1000, 0)
        assert each.get("call_number") == "+447700900123"


def test_reset_of_all_leaves_what_makes_it_this_handset(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    keys = [(key, bytes(range(32))) for key in SECRETS]
    ConfigEditor(config).apply([(1, b"\x01"), (2, u32(7001)), (HOLD_MS, u32(700)), *keys], FACTORY)
    ConfigEditor(config).reset([], TECHNICIAN)
    after = config_at(tmp_path)
    assert after.get("hold_ms") == 1000
    assert (after.get("issued"), after.get("identity")) == (True, 7001)
    assert after.get("factory_key") == bytes(range(32))


@pytest.mark.parametrize("key", [1, 2, *SECRETS])
def test_technician_may_not_set_what_makes_it_this_handset(tmp_path: Path, key: int) -> None:
    config = config_at(tmp_path)
    with pytest.raises(Refusal) as refusal:
        ConfigEditor(config).apply([(HOLD_MS, u32(700)), (key, b"")], TECHNICIAN)
    assert refusal.value.code == dialogue.FAILURE_READ_ONLY
    assert config.generation == 0


def test_what_differs_from_the_defaults_is_told_without_secrets(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    editor = ConfigEditor(config)
    editor.apply([(HOLD_MS, u32(700)), (REPORT_KEY, bytes(range(32))), (2, u32(7001))], FACTORY)
    told = [(2, u32(7001)), (REPORT_KEY, b""), (HOLD_MS, u32(700))]
    assert editor.differing(0) == told
    assert editor.differing(2) == told[1:]
    assert editor.differing(HOLD_MS) == []


# A depot's file of version 1: nine keys of a handset in use, generation 9.
FILE_OF_VERSION_1 = bytes.fromhex(
    "0109000000090101010204591b0000030d2b343437373030393030303031040d2b343437373030393030303032"
    "050d2b343437373030393030303033060d2b3434373730303930303030340720000102030405060708090a0b0c"
    "0d0e0f101112131415161718191a1b1c1d1e1f0804bc0200000c20202122232425262728292a2b2c2d2e2f3031"
    "32333435363738393a3b3c3d3e3f6d62b83a"
)
NUMBERS = {
    "call_number": "+447700900001",
    "alternate_number": "+447700900002",
    "text_number": "+447700900003",
    "report_number": "+447700900004",
}


def store(folder: Path, version: int, *pairs: tuple[int, bytes], tail: bytes = b"") -> None:
    entries = [settings.ConfigEntry(key, value) for key, value in pairs]
    buf = bytearray(settings.ConfigFile.MAX_BYTES)
    end = settings.ConfigFile(version, 5, entries).encode_into(buf, 0)
    body = bytes(buf[:end]) + tail
    atomic.replace(str(folder / "config"), body, len(body))


def stored(folder: Path) -> tuple[int, dict[int, bytes]]:
    body = (folder / "config").read_bytes()[:-4]
    file = settings.ConfigFile().decode_from(memoryview(body), 0, len(body))
    return file.schema_version, {each.key: each.value for each in file.entries}


def test_a_file_of_version_1_is_taken_whole_and_goes_on_as_version_2(tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(FILE_OF_VERSION_1)
    config = config_at(tmp_path)
    assert (config.is_damaged, config.generation) == (False, 9)
    assert {name: config.get(name) for name in NUMBERS} == NUMBERS
    assert (config.get("issued"), config.get("identity"), config.get("hold_ms")) == (
        True,
        7001,
        700,
    )
    assert config.get("heartbeat_s") == 86_400  # which version 1 did not know
    before = stored(tmp_path)[1]
    ConfigEditor(config).apply([(HOLD_MS, u32(800))], FACTORY)
    assert stored(tmp_path) == (2, {**before, HOLD_MS: u32(800)})
    assert config_at(tmp_path).get("report_key") == bytes(range(32))


@pytest.mark.parametrize("version", [0, 1, 2, 3, 255])
@pytest.mark.parametrize(("value", "taken"), [(1, 500), (0xFFFFFFFF, 3000), (700, 700)])
def test_a_number_of_another_version_is_taken_as_near_as_it_may_be(
    tmp_path: Path, version: int, value: int, taken: int
) -> None:
    store(tmp_path, version, (1, b"\x01"), (HOLD_MS, u32(value)))
    config = config_at(tmp_path)
    assert config.get("issued") is True
    assert config.get("hold_ms") == taken
    assert config.generation == 5


def test_what_only_a_newer_version_knows_is_kept_for_it(tmp_path: Path) -> None:
    odd = {200: b"later", CALL_NUMBER: b"sip:nobody"}
    known = {1: b"\x01", 6: b"+447700900004", HOLD_MS: u32(700)}
    store(tmp_path, 3, *known.items(), *odd.items(), tail=b"more")
    config = config_at(tmp_path)
    assert not config.is_damaged
    assert (config.get("call_number"), config.get("report_number")) == ("", "+447700900004")
    ConfigEditor(config).apply([(HOLD_MS, u32(900))], FACTORY)
    assert stored(tmp_path) == (3, {**known, **odd, HOLD_MS: u32(900)})
    # What is set anew is no longer the other version's.
    ConfigEditor(config).apply([(CALL_NUMBER, b"+447700900001")], FACTORY)
    again = config_at(tmp_path)
    assert again.get("call_number") == "+447700900001"
    ConfigEditor(again).reset([CALL_NUMBER, HOLD_MS], FACTORY)
    assert stored(tmp_path) == (3, {1: b"\x01", 6: b"+447700900004", 200: b"later"})


def test_a_value_of_no_form_this_firmware_knows_is_left_at_its_default(tmp_path: Path) -> None:
    store(tmp_path, 1, (1, b"\x01"), (HOLD_MS, b"long"[:3]), (9, b""))
    config = config_at(tmp_path)
    assert config.get("issued") is True
    assert (config.get("hold_ms"), config.get("first_text_ms")) == (1000, 20_000)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(b""),
        lambda path: atomic.replace(str(path), b"not settings", 12),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_damaged_settings_are_told_from_none_and_leave_nobody_in(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    assert Greeting(hello_of(FACTORY), config_at(tmp_path)).is_unclaimed
    ConfigEditor(config_at(tmp_path)).apply([(key, bytes(range(32))) for key in SECRETS], FACTORY)
    damage(tmp_path / "config")
    config = config_at(tmp_path)
    assert config.is_damaged
    assert config.get("hold_ms") == 1000
    for role in (TECHNICIAN, FACTORY):
        with pytest.raises(Refusal) as refusal:
            Greeting(hello_of(role), config)
        assert refusal.value.code == dialogue.FAILURE_NO_KEY


def test_every_field_reads_its_default_on_a_blank_device(tmp_path: Path) -> None:
    config = config_at(tmp_path)
    for key, name, _kind, _minimum, _maximum, default, secret in settings.CONFIG_FIELDS:
        assert config.get(name) == default
        assert ConfigEditor(config).is_default(key)
        if not secret:
            ConfigEditor(config).apply([(key, ConfigEditor(config).value_bytes(key))], FACTORY)
            assert ConfigEditor(config).is_default(key)


@given(st.lists(st.sampled_from(["take", "renew", "cut"]), max_size=60), st.integers(1, 6))
def test_counter_never_repeats_whatever_is_cut(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], block: int
) -> None:
    path = tmp_path_factory.mktemp("lease") / "counter"
    lease = lease_at(path, block)
    taken = []
    for step in steps:
        if step == "take":
            taken.append(lease.take())
        elif step == "renew":
            lease.renew_if_low()
        else:
            lease = lease_at(path, block)
    assert taken == sorted(set(taken))
    assert 0 not in taken


def test_lease_is_written_once_a_block(tmp_path: Path) -> None:
    path = tmp_path / "counter"
    lease = lease_at(path, 256)
    path.unlink()
    assert [lease.take() for _ in range(128)] == list(range(1, 129))
    assert not path.exists()
    lease.renew_if_low()
    assert path.exists()
    assert lease.take() == 129


def test_damaged_lease_goes_on_past_anything_given_out(tmp_path: Path) -> None:
    path = tmp_path / "counter"
    given_out = [lease_at(path).take() for _ in range(5)]
    path.write_bytes(b"damaged")
    assert lease_at(path).take() >= 1 << 30 > max(given_out)


def test_lease_that_flash_finds_no_way_to_goes_on_past_anything_given_out(tmp_path: Path) -> None:
    path = tmp_path / "counter"
    path.symlink_to(path)
    assert lease_at(path).take() >= 1 << 30


def test_lease_that_flash_refuses_when_the_last_is_used_up_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "flash"
    folder.mkdir()
    lease = lease_at(folder / "counter", 4)
    shutil.rmtree(folder)
    taken = [lease.take() for _ in range(9)]
    assert taken[:4] == [1, 2, 3, 4]
    assert taken[4] >= 1 << 30
    assert taken == sorted(set(taken))


def test_answer_point_takes_each_number_whether_or_not_flash_refused_the_lease(
    tmp_path: Path,
) -> None:
    used = UsedCounters()
    for is_refused in (False, True, True, False, True, False):
        if is_refused:
            lease = CounterLease(str(tmp_path / "no such folder" / "counter"))
            with pytest.raises(OSError, match="no such folder"):
                lease.open()
            lease.go_without()
        else:
            lease = lease_at(tmp_path / "counter", 256)
        numbers = [lease.take() for _ in range(100)]
        assert all(used.take(number) for number in numbers)
        assert (numbers[0] >= CHANCE) == is_refused


def test_answer_point_remembers_all_that_a_start_gives_without_a_lease(tmp_path: Path) -> None:
    lease = CounterLease(str(tmp_path / "no such folder" / "counter"))
    lease.go_without()
    for _ in range(KEPT):
        lease.take()
    assert lease.take() >= 1 << 30


@given(st.integers(0, 40), st.integers(0, 60))
def test_journal_cut_anywhere_keeps_what_came_before_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, written: int, cut_bytes: int
) -> None:
    directory = tmp_path_factory.mktemp("journal")
    journal = journal_at(directory)
    for value in range(written):
        journal.append(wire.JOURNAL_DIALLED, 0, -value, value, value)
    held = [entry.value for entry in journal.entries()]
    assert held == [-value for value in range(written)][-len(held) :]
    assert len(held) == min(written, (written - 1) % 8 + 9) if written else not held
    newest = directory / f"journal.{(written - 1) // 8 % 2 if written else 0}"
    if newest.exists():
        newest.write_bytes(newest.read_bytes()[: max(0, newest.stat().st_size - cut_bytes)])
    after = journal_at(directory)
    kept = [entry.value for entry in after.entries()]
    assert kept == held[: len(kept)]
    assert len(kept) >= len(held) - -(-cut_bytes // 22)
    after.append(wire.JOURNAL_CLOSED, 1, 4711, 1, 2)
    entries = list(journal_at(directory).entries())
    assert entries[-1].value == 4711
    sequences = [entry.sequence for entry in entries]
    assert sequences == sorted(set(sequences))


def test_journal_whose_torn_end_cannot_be_mended_repeats_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = journal_at(tmp_path)
    for value in range(5):
        journal.append(wire.JOURNAL_DIALLED, 0, value, value, value)
    newest = tmp_path / "journal.0"
    newest.write_bytes(newest.read_bytes() + b"torn")

    def refuses(path: str) -> int:
        raise OSError(path)

    monkeypatch.setattr("tocsin.storage.journal_file.mend", refuses)
    after = journal_at(tmp_path)
    after.append(wire.JOURNAL_CLOSED, 1, 4711, 1, 2)
    sequences = [entry.sequence for entry in after.entries()]
    assert sequences == [1, 2, 3, 4, 5, 6]


def test_journal_entry_comes_back_whole(tmp_path: Path) -> None:
    journal_at(tmp_path).append(wire.JOURNAL_FAULT, 255, -(2**31), 2**30 - 1, 2**32 - 1)
    (entry,) = journal_at(tmp_path).entries()
    assert entry.kind == wire.JOURNAL_FAULT
    assert (entry.code, entry.value) == (255, -(2**31))
    assert (entry.ticks_ms, entry.utc_s) == (2**30 - 1, 2**32 - 1)


def test_refused_journal_entry_takes_no_number(tmp_path: Path) -> None:
    journal = journal_at(tmp_path)
    with pytest.raises(wire.EncodeError):
        journal.append(99, 0, 0, 0, 0)
    journal.append(wire.JOURNAL_BOOT, 0, 0, 0, 0)
    assert [entry.sequence for entry in journal.entries()] == [1]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: b"\xff" * 10]
)
def test_torn_activation_mark_reads_as_nothing_open(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "activation"
    OpenActivation(str(path)).mark(7, 2, 0)
    path.write_bytes(damage(path.read_bytes()))
    record = OpenActivation(str(path))
    record.load()
    assert not record.is_open
