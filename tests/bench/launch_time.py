"""How long it takes until something runs: a handset, the command line."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figures import Figure, median

from tocsin_sim.kernel import Direction
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.shim import kinds
from tocsin_sim.world.setting import Setting

TITLE = "Launch"

_HANDSET_LIMIT_MS = 10
_VERSION_LIMIT_MS = 150


def measure(repeats: int) -> list[Figure]:
    """Launch handset and command line `repeats` times, in turn."""
    _handset_ms()  # imports, bytecode cache
    handsets: list[float] = []
    versions: list[float] = []
    for _ in range(repeats):
        handsets.append(_handset_ms())
        versions.append(_version_ms())
    return [
        _figure("fork to vital tasks running", handsets, _HANDSET_LIMIT_MS),
        _figure("tocsin --version", versions, _VERSION_LIMIT_MS),
    ]


def _figure(name: str, times_ms: list[float], limit_ms: float) -> Figure:
    detail = f"median of {len(times_ms)}, {min(times_ms):.1f} .. {max(times_ms):.1f}"
    return Figure(name, median(times_ms), "ms", detail, at_most=limit_ms)


def _handset_ms() -> float:
    """Time from power-on to the first trace event: it leaves after the vital tasks' first turn."""
    with Simulation(Setting(), Conditions()) as simulation:
        heard: list[int] = []
        link_uart = simulation.facts.LINK_UART

        def hear(t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
            if (direction, kind, port) == (Direction.FROM_HANDSET, kinds.UART, link_uart):
                heard.append(t_us)

        simulation.handset.trace.listen(hear)
        begin_ns = time.perf_counter_ns()
        simulation.handset.power_on()
        simulation.kernel.run_until(simulation.origin_us, lambda: bool(heard))
        if not heard:
            raise RuntimeError(f"the handset did not start: {simulation.handset.log}")
        return (time.perf_counter_ns() - begin_ns) / 1e6


def _version_ms() -> float:
    installed = shutil.which("tocsin", path=str(Path(sys.executable).parent))
    if installed is None:
        raise RuntimeError("tocsin is not installed beside this Python")
    begin_ns = time.perf_counter_ns()
    subprocess.run([installed, "--version"], check=True, capture_output=True)
    return (time.perf_counter_ns() - begin_ns) / 1e6
