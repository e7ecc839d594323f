"""Thirty days of rest with a press every six hours: the heap stays flat and no press is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.cores import Forked

from tocsin_host.firmware_tree import board_names
from tocsin_host.measure.stages import StageMark
from tocsin_host.wire import Notice, Outcome, Reporter, Stage
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.handset import BOOT_US, TICKS_PERIOD_MS
from tocsin_sim.world.setting import Setting

DAYS = 30
PRESSES_A_DAY = 4
HOLD_MS = 1_000
"""The configuration's default; a press counts once it was held for so long."""

_S = 1_000_000
_APART_US = 86_400 * _S // PRESSES_A_DAY
_MAX_JITTER_US = 30 * _S  # meets what an idle handset does, at any point of it
_OVER_US = 1_800 * _S
_WRAP_AFTER_PRESS_MS = HOLD_MS // 2
# Ticks are whole milliseconds; the button is looked at every 10 ms.
_MAX_RECOGNISED_US = HOLD_MS * 1_000 + 20_000
_MAX_DIALLED_US = 20_000
_FLASH_US = 60_000  # an edge inside a flash operation is stamped as at its beginning
_SETTLING = 6  # one part in so many: five days of thirty


@dataclass(frozen=True, slots=True)
class Press:
    """What became of one press: times after its first edge, and the heap half an hour later."""

    recognised_us: int
    dialled_us: int
    heap_bytes: int


def on_every_board(seed: int, scale: float) -> dict[str, tuple[int, ...]]:
    """Return a row of figures for each board (COLUMNS)."""
    jobs = [(board, seed, DAYS * scale) for board in board_names()]
    return {board: judge(found) for (board, _, _), found in Forked(presses).over(jobs)}


def presses(job: tuple[str, int, float]) -> list[Press]:
    """Let the days pass on a board whose ticks wrap in the middle of the first press.

    `job` is board, seed, days. Raises AssertionError for an activation that did not end well.
    """
    board, seed, days = job
    setting = Setting(press_at_s=None, talk_s=30.0)
    booted_ms = round(setting.settle_s * 1000) - BOOT_US // 1000
    offset_ms = TICKS_PERIOD_MS - booted_ms - _WRAP_AFTER_PRESS_MS
    with Simulation(setting, Conditions(board, seed, ticks_offset_ms=offset_ms)) as simulation:
        simulation.settle()
        return [_pressed(simulation, at) for at in _times(simulation.origin_us, seed, days)]


COLUMNS = (
    "presses",
    "recognised after us, latest",
    "dialled after that us, latest",
    "heap bytes after first",
    "settled, least",
    "settled, most",
    "after last",
    "growth",
)


def judge(found: list[Press]) -> tuple[int, ...]:
    """Return the figures (COLUMNS). Raises AssertionError for a late press or a growing heap."""
    recognised_us = [each.recognised_us for each in found]
    dialled_us = [each.dialled_us - each.recognised_us for each in found]
    assert min(recognised_us) >= HOLD_MS * 1_000 - _FLASH_US, "recognised before its time"
    assert max(recognised_us) <= _MAX_RECOGNISED_US, f"recognised late: {max(recognised_us)} us"
    assert max(dialled_us) <= _MAX_DIALLED_US, f"dialled late: {max(dialled_us)} us"
    settled = [each.heap_bytes for each in found[len(found) // _SETTLING :]]
    half = len(settled) // 2
    growth_bytes = max(settled[half:]) - max(settled[:half])
    assert growth_bytes <= 0, f"the heap grew by {growth_bytes} bytes: {settled}"
    return (
        len(found),
        max(recognised_us),
        max(dialled_us),
        found[0].heap_bytes,
        min(settled),
        max(settled),
        settled[-1],
        growth_bytes,
    )


def _times(origin_us: int, seed: int, days: float) -> Iterator[int]:
    """The first press comes as the ticks wrap; each later one some seconds off its hour."""
    jitter = Random(f"{seed}/month")
    for number in range(max(2 * PRESSES_A_DAY, round(days * PRESSES_A_DAY))):
        yield origin_us + number * _APART_US + (number and jitter.randint(0, _MAX_JITTER_US))


def _pressed(simulation: Simulation, at_us: int) -> Press:
    kernel, record, handset = simulation.kernel, simulation.record, simulation.handset
    kernel.run_until(at_us - _S)
    simulation.await_activation()
    seen = len(record.marks), len(record.notices_felt)
    simulation.world.person.press(at_us, HOLD_MS + 500)
    kernel.run_until(at_us + _OVER_US)
    handset.ask_heap()
    kernel.run_until(at_us + _OVER_US + 60 * _S)
    felt = [each.notice for each in record.notices_felt[seen[1] :]]
    when = f"press at {at_us / 86_400e6:.2f} days"
    assert record.outcome is Outcome.ANSWERED, f"{when}: {record.outcome!r}"
    assert [felt[0], felt[-1]] == [Notice.RAISED, Notice.CLOSED], f"{when}: {felt}"
    assert handset.stats.boots == 1, f"{when}: the handset restarted"
    marks = record.marks[seen[0] :]
    t_us = at_us - simulation.origin_us
    return Press(
        _first(marks, Stage.RECOGNISED) - t_us,
        _first(marks, Stage.DIALLED) - t_us,
        handset.stats.heap_bytes,
    )


def _first(marks: list[StageMark], stage: Stage) -> int:
    return next(m.t_us for m in marks if m.stage is stage and m.reporter is Reporter.FIRMWARE)
