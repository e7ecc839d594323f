"""The same kernel at the pace of the wall clock, for people, ptys and foreign programs."""

import selectors
import time
from collections.abc import Callable

from tocsin_sim.kernel.events import Kernel

_US_PER_S = 1_000_000
_LONGEST_WAIT_S = 60.0  # select() takes no timeout of centuries


class RealTimeLoop:
    """Runs a kernel no faster than the wall clock and watches file descriptors meanwhile.

    Virtual time never runs ahead, so what arrives on a descriptor happens when it arrives.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._selector = selectors.DefaultSelector()
        self._virtual_zero_ns = _wall_ns() - kernel.now_us * 1000

    def watch(self, fd: int, callback: Callable[[], object]) -> None:
        """Call `callback` whenever `fd` is readable, with the kernel brought up to now."""
        self._selector.register(fd, selectors.EVENT_READ, callback)

    def unwatch(self, fd: int) -> None:
        """Stop watching `fd`. Raises KeyError if it was not watched."""
        self._selector.unregister(fd)

    def run_until(self, t_us: int, stop: Callable[[], bool] | None = None) -> None:
        """Run in real time until virtual `t_us`, or until `stop()` holds."""
        while not (stop is not None and stop()):
            wall_us = self._wall_us()
            self._kernel.run_until(min(wall_us, t_us), stop)
            if wall_us >= t_us or (stop is not None and stop()):
                return
            self._wait_until(min(self._kernel.next_event_us(), t_us))

    def _wall_us(self) -> int:
        return (_wall_ns() - self._virtual_zero_ns) // 1000

    def _wait_until(self, t_us: int) -> None:
        timeout_s = min(max(0, t_us - self._wall_us()) / _US_PER_S, _LONGEST_WAIT_S)
        ready = self._selector.select(timeout_s)
        if ready:
            self._kernel.run_until(max(self._wall_us(), self._kernel.now_us))
        for key, _ in ready:
            key.data()

    def close(self) -> None:
        """Stop watching everything."""
        self._selector.close()


def _wall_ns() -> int:
    """The clock that nobody slews, as a board's own crystal: rigs relate theirs to it."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)
