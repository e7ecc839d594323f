"""How much faster than the clock on the wall the simulated handset lives."""

import time

from tests.bench.figures import Figure, median
from tests.bench.standing_load import LOAD_S, LoadRun, run_load

TITLE = "Speed of the standing load, one core"

_GOAL = 1_500
_DESIGN_GOAL = 2_000
_CALIBRATION_LIMIT_NS = 10**10


def measure(repeats: int) -> list[Figure]:
    """Run the load `repeats` times, with and without look-ahead in turn."""
    run_load()  # imports, bytecode cache
    ahead: list[LoadRun] = []
    stepwise: list[LoadRun] = []
    for _ in range(repeats):
        ahead.append(run_load())
        stepwise.append(run_load(look_ahead=False))
    one = ahead[0]
    speeds = [each.speed for each in ahead]
    load = f"{one.sentences / LOAD_S:.2f} sentences/s, {one.exchanges / LOAD_S:.2f} AT exchanges/s"
    return [
        Figure("virtual s per wall s", median(speeds), "x", _spread(speeds), at_least=_GOAL),
        Figure("the same, design goal", median(speeds), "x", load, at_least=_DESIGN_GOAL),
        _cpu_figure(ahead),
        Figure("calibration: a loop of 1,000,000 turns", _calibration_ms(), "ms", "the machine's"),
        Figure(
            "without look-ahead",
            median([each.speed for each in stepwise]),
            "x",
            _spread([each.speed for each in stepwise]),
        ),
    ]


def _cpu_figure(runs: list[LoadRun]) -> Figure:
    vm_ms = median([each.vm_cpu_s for each in runs]) * 1000
    host_ms = median([each.host_cpu_s for each in runs]) * 1000
    return Figure(
        "virtual s per CPU s",
        median([each.cpu_speed for each in runs]),
        "x",
        f"VM {vm_ms:.0f} ms + simulator {host_ms:.0f} ms for {LOAD_S} s",
    )


def _calibration_ms() -> float:
    """Return what the same plain loop takes: by it runs on a slowed machine can be compared."""
    best_ns = _CALIBRATION_LIMIT_NS
    for _ in range(5):
        start_ns = time.perf_counter_ns()
        total = 0
        for number in range(1_000_000):
            total += number & 7
        best_ns = min(best_ns, time.perf_counter_ns() - start_ns)
    return best_ns / 1e6


def _spread(speeds: list[float]) -> str:
    return f"median of {len(speeds)}, {min(speeds):,.0f} .. {max(speeds):,.0f}"
