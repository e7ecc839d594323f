"""Waiting for something long without seeming to hang."""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, TypeVar

    T = TypeVar("T")

_LOOK_MS = const(20)
# Longer than any command may take; what lasts longer does hang.
_PATIENCE_MS = const(120_000)


async def patiently(work: "Coroutine[Any, Any, T]", check_in: "Callable[[], None]") -> "T":
    """The result of `work`; checks in while that lasts, for two minutes at most."""
    task = asyncio.create_task(work)
    left_ms = _PATIENCE_MS
    while not task.done():
        if left_ms > 0:
            check_in()
            left_ms -= _LOOK_MS
        await asyncio.sleep_ms(_LOOK_MS)
    return await task
