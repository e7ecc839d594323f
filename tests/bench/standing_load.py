"""The standing load: one activation whose call stays up, NMEA and AT traffic all the time.

Each second the receiver sends GGA, GSA, GSV and RMC and the firmware asks AT+CLCC once; the
button is interrupt-driven. All through the real drivers.
"""

import time
from dataclasses import dataclass

from tocsin_sim.kernel import Direction
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.shim import kinds
from tocsin_sim.world.setting import Setting

LOAD_S = 600
_SETTING = Setting(talk_s=2 * LOAD_S)


@dataclass(frozen=True, slots=True)
class LoadRun:
    """One run of the load: what it took and what it really consisted of."""

    wall_s: float
    host_cpu_s: float
    vm_cpu_s: float
    sentences: int
    exchanges: int

    @property
    def speed(self) -> float:
        """Virtual seconds per wall second."""
        return LOAD_S / self.wall_s

    @property
    def cpu_speed(self) -> float:
        """Virtual seconds per second of CPU time, of both processes together."""
        return LOAD_S / (self.host_cpu_s + self.vm_cpu_s)


def run_load(*, look_ahead: bool = True) -> LoadRun:
    """Let a handset settle, then time 600 virtual seconds from the press on."""
    with Simulation(_SETTING, Conditions(look_ahead=look_ahead)) as simulation:
        simulation.settle()
        counter = _Counter(simulation)
        handset, kernel = simulation.handset, simulation.kernel
        vm_ns, host_ns, wall_ns = handset.cpu_ns, time.process_time_ns(), time.perf_counter_ns()
        kernel.run_until(simulation.origin_us + LOAD_S * 1_000_000)
        return LoadRun(
            (time.perf_counter_ns() - wall_ns) / 1e9,
            (time.process_time_ns() - host_ns) / 1e9,
            (handset.cpu_ns - vm_ns) / 1e9,
            counter.sentences,
            counter.exchanges,
        )


class _Counter:
    def __init__(self, simulation: Simulation) -> None:
        self.sentences = 0
        self.exchanges = 0
        self._modem_uart = simulation.facts.MODEM_UART
        simulation.handset.trace.listen(self._hear)

    def _hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        if (kind, port) == (kinds.UART, self._modem_uart):
            if direction is Direction.TO_HANDSET:
                self.sentences += data.count(b"$")
            else:
                self.exchanges += data.startswith(b"AT")
