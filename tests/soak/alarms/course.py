"""Carries out an episode: presses, strikes, watches, heals, and gives an account of it all."""

import contextlib
from dataclasses import dataclass, field

from tests.simulator.handset.conversation_on_line import ConversationOnLine
from tests.soak.alarms.faults import Strike, Weather
from tests.soak.alarms.plan import Alarm, Episode
from tests.soak.alarms.watch import Truth, Watch

from tocsin_host import wire
from tocsin_host.credential import Credential
from tocsin_host.errors import TocsinError
from tocsin_host.measure.record import RunRecord
from tocsin_host.wire import Outcome
from tocsin_sim.provision import handset_keys
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.world.setting import Numbers, Setting

_S = 1_000_000
_RESTARTS_TO_WATCH = 3
_LAST_NOTICE_US = 9 * _S
RECOVERY_S = 300.0
"""Once nothing is amiss any longer, an alarm is answered and over within so long."""


@dataclass(slots=True)
class Alarmed:
    """What became of one press; times in microseconds after scenario zero.

    `outcome` is None for one still open when `watched_us` came, and then `recovered_us` is when it
    was over once everything was healed.
    """

    plan: Alarm
    pressed_us: int
    presses_us: list[int] = field(default_factory=list)
    outcome: Outcome | None = None
    watched_us: int = 0
    recovered_us: int | None = None
    is_cancelled: bool = False
    has_supply: bool = True

    @property
    def is_over(self) -> bool:
        """Whether the handset lives on and is done with it."""
        return self.has_supply and (self.outcome is not None or self.recovered_us is not None)


@dataclass(slots=True)
class Account:
    """One episode, as the world and the handset tell it."""

    episode: Episode
    alarms: list[Alarmed]
    truth: Truth
    record: RunRecord
    crashes: list[str]
    restarts: int
    log: str
    struck: list[Strike]


def account_of(episode: Episode, image: FirmwareImage) -> Account:
    """Carry out the episode with this firmware, built for its board."""
    config: dict[str, int | str] = {"activation_limit_s": episode.limit_s}
    if episode.has_alternate:
        config["alternate_number"] = Numbers().alternate
    setting = Setting(
        press_at_s=None,
        config=config,
        begin_at_ringback=episode.begin_at_ringback,
        setup_median_s=episode.setup_median_s,
        answer_mean_s=episode.answer_mean_s,
        talk_s=episode.talk_s,
    )
    conditions = Conditions(
        episode.board,
        episode.world_seed,
        image=image,
        names_tasks=episode.has_failing_task,
    )
    with Simulation(setting, conditions) as simulation:
        return _Course(episode, simulation).run()


class _Course:
    def __init__(self, episode: Episode, simulation: Simulation) -> None:
        self._episode = episode
        self._simulation = simulation
        self._kernel = simulation.kernel
        self._watch = Watch(simulation)
        self._weather = Weather(simulation)
        self._struck: list[Strike] = []
        self._current: Alarmed | None = None

    def run(self) -> Account:
        simulation = self._simulation
        simulation.settle()
        alarms: list[Alarmed] = []
        for plan in self._episode.alarms:
            alarms.append(self._alarm(plan))
            if not alarms[-1].is_over or simulation.restarts():
                break
        stats = simulation.handset.stats
        restarts = simulation.restarts()
        log = simulation.handset.log
        record = simulation.finish()
        crashes = [crash.text for crash in stats.crashes]
        return Account(
            self._episode, alarms, self._watch.truth, record, crashes, restarts, log, self._struck
        )

    def _alarm(self, plan: Alarm) -> Alarmed:
        simulation, kernel = self._simulation, self._kernel
        begin_us = kernel.now_us + round(plan.rest_s * _S)
        lead_s = max(0.0, *(-strike.at_s for strike in plan.strikes), 0.0)
        pressed_us = begin_us + round(lead_s * _S)
        alarm = self._current = Alarmed(plan, pressed_us - simulation.origin_us)
        for strike in plan.strikes:
            kernel.at(pressed_us + round(strike.at_s * _S), self._strike, strike, alarm)
        kernel.run_until(pressed_us - 1)
        simulation.await_activation()
        self._press(alarm, pressed_us, plan.hold_ms)
        self._watch_over(alarm, pressed_us)
        return alarm

    def _strike(self, strike: Strike, alarm: Alarmed) -> None:
        """Bring it about, unless it is a touch of the button that would raise the next alarm."""
        is_touch = strike.fault.startswith("button.")
        if not is_touch or (alarm is self._current and not self._is_over()):
            self._struck.append(strike)
            self._weather.bring(strike)

    def _press(self, alarm: Alarmed, t_us: int, hold_ms: int) -> None:
        alarm.presses_us.append(t_us - self._simulation.origin_us)
        self._simulation.world.person.press(t_us, hold_ms)

    def _watch_over(self, alarm: Alarmed, pressed_us: int) -> None:
        plan, kernel, simulation = alarm.plan, self._kernel, self._simulation
        steps = [(plan.again_at_s, self._again), (plan.cancel_at_s, self._cancel)]
        for at_s, step in sorted((at_s, step) for at_s, step in steps if at_s is not None):
            self._until(pressed_us + round(at_s * _S))
            if not self._is_over():
                step(alarm)
        self._until(pressed_us + round(plan.horizon_s * _S))
        alarm.outcome = simulation.record.outcome
        alarm.has_supply = simulation.handset.is_powered
        if alarm.outcome is not None:
            kernel.run_until(kernel.now_us + _LAST_NOTICE_US)
        alarm.watched_us = kernel.now_us - simulation.origin_us
        if alarm.has_supply:
            self._heal(alarm)
            alarm.has_supply = simulation.handset.is_powered

    def _until(self, t_us: int) -> None:
        self._kernel.run_until(t_us, self._is_over)

    def _is_over(self) -> bool:
        simulation = self._simulation
        return simulation.record.outcome is not None or simulation.restarts() > _RESTARTS_TO_WATCH

    def _again(self, alarm: Alarmed) -> None:
        now_us = self._kernel.now_us
        self._press(alarm, now_us, 1_500)
        self._until(now_us + 2 * _S)

    def _cancel(self, alarm: Alarmed) -> None:
        """Somebody with the technician's key ends it, unless the line fails them."""
        simulation = self._simulation
        keys = handset_keys(self._episode.world_seed, simulation.setting.identity)
        credential = Credential(wire.Role.TECHNICIAN, keys.by_role[wire.Role.TECHNICIAN])
        line = simulation.handset.uart(simulation.facts.LINK_UART)
        talk = ConversationOnLine(self._kernel, line, credential)
        with contextlib.suppress(TocsinError, TimeoutError):
            talk.open()
            state = talk.ask(wire.ActivationGet())
            if isinstance(state, wire.ActivationState) and state.is_open:
                alarm.is_cancelled = True
                talk.ask(wire.ActivationCancel(state.activation))
        talk.unplug()

    def _heal(self, alarm: Alarmed) -> None:
        """Nothing is amiss any longer: what was still open comes to its end."""
        self._weather.clear()
        if alarm.outcome is None:
            self._until(self._kernel.now_us + round(RECOVERY_S * _S))
            if self._is_over():
                alarm.recovered_us = self._kernel.now_us - self._simulation.origin_us
                self._kernel.run_until(self._kernel.now_us + _LAST_NOTICE_US)
