"""A deterministic discrete-event kernel: virtual time in whole microseconds."""

import hashlib
import random
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Final

FOREVER_US: Final = 1 << 60
"""Later than any event; still a small int on the VM."""

_WORLD: Final = 0
_AFTER_WORLD: Final = 1


class Event:
    """Something that will happen; `cancel()` undoes it, also after it happened."""

    __slots__ = ("args", "callback")

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.callback: Callable[..., object] | None = callback
        self.args = args

    def cancel(self) -> None:
        """Make sure it does not happen (any more)."""
        self.callback = None
        self.args = ()


class Kernel:
    """Virtual clock, event queue and seeded random streams.

    Events happen in the order of their time, then of their scheduling.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.now_us = 0
        self._queue: list[tuple[int, int, int, Event]] = []
        self._scheduled = 0
        self._limit_us = 0

    def at(self, t_us: int, callback: Callable[..., object], *args: Any) -> Event:
        """Call `callback(*args)` at `t_us`, at once if that is past."""
        return self._schedule(t_us, _WORLD, callback, args)

    def after(self, delay_us: int, callback: Callable[..., object], *args: Any) -> Event:
        """Call `callback(*args)` `delay_us` from now."""
        return self._schedule(self.now_us + delay_us, _WORLD, callback, args)

    def at_end_of(self, t_us: int, callback: Callable[..., object], *args: Any) -> Event:
        """Call `callback(*args)` at `t_us`, once all other events of that instant happened."""
        return self._schedule(t_us, _AFTER_WORLD, callback, args)

    def _schedule(
        self, t_us: int, priority: int, callback: Callable[..., object], args: tuple[Any, ...]
    ) -> Event:
        event = Event(callback, args)
        if t_us < self.now_us:
            t_us = self.now_us
        self._scheduled += 1
        heappush(self._queue, (t_us, priority, self._scheduled, event))
        return event

    def stream(self, name: str) -> random.Random:
        """Return the random stream of that name: the same draws for the same seed and name.

        One stream per use, so that a new draw in one model shifts no other.
        """
        digest = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=16).digest()
        return random.Random(int.from_bytes(digest, "big"))

    def next_event_us(self) -> int:
        """Return the time of the next event; FOREVER_US when there is none."""
        queue = self._queue
        while queue and queue[0][3].callback is None:
            heappop(queue)
        return queue[0][0] if queue else FOREVER_US

    def horizon_us(self) -> int:
        """Return the latest time up to which nothing can happen of itself.

        Whoever runs now may advance `now_us` up to there without returning.
        """
        return min(self.next_event_us() - 1, self._limit_us)

    def run_until(self, t_us: int, stop: Callable[[], bool] | None = None) -> None:
        """Let everything up to and including `t_us` happen, or until `stop()` holds.

        `now_us` is then `t_us`, or the time of the event after which `stop()` held.
        """
        queue = self._queue
        self._limit_us = t_us
        while queue and queue[0][0] <= t_us:
            t_event_us, _, _, event = heappop(queue)
            if event.callback is None:
                continue
            self.now_us = t_event_us
            event.callback(*event.args)
            if stop is not None and stop():
                return
        self.now_us = max(self.now_us, t_us)
