"""How much faster than the clock on the wall the simulated handset lives."""

from tests.bench.figures import Figure, median
from tests.bench.standing_load import LOAD_S, LoadRun, run_load

TITLE = "Speed of the standing load, one core"

_GOAL = 1_500
_DESIGN_GOAL = 2_000


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


def _spread(speeds: list[float]) -> str:
    return f"median of {len(speeds)}, {min(speeds):,.0f} .. {max(speeds):,.0f}"
