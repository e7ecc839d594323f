"""An event one task waits for, for a limited time, and no other task is needed for the limit."""

from asyncio import core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Signal:
    """As asyncio.Event for one task, which nobody may cancel while it waits; is_set tells how.

    `await signal.wait_ms(limit_ms)` returns once it is set, at the latest after the limit.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._waiter: Any = None
        self._limit_ms = 0
        self._is_over = False

    def set(self) -> None:
        """Let the task go on, now or when it next waits; allocates nothing."""
        self.is_set = True
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            _queue().remove(waiter)
            _queue().push(waiter)

    def clear(self) -> None:
        """Have the next wait last."""
        self.is_set = False

    def wait_ms(self, limit_ms: int) -> "Any":
        """What to await at once."""
        self._limit_ms = limit_ms
        self._is_over = self.is_set
        return self

    def __iter__(self) -> "Signal":
        return self

    def __next__(self) -> None:
        if self._is_over:
            self._waiter = None
            raise StopIteration
        self._is_over = True
        self._waiter = core.cur_task
        _queue().push(core.cur_task, core.ticks_add(core.ticks(), self._limit_ms))


def _queue() -> "Any":
    return core._task_queue  # noqa: SLF001 - where the port's own asyncio.Event puts its tasks
