"""asyncio's loop: as the port's own, with fewer looks at a clock that cannot pass unseen."""

from shim import clock
from shim.link import FOREVER_US, link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

core: "Any" = None  # asyncio.core, once that has been imported


def run_until_complete(main_task: "Any" = None) -> "Any":
    """Run all tasks until `main_task` has ended: what it returns, or raises."""
    tasks = core._task_queue._tasks
    while _wait(tasks):
        task = tasks.pop(0)
        core.cur_task = task
        thrown = task.data
        try:
            if thrown:
                task.data = None
                task.coro.throw(thrown)
            else:
                task.coro.send(None)
        except (core.CancelledError, Exception) as error:  # whatever ends it
            if task is main_task:
                core.cur_task = None
                if isinstance(error, StopIteration):
                    return error.value
                raise
            if task.state is None:
                _tell(task, thrown)
            else:
                _end(task, error)
    core.cur_task = None
    return None


def _wait(tasks: list) -> bool:
    """Let time pass until the first task is due; False when none can ever be."""
    io = core._io_queue
    poller = io.poller
    while True:
        if poller.is_ready():
            io.wait_io_event(0)
        if tasks:
            due_us = clock._due_us(tasks[0].ph_key)
            if due_us <= link.now_us:
                link.spin()
                break
        elif io.map:
            due_us = FOREVER_US
        else:
            return False
        if not link.advance(due_us) and link.now_us >= due_us and not poller.streams:
            break  # only handlers make a flag ready, and only streams become so by themselves
    if link.every_turn:
        link.sync(link.now_us)
    return True


def _end(task: "Any", error: BaseException) -> None:
    """Hand the end of a task to who awaits it; an error nobody awaits by its next turn is told."""
    state = task.state
    if state is True:
        task.state = None
        if not isinstance(error, (core.CancelledError, StopIteration)):
            core._task_queue.push(task)
    else:
        task.state = False
        if callable(state):
            state(task, error)
        else:
            while state.peek():
                core._task_queue.push(state.pop())
    task.data = error


def _tell(task: "Any", error: "BaseException | None") -> None:
    context = core._exc_context
    context["exception"] = error
    context["future"] = task
    core.Loop.call_exception_handler(context)
