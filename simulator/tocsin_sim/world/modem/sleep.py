"""Slow-clock sleep: allowed by a command, with DTR high the UART goes deaf after a quiet while."""

from collections.abc import Callable

from tocsin_sim.world.interfaces import Kernel, PinLine
from tocsin_sim.world.laws import uniform_us

_QUIET_US = 10_000_000  # SIMCom: sleep begins 10 to 20 s after the last activity
_WAKE_S = (0.020, 0.050)


class Sleep:
    """Tells whether the modem is awake; works it out when asked, so idling costs no events.

    `may_sleep()` is true while it is allowed and neither a call nor the receiver needs the clock.
    """

    def __init__(self, kernel: Kernel, dtr: PinLine | None, may_sleep: Callable[[], bool]) -> None:
        self._kernel = kernel
        self._dtr = dtr
        self._may_sleep = may_sleep
        self._wake = kernel.stream("modem.wake")
        self._active_us = 0
        self._awake_us = 0
        self._dtr_level = 1
        if dtr is not None:
            self._dtr_level = dtr.level
            dtr.on_change(self._dtr_changed)

    def stir(self) -> None:
        """Note activity: bytes, a call, the receiver."""
        self._active_us = self._kernel.now_us

    def power_on(self) -> None:
        """Start awake."""
        self._awake_us = self._active_us = self._kernel.now_us

    @property
    def is_asleep(self) -> bool:
        """Tell whether the UART is deaf."""
        if self._dtr is None or self._dtr_level == 0:
            return False
        if not self._may_sleep():
            self.stir()
        return self._kernel.now_us - self._active_us >= _QUIET_US

    def hears(self) -> bool:
        """Tell whether bytes arriving now are heard; hearing them is activity."""
        if self.is_asleep or self._kernel.now_us < self._awake_us:
            return False
        self.stir()
        return True

    def _dtr_changed(self, level: int) -> None:
        if level == 0 and self.is_asleep:
            self._awake_us = self._kernel.now_us + uniform_us(self._wake, *_WAKE_S)
        self._dtr_level = level
        self.stir()
