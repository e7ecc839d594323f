"""The supply fails at any flash operation of an alarm, and again while the handset starts anew.

The whole handset on the VM, from power-on until the alarm is over.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.cores import Forked
from tests.soak.alarms.watch import Watch

from tocsin_host import wire
from tocsin_host.firmware_tree import board_names, firmware_root
from tocsin_host.wire import Outcome
from tocsin_sim.kernel import Direction
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.flash import read_flash
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.vm.shim import kinds
from tocsin_sim.world.setting import Setting

RESUMED, UNMARKED, APART = "resumed", "before its mark", "apart from it"
COLUMNS = ("cuts, clean", "cuts, torn", "more in recovery", RESUMED, UNMARKED, APART)
"""Cuts, and where the first fell: into an open alarm, the moment before that is marked, neither."""

_S = 1_000_000
_TORN = (0.0, 0.5)
_BACK_US = 3 * _S
_RAISED_US = 1_000_000  # the press is at zero and counts once held for a second
# From the raise until its mark is on flash: the dial command, which does not wait for it, and three
# programs.
_MARKED_WITHIN_US = 10_000
_LIMIT_US = 300 * _S
_AFTER_US = 30 * _S  # the journal is written last, and the supply may fail and come back twice
_RECOVERY_OPERATIONS = 24  # those of a start; a cut beyond them falls into the alarm again
_CRC_BYTES = 4
_SETTING = Setting(press_at_s=0.0, talk_s=20.0)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the supply fails: at which flash operation from power-on, and after the next start."""

    board: str
    operation: int
    torn: float
    again: int | None = None


def on_every_board(_seed: int, scale: float) -> dict[str, tuple[int, ...]]:
    """Return how many cuts the alarm withstood (COLUMNS); at `scale` of the operations."""
    images = {board: FirmwareImage.build(firmware_root(), board) for board in board_names()}
    rows = {board: Counter[str]() for board in images}
    jobs = list(_cuts(images, max(1, round(1 / scale))))

    def work(cut: Cut) -> str:
        return withstood(cut, images[cut.board])

    for cut, fell in Forked(work).over(jobs):
        place = 2 if cut.again is not None else int(cut.torn > 0)
        rows[cut.board].update((COLUMNS[place], fell))
    return {board: tuple(counts[name] for name in COLUMNS) for board, counts in rows.items()}


def _cuts(images: dict[str, FirmwareImage], step: int) -> Iterator[Cut]:
    for number, (board, image) in enumerate(images.items()):
        operations = _operations(board, image)
        for operation in range(1 + number % step, operations + 1, step):
            for torn in _TORN:
                yield Cut(board, operation, torn)
                yield Cut(board, operation, torn, again=1 + operation % _RECOVERY_OPERATIONS)


def _operations(board: str, image: FirmwareImage) -> int:
    """Return how many flash operations an alarm takes, from power-on to its end."""
    with Simulation(_SETTING, Conditions(board, image=image)) as simulation:
        simulation.run()
        return simulation.handset.stats.flash_operations


def withstood(cut: Cut, image: FirmwareImage) -> str:
    """Return where the first cut fell. Raises AssertionError for anything that was lost."""
    with Simulation(_SETTING, Conditions(cut.board, image=image)) as simulation:
        watch = Watch(simulation)
        was_open = _cut(simulation, cut)
        simulation.settle()
        simulation.kernel.run_until(simulation.origin_us + _LIMIT_US, simulation.is_over)
        simulation.kernel.run_until(simulation.kernel.now_us + _AFTER_US)
        outcome, stats = simulation.record.outcome, simulation.handset.stats
        record = simulation.finish()
    counters = watch.truth.tag_counters
    sequences = [entry.sequence for entry in record.journal]
    resumed = [entry for entry in record.journal if entry.kind is wire.JournalKind.RESUMED]
    assert was_open, f"{cut}: it never happened"
    assert not stats.crashes, f"{cut}: {stats.crashes}"
    assert not watch.truth.forbidden, f"{cut}: {watch.truth.forbidden}"
    assert not watch.truth.dials_over_call_us, f"{cut}: dialled over a call"
    assert len(set(counters)) == len(counters), f"{cut}: counters repeat: {counters}"
    assert sequences == sorted(set(sequences)), f"{cut}: the journal repeats: {sequences}"
    cuts_us = [outage[0] for outage in watch.truth.outages_us]
    is_unmarked = any(0 <= cut_us - _RAISED_US <= _MARKED_WITHIN_US for cut_us in cuts_us)
    if is_unmarked and not any(was_open):
        return UNMARKED
    assert outcome is Outcome.ANSWERED, f"{cut}: the alarm ended as {outcome}"
    if not any(was_open):
        return APART
    assert resumed, f"{cut}: the journal does not tell that it was resumed"
    return RESUMED


def _cut(simulation: Simulation, cut: Cut) -> list[bool]:
    """Have the supply fail there and come back; says for each cut whether an alarm was open."""
    handset, kernel = simulation.handset, simulation.kernel
    handset.cut_at_flash_op, handset.torn = cut.operation, cut.torn
    was_open: list[bool] = []

    def heard(_t: int, direction: Direction, kind: int, _port: int, _data: bytes) -> None:
        if kind == kinds.POWER_CUT and direction is Direction.FROM_HANDSET:
            simulation.world.witness.saw("power.cut")
            kernel.after(_BACK_US, back)

    def back() -> None:
        was_open.append(_is_open(simulation))
        handset.cut_at_flash_op = cut.again if len(was_open) == 1 else None
        simulation.power_on()

    handset.trace.listen(heard)
    return was_open


def _is_open(simulation: Simulation) -> bool:
    stored = read_flash(simulation.flash_path).get("/activation", b"")
    return bool(stored) and wire.ActivationRecord.decode(stored[:-_CRC_BYTES]).is_open == 1
