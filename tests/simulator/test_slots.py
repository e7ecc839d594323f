"""Updates on trial in the real handset: confirmed or gone back from, never without an alarm."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tocsin_host.firmware_tree import firmware_root
from tocsin_host.measure.verdict import judge
from tocsin_host.update.build import Changes, build
from tocsin_host.update.signing import DEVELOPMENT_KEY, read_private_key, sign
from tocsin_host.wire import ActivationRecord, JournalEntry, JournalKind, Outcome, Slot, UpdateStep
from tocsin_sim.provision import provisioned_files
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.stored import read_journal
from tocsin_sim.vm.flash import create_flash, read_flash
from tocsin_sim.world.setting import Setting

BOARD = "lilygo_t_a7670"
COUNTER = 3
S = 1_000_000
RECORD = struct.Struct("<BBBBBL")
NOTHING: dict[str, bytes] = {}
Tree = Callable[[str, str], Path]


@dataclass
class Record:
    """What the loader has written down."""

    confirmed: int
    trial: int
    has_started: int
    last: int
    is_news: int
    counter: int


def record_of(simulation: Simulation) -> Record:
    return Record(*RECORD.unpack(read_flash(simulation.flash_path)["/slots"][:-4]))


def with_crc(content: bytes) -> bytes:
    return content + struct.pack("<L", zlib.crc32(content))


def updates_in(simulation: Simulation) -> list[UpdateStep]:
    entries: list[JournalEntry] = read_journal(simulation.flash_path)
    return [UpdateStep(each.code) for each in entries if each.kind is JournalKind.UPDATE]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a maker of the firmware with a line added to one of its files."""

    def make(name: str, line: str) -> Path:
        shutil.copytree(firmware_root(), tmp_path / "tree")
        path = tmp_path / "tree" / name
        path.write_text(path.read_text() + line + "\n")
        return tmp_path / "tree"

    return make


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Callable[..., Simulation]]:
    """Return a maker of handsets whose update is in slot A, to be started on trial."""
    simulations: list[Simulation] = []

    def make(
        root: Path | None = None, setting: Setting | None = None, more: dict[str, bytes] = NOTHING
    ) -> Simulation:
        setting = setting or Setting(press_at_s=150)
        changes = Changes(version="0.2.0", security_counter=COUNTER)
        image = build(root or firmware_root(), BOARD, changes=changes)
        record = RECORD.pack(Slot.FLASHED, Slot.A, 0, UpdateStep.INSTALLED, 0, 0)
        files = provisioned_files(setting, 1) | {
            "/slot.a": sign(image, read_private_key(DEVELOPMENT_KEY)).encode(),
            "/slots": with_crc(record),
        }
        files.update(more)
        create_flash(tmp_path / "flash", files)
        simulation = Simulation(setting, Conditions(flash=tmp_path / "flash", limit_s=400))
        simulations.append(simulation)
        return simulation

    yield make
    for simulation in simulations:
        with simulation:
            pass


def run_on(simulation: Simulation, seconds: float) -> None:
    simulation.kernel.run_until(simulation.kernel.now_us + round(seconds * S))


def test_an_update_that_serves_for_a_minute_stays(installed: Callable[..., Simulation]) -> None:
    simulation = installed()
    simulation.settle()
    assert record_of(simulation) == Record(0, Slot.A, 1, UpdateStep.INSTALLED, 0, 0)
    run_on(simulation, 60)
    assert record_of(simulation) == Record(Slot.A, 0, 0, UpdateStep.CONFIRMED, 0, COUNTER)
    assert updates_in(simulation) == [UpdateStep.CONFIRMED]
    simulation.cut_power()
    run_on(simulation, 60)
    assert record_of(simulation).confirmed == Slot.A
    assert simulation.handset.stats.crashes == []


def test_a_press_is_answered_by_firmware_in_a_slot(installed: Callable[..., Simulation]) -> None:
    record = installed().run()
    assert judge(record).passed
    assert record.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("tocsin/button.py", "raise ValueError('broken while it loads')"),
        ("tocsin/button.py", "while True: pass"),
        ("tocsin/call.py", "Call.run = None"),
        ("boards/lilygo_t_a7670/board.py", "def run(): raise MemoryError"),
        ("boards/lilygo_t_a7670/board.py", "def run(): pass"),
    ],
)
def test_an_update_that_fails_is_gone_back_from_and_the_alarm_works(
    installed: Callable[..., Simulation], tree: Tree, name: str, line: str
) -> None:
    simulation = installed(tree(name, line))
    simulation.settle()
    run_on(simulation, 60)
    assert record_of(simulation) == Record(0, 0, 1, UpdateStep.UNPROVEN, 0, 0)
    assert updates_in(simulation) == [UpdateStep.UNPROVEN]
    assert simulation.handset.stats.boots == 2
    simulation.kernel.run_until(simulation.origin_us + 300 * S)
    assert simulation.record.outcome is Outcome.ANSWERED
    assert updates_in(simulation) == [UpdateStep.UNPROVEN]


DEAF = """
async def _deaf(self):
    await asyncio.sleep_ms(1 << 28)
CellularModem.start = _deaf
"""


def test_an_update_that_never_gets_the_modem_to_answer_is_gone_back_from(
    installed: Callable[..., Simulation], tree: Tree
) -> None:
    root = tree("tocsin/modem/cellular.py", DEAF)
    simulation = installed(root, Setting(press_at_s=900))
    simulation.settle()
    run_on(simulation, 480)
    assert record_of(simulation).trial == Slot.A
    run_on(simulation, 120)
    assert record_of(simulation).last == UpdateStep.UNPROVEN


def test_an_alarm_that_finds_no_modem_on_trial_goes_on_in_the_firmware_before(
    installed: Callable[..., Simulation], tree: Tree
) -> None:
    simulation = installed(tree("tocsin/modem/cellular.py", DEAF), Setting(press_at_s=1))
    simulation.settle()
    run_on(simulation, 115)
    assert record_of(simulation).trial == Slot.A
    run_on(simulation, 90)
    assert record_of(simulation).last == UpdateStep.UNPROVEN
    assert simulation.record.outcome is Outcome.ANSWERED


def test_a_power_cut_during_an_alarm_on_trial_goes_on_with_the_alarm_in_the_old_firmware(
    installed: Callable[..., Simulation],
) -> None:
    simulation = installed(setting=Setting(press_at_s=1, answer_mean_s=60))
    simulation.settle()
    run_on(simulation, 10)
    assert record_of(simulation).trial == Slot.A
    simulation.cut_power()
    run_on(simulation, 200)
    assert simulation.record.outcome is Outcome.ANSWERED
    assert record_of(simulation).last == UpdateStep.UNPROVEN


def test_an_alarm_is_gone_on_with_before_an_update_is_tried(
    installed: Callable[..., Simulation],
) -> None:
    alarm = with_crc(ActivationRecord(40, 1, 1).encode())
    simulation = installed(setting=Setting(press_at_s=1000), more={"/activation": alarm})
    simulation.settle()
    assert record_of(simulation) == Record(0, Slot.A, 0, UpdateStep.INSTALLED, 0, 0)
    run_on(simulation, 240)
    assert simulation.record.outcome is Outcome.ANSWERED
    assert record_of(simulation).last == UpdateStep.CONFIRMED
    assert simulation.handset.stats.boots == 2


@pytest.mark.parametrize("has_started", [0, 1])
def test_flash_that_refuses_the_loader_s_record_is_noted_once_and_what_runs_serves_on(
    installed: Callable[..., Simulation], has_started: int
) -> None:
    record = RECORD.pack(Slot.FLASHED, Slot.A, has_started, UpdateStep.INSTALLED, 0, 0)
    # Where the record would be written first there is a folder.
    more = {"/slots": with_crc(record), "/slots.new/taken": b""}
    simulation = installed(more=more)
    simulation.settle()
    simulation.kernel.run_until(simulation.origin_us + 300 * S)
    assert simulation.handset.stats.boots == 1
    assert simulation.record.outcome is Outcome.ANSWERED
    assert record_of(simulation) == Record(0, Slot.A, has_started, UpdateStep.INSTALLED, 0, 0)
    kinds = [entry.kind for entry in read_journal(simulation.flash_path)]
    assert kinds.count(JournalKind.FAULT) == 1


def test_a_slot_damaged_on_flash_is_passed_over(
    installed: Callable[..., Simulation], tmp_path: Path
) -> None:
    simulation = installed()
    files = read_flash(simulation.flash_path)
    files["/slot.a"] = files["/slot.a"][:-1] + b"?"
    create_flash(simulation.flash_path, files)
    simulation.settle()
    assert record_of(simulation) == Record(0, 0, 1, UpdateStep.DAMAGED, 0, 0)
    assert simulation.handset.stats.boots == 1
