"""A handset's return: what it has stored is deleted."""

import os

from micropython import const

from tocsin.storage.erase import FILL, MARK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_FOLDER = const(0x4000)
# Numbers are never given twice, whoever has the handset, and its firmware is nobody's own.
_KEPT = ("counter", "slots", "slot.a", "slot.b", MARK, FILL)
_SETTINGS = "config"


async def wipe(directory: str, pause: "Pause") -> None:
    """Delete all files but counter and firmware; raises OSError, and what `pause` raises.

    The settings, keys included, go last: until then the handset is as ready as it was, and
    whoever may have it wiped can have that finished. What is left in the flash itself goes when
    the handset has started anew: see `storage.erase`.
    """
    for name in os.listdir(directory):
        path = directory + "/" + name
        if name in _KEPT or name == _SETTINGS:
            continue
        if not os.stat(path)[0] & _FOLDER:
            os.remove(path)
            await pause()
    with open(directory + "/" + MARK, "wb"):
        pass
    await pause()
    if _SETTINGS in os.listdir(directory):
        os.remove(directory + "/" + _SETTINGS)
