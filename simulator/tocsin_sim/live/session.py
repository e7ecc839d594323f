"""One live handset, from power-on until somebody ends it."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from tocsin_sim.kernel import FOREVER_US, RealTimeLoop
from tocsin_sim.live.bench import Bench
from tocsin_sim.live.pty import Pty
from tocsin_sim.live.serial_bridge import SerialBridge
from tocsin_sim.simulation import Simulation


class Live:
    """A settled handset at the pace of the wall clock; use it in a `with` statement."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.link = Pty()
        self.bench = Pty()

    def run(self, announce: Callable[[], None]) -> None:
        """Settle in virtual time, `announce()`, then run in real time until interrupted."""
        simulation = self._simulation
        simulation.settle()
        loop = RealTimeLoop(simulation.kernel)
        uart = simulation.handset.uart(simulation.facts.LINK_UART)
        SerialBridge(simulation.kernel, loop, self.link, uart)
        loop.watch(self.bench.fd, Bench(simulation, self.bench).receive)
        announce()
        loop.run_until(FOREVER_US)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.link.close()
        self.bench.close()
