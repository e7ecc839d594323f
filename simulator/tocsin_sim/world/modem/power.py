"""Power of an A7670: rail, power key, the order of start-up, shutdown."""

from collections.abc import Callable
from enum import Enum

from tocsin_sim.world.interfaces import Event, Kernel, PinLine
from tocsin_sim.world.laws import uniform_us
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.reply import ERROR, OK, Handlers, Reply

# A7670 hardware manual: on after 50 ms, off after 2.5 s, ports down 2 s later, 2 s off before on.
_ON_PULSE_US = 50_000
_OFF_PULSE_US = 2_500_000
_SHUTDOWN_US = 2_000_000
_OFF_TIME_US = 2_000_000
_BOOT_S = (10.2, 11.1)


class State(Enum):
    """Where the modem stands."""

    OFF = "off"
    STARTING = "starting"
    ON = "on"
    STOPPING = "stopping"


class Power:
    """Follows rail (1 on; None always on) and power key (1 pressed).

    `on_started()` is called when the UART comes alive, `on_stopped()` when it dies.
    """

    def __init__(
        self,
        kernel: Kernel,
        rail: PinLine | None,
        key: PinLine,
        on_started: Callable[[], None],
        on_stopped: Callable[[], None],
    ) -> None:
        self.state = State.OFF
        self._kernel = kernel
        self._rail = rail
        self._key_pressed_us: int | None = None
        self._off_us = -_OFF_TIME_US
        self._next: Event | None = None
        self._boot = kernel.stream("modem.boot")
        self._on_started = on_started
        self._on_stopped = on_stopped
        key.on_change(self._key_changed)
        if rail is not None:
            rail.on_change(self._rail_changed)

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {"+CPOF": self._switch_off, "+CRESET": self._reset}

    def cut(self) -> None:
        """Lose the supply this instant."""
        self._key_pressed_us = None
        self._stop()

    def _rail_changed(self, level: int) -> None:
        if not level:
            self.cut()

    def _key_changed(self, level: int) -> None:
        if level:
            self._key_pressed_us = self._kernel.now_us
        elif self._key_pressed_us is not None:
            pulse_us = self._kernel.now_us - self._key_pressed_us
            self._key_pressed_us = None
            self._key_released(pulse_us)

    def _key_released(self, pulse_us: int) -> None:
        if self.state is State.OFF:
            has_rested = self._kernel.now_us - self._off_us >= _OFF_TIME_US
            has_supply = self._rail is None or self._rail.level == 1
            if pulse_us >= _ON_PULSE_US and has_rested and has_supply:
                self._start()
        elif self.state is State.ON and pulse_us >= _OFF_PULSE_US:
            self._shut_down()

    def _start(self) -> None:
        self.state = State.STARTING
        self._then(uniform_us(self._boot, *_BOOT_S), self._started)

    def _started(self) -> None:
        self.state = State.ON
        self._on_started()

    def _shut_down(self) -> None:
        self.state = State.STOPPING
        self._then(_SHUTDOWN_US, self._stop)

    def _stop(self) -> None:
        self._cancel()
        if self.state is not State.OFF:
            self.state = State.OFF
            self._off_us = self._kernel.now_us
            self._on_stopped()

    def _switch_off(self, command: Command) -> Reply:
        if command.form is not Form.EXECUTE:
            return ERROR
        self._shut_down()
        return OK

    def _reset(self, command: Command) -> Reply:
        if command.form is not Form.EXECUTE:
            return ERROR
        self._then(_SHUTDOWN_US, self._restart)
        return OK

    def _restart(self) -> None:
        self._stop()
        self._start()

    def _then(self, delay_us: int, step: Callable[[], None]) -> None:
        self._cancel()
        self._next = self._kernel.after(delay_us, step)

    def _cancel(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None
