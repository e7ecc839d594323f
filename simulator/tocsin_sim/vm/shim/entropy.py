"""What the firmware imports as `os`: the built-in one, with random bytes from the run's seed."""
# ruff: noqa: D103 # MicroPython documents what module os does

import hashlib
import random

from uos import *  # noqa: F403 # everything else as it is

_seed = ""
_drawn = 0


def _begin(seed: str) -> None:
    """Start from `seed`; also module `random`, which the port seeds from the same source."""
    global _seed
    _seed = seed
    random.seed(int.from_bytes(urandom(4), "big"))


def urandom(size: int) -> bytes:  # type: ignore[no-redef] # instead of the one of `uos`
    global _drawn
    data = b""
    while len(data) < size:
        _drawn += 1
        data += hashlib.sha256("%s/%d" % (_seed, _drawn)).digest()
    return data[:size]
