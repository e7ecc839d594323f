"""Give this VM what every port has and its browser build lacks; runs before each script."""

import asyncio  # noqa: F401  # loaded, to be mended below
import hashlib
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Os:
    """The module os, and random octets: the same in each run."""

    def __init__(self) -> None:
        self._state = b""

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)

    def urandom(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            self._state = hashlib.sha256(self._state).digest()
            found += self._state
        return found[:count]


class Gc:
    """The module gc, told to say nothing: this VM collects only between scripts."""

    def collect(self) -> None:
        pass

    def mem_alloc(self) -> int:
        return 0

    def mem_free(self) -> int:
        return 0


def run(coroutine: "Any") -> "Any":
    """Run a coroutine that only ever yields; the VM's own asyncio is JavaScript's event loop."""
    while True:
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value


modules: "dict[str, Any]" = sys.modules
modules["asyncio"].run = run
modules["os"] = Os()
modules["gc"] = Gc()
sys.path[:] = list(globals()["search_path"])
sys.argv[:] = list(globals()["arguments"])
