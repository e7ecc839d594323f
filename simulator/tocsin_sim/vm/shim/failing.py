"""Tasks of the firmware that fail when told to, by the names its supervisor gives them."""

import sys

from shim.kinds import TASK
from shim.link import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

core: "Any" = None  # asyncio.core, once that has been imported
_bodies: dict = {}  # name: the task, while it runs its body
_failing: set = set()


def _begin(asyncio: "Any", home: str, supervisor: str, minor: str) -> None:
    """Learn the names of minor tasks, as soon as there is a supervisor to name them.

    `supervisor` is its class in module `home`, `minor` the method that starts such a task.
    """
    link.receivers[TASK] = _receive
    create_task = asyncio.create_task

    def creating(coro: "Any") -> "Any":
        module = sys.modules.get(home)
        if module is not None:
            asyncio.create_task = create_task
            _listen(getattr(module, supervisor), minor)
        return create_task(coro)

    asyncio.create_task = creating


def _listen(supervisor: "Any", method: str) -> None:
    minor = getattr(supervisor, method)

    def named(self: "Any", name: str, body: "Callable[[], Awaitable]") -> None:
        minor(self, name, lambda: _run(name, body))

    setattr(supervisor, method, named)


async def _run(name: str, body: "Callable[[], Awaitable]") -> None:
    if name in _failing:
        raise _error(name)
    _bodies[name] = core.cur_task
    try:
        await body()
    finally:
        del _bodies[name]


def _receive(port: int, buffer: bytearray, start: int, end: int) -> None:
    """Let the task of this name fail from now on (1), or no longer (0)."""
    name = bytes(buffer[start:end]).decode()
    if not port:
        _failing.discard(name)
        return
    _failing.add(name)
    task = _bodies.get(name)
    if task is not None and (task.data is not None or task in core._task_queue._tasks):
        task.fail(_error(name))


def _error(name: str) -> RuntimeError:
    link.emit(TASK, 0, name.encode())
    return RuntimeError("the simulator lets this task fail")
