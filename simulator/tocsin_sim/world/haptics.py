"""How a person reads the haptic pulses: whole patterns, by feel."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from tocsin_host.wire import Notice
from tocsin_sim.world.interfaces import Event, Kernel

_PATTERN_END_US = 400_000  # the longest rest inside a pattern is 300 ms
# A hand tells short, long and very long pulses apart, whatever a busy handset stretches them by.
_LONG_MS = 300
_VERY_LONG_MS = 900


def recognise(durations_ms: Sequence[int]) -> Notice | None:
    """Return the notice these on and off times mean, by number and length of the pulses."""
    felt = _pulses(durations_ms)
    return next((notice for notice in Notice if _pulses(notice.pattern) == felt), None)


def _pulses(durations_ms: Sequence[int]) -> list[int]:
    return [(on_ms >= _LONG_MS) + (on_ms >= _VERY_LONG_MS) for on_ms in durations_ms[::2]]


class HapticReader:
    """Turns edges of the motor line into notices: `on_notice(notice or None, start t_us)`."""

    def __init__(self, kernel: Kernel, on_notice: Callable[[Notice | None, int], None]) -> None:
        self._kernel = kernel
        self._on_notice = on_notice
        self._edges_us: list[int] = []
        self._end: Event | None = None

    def edge(self, level: int) -> None:
        """Feel the motor start (1) or stop (0)."""
        is_running = len(self._edges_us) % 2 == 1
        if bool(level) is is_running:
            return
        self._edges_us.append(self._kernel.now_us)
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if not level:
            self._end = self._kernel.after(_PATTERN_END_US, self._finish)

    def _finish(self) -> None:
        edges_us, self._edges_us, self._end = self._edges_us, [], None
        pairs = pairwise(edges_us)
        durations_ms = [round((later - earlier) / 1000) for earlier, later in pairs]
        self._on_notice(recognise(durations_ms), edges_us[0])
