"""Takes down what happens in a run as events, for steps to wait for and expectations to judge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tocsin_host.measure.stages import StageMark
from tocsin_host.wire import Notice, Outcome, Stage
from tocsin_sim.kernel import Direction
from tocsin_sim.scenario.events import MARK, Happening, is_first_hand
from tocsin_sim.simulation import Simulation
from tocsin_sim.vm.shim import kinds

_RESET_CAUSES = {
    kinds.HARD_RESET: "crash",
    kinds.WDT_RESET: "watchdog",
    kinds.SOFT_RESET: "restart",
}


class Log:
    """Hears everything of one handset; `listener(happening)` hears of each as it happens.

    What the handset tells is dated by its own clock, and heard of some milliseconds later.
    """

    def __init__(
        self, simulation: Simulation, device: int, listener: Callable[[Happening], object]
    ) -> None:
        self.happenings: list[Happening] = []
        self._simulation = simulation
        self._device = device
        self._listener = listener
        simulation.world.witness.listen(self._now)
        simulation.recorder.on_mark = self._mark
        simulation.recorder.on_notice = self._notice
        simulation.recorder.on_closed = self._closed
        simulation.handset.trace.listen(self._hear)
        self._refused = 0

    def _add(self, name: str, t_us: int, told: dict[str, Any]) -> None:
        happening = Happening(name, t_us, self._device, told)
        self.happenings.append(happening)
        self._listener(happening)

    def _now(self, name: str, told: dict[str, Any]) -> None:
        self._add(name, self._simulation.kernel.now_us - self._simulation.origin_us, told)

    def _mark(self, mark: StageMark) -> None:
        if not is_first_hand(mark.stage, mark.reporter):
            return
        told = {"reporter": mark.reporter.value, "attempt": mark.attempt, "detail": mark.detail}
        self._add(f"{MARK}{mark.stage.name.lower()}", mark.t_us, told)
        if mark.stage is Stage.LOCATION_RECEIVED:
            self._add("location.received", mark.t_us, self._newest_location())
        elif mark.stage is Stage.TAG_RECEIVED:
            self._add("tag.received", mark.t_us, self._newest_tag())

    def _notice(self, notice: Notice | None, t_us: int) -> None:
        if notice is None:
            self._add("person.puzzled", t_us, {})
        else:
            self._add("person.told", t_us, {"notice": notice.name})

    def _closed(self, outcome: Outcome, t_us: int) -> None:
        self._add("activation.closed", t_us, {"outcome": outcome.name})

    def _hear(self, _t_us: int, direction: Direction, kind: int, _port: int, data: bytes) -> None:
        if kind == kinds.BOOT and direction is Direction.TO_HANDSET and data[0] in _RESET_CAUSES:
            self._now("handset.restarted", {"cause": _RESET_CAUSES[data[0]]})

    def _newest_location(self) -> dict[str, Any]:
        texts = [each for incident in self._simulation.point.incidents for each in incident.texts]
        location = max(texts, key=lambda each: each.t_us).location
        names = ("method", "has_position", "radius_m", "lat_deg", "lon_deg")
        return {name: getattr(location, name) for name in names}

    def _newest_tag(self) -> dict[str, Any]:
        tags = [each for incident in self._simulation.point.incidents for each in incident.tags]
        tag = max(tags, key=lambda each: each.t_us)
        return {
            "identity": tag.identity,
            "counter": tag.counter,
            "priority": tag.report.priority.name,
            "duress": bool(tag.report.duress),
            "fix_source": tag.report.fix_source.name,
            "attempt": tag.report.attempt,
            "battery_pct": tag.report.battery_pct,
            "radius_m": tag.report.radius_m,
            "fix_age_s": tag.report.fix_age_s,
        }

    def finish(self) -> None:
        """Take down what is only known at the end: the journal, and reports not believed."""
        simulation = self._simulation
        ours = simulation.setting.numbers.handset
        for t_us, sender, why in simulation.point.refused:
            if sender == ours:
                self._add("tag.refused", t_us - simulation.origin_us, {"why": why})
        for entry in simulation.record.journal:
            told = {"kind": entry.kind.name, "code": entry.code, "value": entry.value}
            self._now("journal.entry", told)
