"""The firmware's own share of an activation, as CPU time of the VM's slices, scaled to targets.

A slice is what the VM does between two exchanges with the simulator, which without look-ahead is
one wake-up. Part of every slice is the lock-step itself and the shims' scheduler, both of which
are C on a handset: measured on a program that only sleeps, and taken off for the net figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.bench.bare import bare_slices_ns
from tests.bench.figures import Figure, median, percentile

from tocsin_sim.kernel import Direction
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.shim import kinds
from tocsin_sim.world.setting import Setting

TITLE = "The firmware's own time, from CPU time of the VM's slices"

# Architecture section 8, from the X25519 row of the VM trials.
ESP32_FACTOR = 60
RP2040_FACTOR = 110
_LIMIT_MS = 20.0
_PRESS_WITHIN_S = 10.0  # the period of the handset's upkeep: any phase of it may meet the press
_TALK_S = 20.0


@dataclass(slots=True)
class Slices:
    """CPU nanoseconds of slices: those from qualification to dial, and all of an activation."""

    to_dial_ns: list[int] = field(default_factory=list)
    all_ns: list[int] = field(default_factory=list)


def measure(presses: int) -> list[Figure]:
    """Press `presses` times, each in a world of its own."""
    bare_ns = median(bare_slices_ns())
    runs = [_activation(seed) for seed in range(1, presses + 1)]
    return [
        *_figures(
            "qualified to dialled", [(sum(r.to_dial_ns), len(r.to_dial_ns)) for r in runs], bare_ns
        ),
        *_figures("longest slice", [(max(r.all_ns), 1) for r in runs], bare_ns),
        Figure("an empty slice", bare_ns / 1000, "us", "on the VM; taken off for net figures"),
    ]


def _figures(name: str, sums: list[tuple[int, int]], bare_ns: float) -> Iterator[Figure]:
    raw_ms = [ns / 1e6 for ns, _ in sums]
    net_ms = [max(0.0, ns - bare_ns * slices) / 1e6 for ns, slices in sums]
    for board, factor in (("ESP32", ESP32_FACTOR), ("RP2040", RP2040_FACTOR)):
        for kind, values in (("raw", raw_ms), ("net", net_ms)):
            p50, p99 = (percentile(values, percent) * factor for percent in (50, 99))
            detail = f"p50 {p50:.1f}, max {max(values) * factor:.1f}, {len(values)} presses"
            yield Figure(f"{name}, {board} {kind} p99", p99, "ms", detail, at_most=_LIMIT_MS)


def _activation(seed: int) -> Slices:
    press_at_s = Random(seed).uniform(0, _PRESS_WITHIN_S)
    setting = Setting(press_at_s=press_at_s, talk_s=_TALK_S)
    with Simulation(setting, Conditions(seed=seed, look_ahead=False)) as simulation:
        simulation.handset.sample_heap = False
        simulation.settle()
        return _Watch(simulation).run(press_at_s)


class _Watch:
    """Follows one press: the motor starts when it is qualified, `ATD` leaves when it is dialled."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._slices = Slices()
        self._began = self._ended = False
        simulation.handset.on_slice(self._on_slice)
        simulation.handset.trace.listen(self._hear)

    def run(self, press_at_s: float) -> Slices:
        simulation = self._simulation
        simulation.kernel.run_until(simulation.origin_us + round(press_at_s * 1e6))
        self._slices.all_ns.clear()
        limit_us = simulation.kernel.now_us + 120_000_000
        simulation.kernel.run_until(limit_us, simulation.is_over)
        if not self._ended:
            raise RuntimeError("the handset did not dial")
        return self._slices

    def _on_slice(self, t_us: int, cpu_ns: int) -> None:
        # A slice is told before what it sent: the one now told may turn out to be the first.
        self._slices.all_ns.append(cpu_ns)
        if self._began and not self._ended:
            self._slices.to_dial_ns.append(cpu_ns)

    def _hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        facts = self._simulation.facts
        if direction is Direction.TO_HANDSET or self._ended:
            return
        if not self._began and (kind, port, data) == (kinds.PIN, facts.HAPTIC_PIN, b"\x01"):
            self._began = True
            self._slices.to_dial_ns.append(self._slices.all_ns[-1])
        if (kind, port) == (kinds.UART, facts.MODEM_UART) and data.startswith(b"ATD"):
            self._ended = True
