"""What asyncio imports as `_asyncio`: the C one would read the host's clock.

Same behaviour as the port's own (MicroPython, extmod/modasyncio.c): tasks run in order of
their wake-up tick, equals first come first served.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TICKS_MASK = const(0x3FFFFFFF)
_TICKS_HALF = const(0x20000000)

core: "Any" = None  # asyncio.core, once that has been imported; it imports this module first


class TaskQueue:
    """Tasks sorted by wake-up tick."""

    def __init__(self) -> None:
        self._tasks: list = []

    def peek(self) -> "Task | None":
        """Return the next task to run, or None."""
        return self._tasks[0] if self._tasks else None

    def push(self, task: "Task", key: "int | None" = None) -> None:
        """Add a task due at tick `key`, by default now."""
        if key is None:
            key = core.ticks()
        task.data = None
        task.ph_key = key
        tasks = self._tasks
        at = 0
        end = len(tasks)
        while at < end and (tasks[at].ph_key - key + _TICKS_HALF) & _TICKS_MASK <= _TICKS_HALF:
            at += 1
        tasks.insert(at, task)

    def pop(self) -> "Task":
        """Take the next task to run off the queue."""
        return self._tasks.pop(0)

    def remove(self, task: "Task") -> None:
        """Take this task off the queue."""
        self._tasks.remove(task)


class Task:
    """A coroutine being run, and an awaitable for its end.

    `state` is True while nobody waits for it, a TaskQueue of those who do, a callable to
    be told; None once ended and not awaited, False once ended and awaited. `data` is what
    the task waits on, or what to throw into it, or how it ended.
    """

    def __init__(self, coro: object, globals: "dict | None" = None) -> None:
        self.coro = coro
        self.data: "Any" = None
        self.state: "Any" = True
        self.ph_key = 0

    def __iter__(self) -> "Task":
        if not self.state:
            self.state = False
        elif self.state is True:
            self.state = TaskQueue()
        elif not isinstance(self.state, TaskQueue):
            raise RuntimeError("can't wait")
        return self

    def __next__(self) -> None:
        if not self.state:
            raise self.data
        waiting = core.cur_task
        self.state.push(waiting)
        waiting.data = self

    def done(self) -> bool:
        """Return whether the coroutine has ended."""
        return not self.state

    def cancel(self) -> bool:
        """Throw CancelledError into the task at its next turn; False if it has ended."""
        if not self.state:
            return False
        if self is core.cur_task:
            raise RuntimeError("can't cancel self")
        self.fail(core.CancelledError)
        return True

    def fail(self, error: "Any") -> None:
        """Throw `error` into the task, or what it waits for, at its next turn."""
        task = self
        while isinstance(task.data, Task):
            task = task.data
        task._wake()
        task.data = error

    def _wake(self) -> None:
        if hasattr(self.data, "remove"):
            self.data.remove(self)
            core._task_queue.push(self)
        elif core.ticks_diff(self.ph_key, core.ticks()) > 0:
            core._task_queue.remove(self)
            core._task_queue.push(self)
