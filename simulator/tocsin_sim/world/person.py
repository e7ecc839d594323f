"""The person: a finger on a bouncing button, a hand that feels the motor."""

from tocsin_host.wire import Notice, Stage
from tocsin_sim.world.events import FIXTURE, Events
from tocsin_sim.world.haptics import HapticReader
from tocsin_sim.world.interfaces import Kernel, PinLine
from tocsin_sim.world.laws import uniform_us

# A contact settles within 6 ms (Ganssle's survey): four bounces, each out and back.
_MAX_BOUNCES = 4
_MAX_SWING_S = 0.00075


class Person:
    """Presses `button` (pulled to `pressed_level`) and reads `haptic` (1 runs the motor)."""

    def __init__(
        self,
        kernel: Kernel,
        events: Events,
        button: PinLine,
        haptic: PinLine,
        pressed_level: int = 0,
    ) -> None:
        self._kernel = kernel
        self._events = events
        self._button = button
        self._pressed_level = pressed_level
        self._bounce = kernel.stream("person.bounce")
        self._reader = HapticReader(kernel, self._understood)
        self._waits_for_answer = False
        self._closing: set[str] = set()
        button.drive(1 - pressed_level)
        haptic.on_change(self._felt)

    def press(self, at_us: int, hold_ms: int, max_bounces: int = _MAX_BOUNCES) -> None:
        """Press at `at_us`, the first electrical edge, and let go `hold_ms` later."""
        self._kernel.at(at_us, self._touch)
        self._swing(at_us, True, max_bounces)
        self._swing(at_us + hold_ms * 1000, False, max_bounces)

    def brush(self, times: int, closed_ms: float, open_ms: float) -> None:
        """Close the contact many times from now on, as things in a pocket do."""
        t_us = self._kernel.now_us
        for _ in range(times):
            self._kernel.at(t_us, self._contact, "pocket", True)
            t_us += round(closed_ms * 1000)
            self._kernel.at(t_us, self._contact, "pocket", False)
            t_us += round(open_ms * 1000)

    def jam(self, is_closed: bool) -> None:
        """Hold the contact closed from now on, or let it open."""
        self._contact("jam", is_closed)

    def _contact(self, by: str, is_closed: bool) -> None:
        """It is closed for as long as anything closes it."""
        (self._closing.add if is_closed else self._closing.discard)(by)
        self._button.drive(self._pressed_level if self._closing else 1 - self._pressed_level)

    def _touch(self) -> None:
        self._waits_for_answer = True
        self._events.stage(Stage.PRESSED, self._kernel.now_us, FIXTURE, "")

    def _swing(self, t_us: int, is_closed: bool, max_bounces: int) -> None:
        """Close or open the contact, bouncing up to so many times."""
        self._kernel.at(t_us, self._contact, "finger", is_closed)
        for _ in range(self._bounce.randint(0, max_bounces)):
            for bounced in (not is_closed, is_closed):
                t_us += uniform_us(self._bounce, 0.00005, _MAX_SWING_S)
                self._kernel.at(t_us, self._contact, "finger", bounced)

    def _felt(self, level: int) -> None:
        self._reader.edge(level)

    def _understood(self, notice: Notice | None, t_us: int) -> None:
        if notice is Notice.RAISED and self._waits_for_answer:
            self._waits_for_answer = False
            self._events.stage(Stage.ACKNOWLEDGED, t_us, FIXTURE, "")
        self._events.notice(notice, t_us)
