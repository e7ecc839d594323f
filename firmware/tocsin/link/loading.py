"""Modules that are in memory only while they are needed."""

import asyncio
import sys

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tocsin.parts import Edges

_GIVE_WAY_MS = const(10)


async def give_way(button: "Edges") -> None:
    """Let every other task run; while the button is in use, for longer."""
    await asyncio.sleep_ms(0 if button.is_armed() else _GIVE_WAY_MS)


async def load(names: "Iterable[str]", button: "Edges") -> None:
    """Import modules, none of which needs a later one: a press may come between any two."""
    for name in names:
        __import__(name)
        await give_way(button)


def unload(names: "Iterable[str]") -> None:
    """Forget modules, submodules and all they hold; nothing of them may be used any more."""
    modules = sys.modules
    for name in names:
        package, _, leaf = name.rpartition(".")
        if package in modules:
            delattr(modules[package], leaf)
        # A collector that takes stale words for pointers may find one of these modules, and by
        # its names all the others.
        modules.pop(name).__dict__.clear()
