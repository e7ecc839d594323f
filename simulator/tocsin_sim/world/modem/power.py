"""Power of a modem: rail, power key, reset line, the order of start-up, shutdown."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tocsin_sim.world.interfaces import Event, Kernel
from tocsin_sim.world.laws import uniform_us
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.pins import ModemPins
from tocsin_sim.world.modem.reply import ERROR, OK, Reply


@dataclass(frozen=True, slots=True)
class PowerTimes:
    """What a family's power key asks for, and how long things take: microseconds, seconds."""

    on_pulse_us: int
    off_pulse_us: int
    shutdown_us: int
    off_time_us: int
    boot_s: tuple[float, float]


class State(Enum):
    """Where the modem stands."""

    OFF = "off"
    STARTING = "starting"
    ON = "on"
    STOPPING = "stopping"


class Power:
    """Follows rail (1 on; None always on), power key (1 pressed) and reset (1 resets).

    `on_started()` is called when the UART comes alive, `on_stopped()` when it dies,
    `on_state(state)` at every change.
    """

    def __init__(
        self,
        kernel: Kernel,
        times: PowerTimes,
        pins: ModemPins,
        on_started: Callable[[], None],
        on_stopped: Callable[[], None],
        on_state: Callable[[State], None],
    ) -> None:
        self._state = State.OFF
        self._on_state = on_state
        self._kernel = kernel
        self._times = times
        self._rail = pins.rail
        self.is_key_dead = False
        self._key_pressed_us: int | None = None
        self._off_us = -times.off_time_us
        self._next: Event | None = None
        self._boot = kernel.stream("modem.boot")
        self._on_started = on_started
        self._on_stopped = on_stopped
        pins.power_key.on_change(self._key_changed)
        if pins.rail is not None:
            pins.rail.on_change(self._rail_changed)
        if pins.reset is not None:
            pins.reset.on_change(self._reset_changed)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    def _enter(self, state: State) -> None:
        self._state = state
        self._on_state(state)

    def cut(self) -> None:
        """Lose the supply this instant."""
        self._key_pressed_us = None
        self._stop()

    def _rail_changed(self, level: int) -> None:
        if not level:
            self.cut()

    def _reset_changed(self, level: int) -> None:
        if level:
            self.cut()
        elif self._rail is None or self._rail.level == 1:
            self._start()

    def restart(self) -> None:
        """Start again by itself, without a word."""
        self._stop()
        self._start()

    def _key_changed(self, level: int) -> None:
        if level:
            self._key_pressed_us = self._kernel.now_us
        elif self._key_pressed_us is not None:
            pulse_us = self._kernel.now_us - self._key_pressed_us
            self._key_pressed_us = None
            if not self.is_key_dead:
                self._key_released(pulse_us)

    def _key_released(self, pulse_us: int) -> None:
        if self.state is State.OFF:
            has_rested = self._kernel.now_us - self._off_us >= self._times.off_time_us
            has_supply = self._rail is None or self._rail.level == 1
            if pulse_us >= self._times.on_pulse_us and has_rested and has_supply:
                self._start()
        elif self.state is State.ON and pulse_us >= self._times.off_pulse_us:
            self._shut_down()

    def _start(self) -> None:
        self._enter(State.STARTING)
        self._then(uniform_us(self._boot, *self._times.boot_s), self._started)

    def _started(self) -> None:
        self._enter(State.ON)
        self._on_started()

    def _shut_down(self) -> None:
        self._enter(State.STOPPING)
        self._then(self._times.shutdown_us, self._stop)

    def _stop(self) -> None:
        self._cancel()
        if self.state is not State.OFF:
            self._enter(State.OFF)
            self._off_us = self._kernel.now_us
            self._on_stopped()

    def switch_off(self, command: Command) -> Reply:
        """Go off, as a command of the family's asks."""
        if command.form is Form.READ:
            return ERROR
        self._shut_down()
        return OK

    def reset(self, command: Command) -> Reply:
        """Start again, as a command of the family's asks."""
        if command.form is not Form.EXECUTE:
            return ERROR
        self._then(self._times.shutdown_us, self.restart)
        return OK

    def _then(self, delay_us: int, step: Callable[[], None]) -> None:
        self._cancel()
        self._next = self._kernel.after(delay_us, step)

    def _cancel(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None
