"""The firmware's own share of an activation, as CPU time of the VM's slices, scaled to targets.

A slice is one step of one task, from its wake-up to its next wait. Part of each is the lock-step
and the shims' scheduler, both C on a handset: measured on a program that only sleeps, and taken
off for the net figures. Steps that write to flash run littlefs on the simulator's block device;
they stand apart, for on a handset it is the flash chip's time that counts, not the CPU's. Whole
activations are run with a heap so large that nothing is ever collected, too: the factors are those
of bytecode, and a collection is C, which loses less on a handset. press_time.py weighs that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.bench.bare import bare_slices_ns
from tests.bench.figures import Figure, median, percentile

from tocsin_sim.kernel import Direction
from tocsin_sim.simulation import HEAP_BYTES, Conditions, Simulation
from tocsin_sim.vm.shim import kinds
from tocsin_sim.world.setting import Setting

TITLE = "The firmware's own time, from CPU time of the VM's slices"

# Architecture section 8, from the X25519 row of the VM trials.
_FACTORS = {"ESP32": 60, "RP2040": 110}
_LIMIT_MS = 20.0
_PRESS_WITHIN_S = 10.0  # the period of the handset's upkeep: any phase of it may meet the press
_WHOLE_EVERY = 5  # presses: an activation is also seen through
_ENDLESS_HEAP_BYTES = 16 << 20
_TALK_S = 20.0
_LIMIT_US = 120_000_000


@dataclass(slots=True)
class Slices:
    """CPU nanoseconds of the slices after a press."""

    to_dial_ns: list[int] = field(default_factory=list)
    all_ns: list[int] = field(default_factory=list)
    flash_ns: list[int] = field(default_factory=list)


def measure(presses: int) -> list[Figure]:
    """Press `presses` times, each in a world of its own."""
    bare_ns = median(bare_slices_ns())
    seeds = range(1, presses + 1)
    to_dial = [_press(seed).to_dial_ns for seed in seeds]
    whole = [_press(seed, is_whole=True) for seed in seeds[::_WHOLE_EVERY]]
    uncollected = [
        _press(seed, is_whole=True, heap_bytes=_ENDLESS_HEAP_BYTES)
        for seed in seeds[::_WHOLE_EVERY]
    ]
    return [
        *_figures("qualified to dialled", [(sum(ns), len(ns)) for ns in to_dial], bare_ns),
        *_figures("longest slice", [(max(run.all_ns), 1) for run in uncollected], bare_ns),
        _vm_figure("longest slice, with collections", [[max(run.all_ns)] for run in whole]),
        _vm_figure("any slice", [run.all_ns for run in whole]),
        _vm_figure("a slice that writes to flash", [run.flash_ns for run in whole]),
        Figure("an empty slice", bare_ns / 1000, "us", "on the VM; taken off for net figures"),
    ]


def _figures(name: str, sums: Sequence[tuple[int, int]], bare_ns: float) -> Iterator[Figure]:
    raw_ms = [ns / 1e6 for ns, _ in sums]
    net_ms = [max(0.0, ns - bare_ns * slices) / 1e6 for ns, slices in sums]
    for board, factor in _FACTORS.items():
        for kind, values, limit_ms in (("raw", raw_ms, None), ("net", net_ms, _LIMIT_MS)):
            p50, p99 = (percentile(values, percent) * factor for percent in (50, 99))
            detail = f"p50 {p50:.1f}, max {max(values) * factor:.1f}, {len(values)} presses"
            yield Figure(f"{name}, {board} {kind} p99", p99, "ms", detail, at_most=limit_ms)


def _vm_figure(name: str, runs: Sequence[Sequence[int]]) -> Figure:
    return Figure(
        name, percentile([ns for run in runs for ns in run], 99) / 1000, "us", "p99 on the VM"
    )


def _press(seed: int, *, is_whole: bool = False, heap_bytes: int = HEAP_BYTES) -> Slices:
    """Press once; run to the dial, or to the end of the activation."""
    press_at_s = Random(seed).uniform(0, _PRESS_WITHIN_S)
    setting = Setting(press_at_s=press_at_s, talk_s=_TALK_S)
    conditions = Conditions(seed=seed, look_ahead=False, heap_bytes=heap_bytes)
    with Simulation(setting, conditions) as simulation:
        simulation.handset.sample_heap = False
        simulation.handset.every_turn = True
        simulation.settle()
        simulation.kernel.run_until(simulation.origin_us + round(press_at_s * 1e6))
        watch = _Watch(simulation)
        end_us = simulation.kernel.now_us + _LIMIT_US
        simulation.kernel.run_until(end_us, watch.has_closed if is_whole else watch.has_dialled)
        if not watch.has_dialled():
            raise RuntimeError("the handset did not dial")
        return watch.slices


class _Watch:
    """Follows one press: the motor starts when it is qualified, `ATD` leaves when it is dialled."""

    def __init__(self, simulation: Simulation) -> None:
        self.slices = Slices()
        self._record = simulation.record
        self._facts = simulation.facts
        self._is_qualified = self._has_dialled = False
        simulation.handset.on_slice(self._on_slice)
        simulation.handset.trace.listen(self._hear)

    def has_dialled(self) -> bool:
        return self._has_dialled

    def has_closed(self) -> bool:
        return self._record.outcome is not None

    def _on_slice(self, t_us: int, cpu_ns: int) -> None:
        # A slice is told before what it sent: the one now told may turn out to be the first.
        self.slices.all_ns.append(cpu_ns)
        if self._is_qualified and not self._has_dialled:
            self.slices.to_dial_ns.append(cpu_ns)

    def _hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        if direction is Direction.TO_HANDSET:
            return
        slices, facts = self.slices, self._facts
        if kind == kinds.FLASH:
            slices.flash_ns.append(slices.all_ns.pop())
        elif (kind, port, data) == (kinds.PIN, facts.HAPTIC_PIN, b"\x01"):
            self._qualified()
        elif (kind, port) == (kinds.UART, facts.MODEM_UART) and data.startswith(b"ATD"):
            self._has_dialled = True

    def _qualified(self) -> None:
        if not self._is_qualified:
            self._is_qualified = True
            self.slices.to_dial_ns.append(self.slices.all_ns[-1])
