"""Modules that are in memory only while they are needed."""

import asyncio
import gc
import sys

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tocsin.gate import Gate


async def give_way(gate: "Gate") -> None:
    """Let every other task run, and a press be over and dialled."""
    await asyncio.sleep_ms(0)
    if not gate.is_open:
        await gate.opened()


async def load(names: "Iterable[str]", gate: "Gate") -> None:
    """Import modules, none of which needs a later one: a press may come between any two."""
    if gate.is_open:
        # Else they would lie scattered between what is garbage by now; in a task of its own, for
        # the collector takes stale words on a deep stack for pointers.
        await asyncio.create_task(_sweep(gate))
    for name in names:
        __import__(name)
        await give_way(gate)


async def _sweep(gate: "Gate") -> None:
    with gate:
        gc.collect()


def unload(names: "Iterable[str]") -> None:
    """Forget modules, submodules and all they hold; nothing of them may be used any more."""
    modules = sys.modules
    for name in names:
        module = modules.pop(name, None)
        if module is None:
            continue
        package, _, leaf = name.rpartition(".")
        if package in modules:
            delattr(modules[package], leaf)
        # A collector that takes stale words for pointers may find one of these modules, and by
        # its names all the others.
        module.__dict__.clear()
