"""After a wipe: flash is cleared of what deleted files have left in it, while nobody presses.

A file system deletes by forgetting. What it has forgotten lies in free blocks, which are filled and
so erased first, and in the blocks of the folder itself, whose log is written anew as often as it is
full (littlefs: of the two in turn, the one that is erased then).
"""

import asyncio
import os

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.gate import Gate

# Names of the file that says that this is to be done, and of the one that fills what is free.
MARK = "erasing"
FILL = "fill"

# A log of 4 KiB holds 42 of these at most, with its overhead: both blocks are erased, and again.
_REWRITES = const(100)
_REWRITTEN_BYTES = const(96)
_FILLED_BYTES = const(1024)
_NO_SPACE = const(28)  # ENOSPC, which a port's errno does not name


async def erase(directory: str, gate: "Gate") -> None:
    """Clear the flash if `directory` has a mark, from the beginning after a power cut; then wait.

    Raises OSError from flash.
    """
    mark, fill = directory + "/" + MARK, directory + "/" + FILL
    names = os.listdir(directory)
    if FILL in names:
        os.remove(fill)
    if MARK in names:
        await _rewrite(mark, gate)
        await _fill(fill, gate)
        await _rewrite(mark, gate)
        os.remove(mark)
    await asyncio.Event().wait()


async def _rewrite(path: str, gate: "Gate") -> None:
    content = bytes(_REWRITTEN_BYTES)
    for _ in range(_REWRITES):
        await gate.opened()
        with gate, open(path, "wb") as file:
            file.write(content)
        await asyncio.sleep_ms(0)


async def _fill(path: str, gate: "Gate") -> None:
    content = bytes(_FILLED_BYTES)
    try:
        with open(path, "wb") as file:
            while True:
                await gate.opened()
                with gate:
                    file.write(content)
                await asyncio.sleep_ms(0)
    except OSError as error:
        if error.errno != _NO_SPACE:
            raise
    os.remove(path)
