"""A kernel's second name: the same clock and queue, with random streams of its own."""

import random
from collections.abc import Callable
from typing import Any

from tocsin_sim.kernel.events import Event, Kernel


class Branch(Kernel):
    """For a second handset in the world of `trunk`: what it draws shifts nothing of the first's."""

    def __init__(self, trunk: Kernel, name: str) -> None:
        self.seed = trunk.seed
        self._trunk = trunk
        self._name = name

    @property
    def now_us(self) -> int:
        """Virtual time."""
        return self._trunk.now_us

    @now_us.setter
    def now_us(self, t_us: int) -> None:
        self._trunk.now_us = t_us

    def _schedule(
        self, t_us: int, priority: int, callback: Callable[..., object], args: tuple[Any, ...]
    ) -> Event:
        return self._trunk._schedule(t_us, priority, callback, args)  # noqa: SLF001 - a part of it

    def stream(self, name: str) -> random.Random:
        """Return the random stream of that name, another than the trunk's."""
        return self._trunk.stream(f"{self._name}/{name}")

    def next_event_us(self) -> int:
        """Return the time of the next event; FOREVER_US when there is none."""
        return self._trunk.next_event_us()

    def horizon_us(self) -> int:
        """Return the latest time up to which nothing can happen of itself."""
        return self._trunk.horizon_us()

    def run_until(self, t_us: int, stop: Callable[[], bool] | None = None) -> None:
        """Let everything up to and including `t_us` happen, or until `stop()` holds."""
        self._trunk.run_until(t_us, stop)
