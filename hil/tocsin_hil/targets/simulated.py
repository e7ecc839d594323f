"""Target `sim`: handset and world in this process, in virtual time."""

from dataclasses import dataclass
from pathlib import Path

from tocsin_hil.bench import LINGER_S, Circumstances, Until, closed
from tocsin_host.measure import RunRecord
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.setting import Setting


@dataclass(frozen=True, slots=True)
class SimulatedBench:
    """A simulated handset of `board` running `firmware`."""

    board: str
    firmware: Path | None

    def press(self, circumstances: Circumstances, until: Until = closed) -> RunRecord:
        """Press and watch; see Bench."""
        conditions = Conditions(self.board, circumstances.seed, firmware=self.firmware)
        with Simulation(_setting(circumstances), conditions) as simulation:
            _watch(simulation, until, circumstances.limit_s)
            return simulation.finish()


def _watch(simulation: Simulation, until: Until, limit_s: float) -> None:
    kernel, record, stats = simulation.kernel, simulation.record, simulation.handset.stats

    def has_restarted() -> bool:
        return stats.boots > 1 or bool(stats.crashes)

    simulation.settle()
    if not has_restarted():
        limit_us = simulation.origin_us + round(limit_s * 1e6)
        kernel.run_until(limit_us, lambda: has_restarted() or until(record))
        kernel.run_until(kernel.now_us + round(LINGER_S * 1e6), has_restarted)


def _setting(circumstances: Circumstances) -> Setting:
    return Setting(
        hold_ms=circumstances.hold_ms,
        issued=circumstances.issued,
        refuse_calls=circumstances.refuse_calls,
        nobody_answers=circumstances.nobody_answers,
        ring_limit_s=circumstances.ring_limit_s,
        talk_s=circumstances.talk_s,
        ttff_median_s=circumstances.first_fix_s,
        sms_delay_median_s=circumstances.sms_delay_s,
    )
