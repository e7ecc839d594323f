"""What asyncio imports as `select`: the one place where its loop waits."""
# ruff: noqa: D101, D102 # MicroPython documents what module select does

from micropython import const
from shim.clock import _after_ticks
from shim.link import FOREVER_US, link

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16
_STREAM_POLL = const(3)  # request number of ioctl()


class poll:  # noqa: N801 # as the module it stands for names it
    def __init__(self) -> None:
        self._entries: list = []  # [ioctl, event mask, object] in order of registration

    def register(self, stream: object, mask: int = POLLIN | POLLOUT) -> None:
        entry = self._find(stream)
        if entry is None:
            self._entries.append([stream.ioctl, mask, stream])
        else:
            entry[1] = mask

    def modify(self, stream: object, mask: int) -> None:
        self._find(stream)[1] = mask

    def unregister(self, stream: object) -> None:
        self._entries.remove(self._find(stream))

    def _find(self, stream: object) -> "list | None":
        for entry in self._entries:
            if entry[2] is stream:
                return entry
        return None

    def _ready(self) -> "list | tuple":
        ready: "list | tuple" = ()
        for ioctl, mask, stream in self._entries:
            events = ioctl(_STREAM_POLL, mask)
            if events:
                if not ready:
                    ready = []
                ready.append((stream, events))
        return ready

    def ipoll(self, timeout_ms: int = -1, flags: int = 0) -> "list | tuple":
        """Return what is ready, at the latest `timeout_ms` ticks from now (-1: wait for ever)."""
        if timeout_ms == 0:
            link.spin()
            if link.every_turn:
                link.sync(link.now_us)
            return self._ready()
        ready = self._ready()
        until_us = _after_ticks(timeout_ms) if timeout_ms > 0 else FOREVER_US
        while not ready and link.now_us < until_us:
            link.advance(until_us)
            ready = self._ready()
        return ready

    poll = ipoll
