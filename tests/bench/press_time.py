"""What the firmware itself adds between qualification and dial, whatever else it is doing.

Each press meets one condition of tests/latency. The firmware collects its garbage at the first edge
and allocates nothing in the window, so no collection falls into it by itself: one, weighed right
after a dial, is added to it. Where the processor counts its instructions the VM's are counted,
which no other load disturbs, so that each core takes a condition of its own. They are weighed by
what VM trials, 11, measured on the RP2040 at 125 MHz against the count of the same work here:

- interpreter: 50,000 turns of a loop, 370 ms, 291 instructions a turn: 25.4 ns each;
- collector, which is C: 20 kB of SHA-256, 24 ms, 81,450 instructions a KiB: 14.7 ns each.

What the simulator does in place of a handset's C, lock-step and shims, is taken off: measured on a
program that only sleeps, and on one that starts the motor and dials; of a collection, the part of
the heap that is the simulator's.

Each board is reckoned at the rate it sets itself: the RP2040 at 200 MHz, and an ESP32 at 240 MHz,
which takes 0.52 of the time at 125 by the board table of VM trials, 7 (15.4 s at 160 MHz against
19.8 s). The factors 60 and 110 of the design come from integers of 255 bits, which the VM computes
with twice as many bits a step, and from CPU time, which in steps of 0.1 ms is for the most part
that of empty caches; they stand where nothing is counted.
"""

import sys
from collections.abc import Iterator

from tests.bench.bare import bare_work
from tests.bench.figures import Figure, percentile
from tests.bench.heap import SCALE
from tests.cores import Forked
from tests.latency.conditions import CONDITIONS
from tests.latency.presses import GAUGE, IS_COUNTED, Press, presses

from tocsin_host.firmware_tree import board_facts

_LIMIT_MS = 20.0
_COLLECTING_EVERY = 10
_RP2040 = 125e6 / board_facts("pico_w_eg25").CPU_HZ
_ESP32 = 15.4 / 19.8 * 160e6 / board_facts("lilygo_t_a7670").CPU_HZ
# By board: ns per instruction of interpreter and collector, else per ns of CPU time.
_WEIGHTS = {
    True: {
        "ESP32": (25.4 * _ESP32, 14.7 * _ESP32),
        "RP2040": (25.4 * _RP2040, 14.7 * _RP2040),
    },
    False: {"ESP32": (60.0, 60.0), "RP2040": (110.0, 110.0)},
}


def measure(count: int) -> list[Figure]:
    """Press `count` times in each condition."""
    bare = bare_work(GAUGE)

    def rows(name: str) -> list[Figure]:
        return list(_rows(name, count, bare))

    found = {}
    for name, figures in Forked(rows, None if IS_COUNTED else 1).over(CONDITIONS):
        found[name] = figures
        for each in figures:
            sys.stderr.write(f"{each.name}: {each.value:.1f} {each.unit} ({each.detail})\n")
    return [figure for name in CONDITIONS for figure in found[name]]


def _rows(name: str, count: int, bare: tuple[float, float]) -> Iterator[Figure]:
    condition = CONDITIONS[name]
    found = list(presses(condition, count))
    collecting = list(presses(condition, -(-count // _COLLECTING_EVERY), collects=True))
    late_ms = max(press.late_us for press in found + collecting) / 1000
    in_the_way = sum(len(press.in_the_way) for press in found + collecting)
    heap_kb = max(press.heap_bytes for press in collecting) / SCALE / 1024
    for board, (own_ns, collector_ns) in _WEIGHTS[IS_COUNTED].items():
        own_ms = [_net(press, bare) * own_ns / 1e6 for press in found if not press.is_first]
        collection_ms = [press.collection * collector_ns / 1e6 for press in collecting]
        p99_ms = percentile(own_ms, 99) + percentile(collection_ms, 99)
        detail = (
            f"window p99 {percentile(own_ms, 99):.1f}, max {max(own_ms):.1f}; collection of "
            f"{heap_kb:.0f} KB p99 {percentile(collection_ms, 99):.1f}; at most {late_ms:.1f} ms "
            f"late by flash, {in_the_way} operations in the way; {count} presses"
        )
        yield Figure(f"dial during: {name}, {board}", p99_ms, "ms", detail, at_most=_LIMIT_MS)


def _net(press: Press, bare: tuple[float, float]) -> float:
    """The firmware's own work: without the lock-step, and without the shims of motor and line."""
    a_slice, dialling = bare
    return sum(press.share) - (len(press.share) - 1) * a_slice - dialling
