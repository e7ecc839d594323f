"""How a person reads the haptic pulses: whole patterns, by feel."""

from collections.abc import Callable
from itertools import pairwise

from tocsin_host.wire import Notice
from tocsin_sim.world.interfaces import Event, Kernel

_PATTERN_END_US = 400_000  # the longest rest inside a pattern is 300 ms
_TOLERANCE_MS = 40


def recognise(durations_ms: list[int]) -> Notice | None:
    """Return the notice whose on and off times these are, within 40 ms or a fifth each."""
    for notice in Notice:
        pattern = notice.pattern
        if len(pattern) == len(durations_ms) and all(
            abs(felt - meant) <= max(_TOLERANCE_MS, meant // 5)
            for felt, meant in zip(durations_ms, pattern, strict=True)
        ):
            return notice
    return None


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
