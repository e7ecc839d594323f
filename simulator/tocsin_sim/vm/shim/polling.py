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

_NOTHING: list = []
flag_class: type = type(None)  # asyncio.ThreadSafeFlag, once that has been imported


class poll:  # noqa: N801 # as the module it stands for names it
    def __init__(self) -> None:
        self._flags: list = []  # most of what is polled: looked at, not asked by ioctl()
        self.streams: list = []  # [stream, event mask]

    def register(self, stream: object, mask: int = POLLIN | POLLOUT) -> None:
        if isinstance(stream, flag_class):
            self._flags.append(stream)
        else:
            self.streams.append([stream, mask])

    def modify(self, stream: object, mask: int) -> None:
        for entry in self.streams:
            if entry[0] is stream:
                entry[1] = mask

    def unregister(self, stream: object) -> None:
        if isinstance(stream, flag_class):
            self._flags.remove(stream)
        else:
            self.streams = [entry for entry in self.streams if entry[0] is not stream]

    # Small on purpose: the VM puts the frame of a function with more than eleven slots, an
    # iterator taking four, on the heap at every call.
    def is_ready(self) -> bool:
        """Whether anything is ready (not part of the port's module)."""
        for flag in self._flags:
            if flag.state:
                return True
        return bool(self.streams) and bool(self._collect())

    def _ready(self) -> list:
        return self._collect() if self.is_ready() else _NOTHING

    def _collect(self) -> list:
        ready = [(flag, POLLIN) for flag in self._flags if flag.state]
        for stream, mask in self.streams:
            events = stream.ioctl(_STREAM_POLL, mask)
            if events:
                ready.append((stream, events))
        return ready

    def ipoll(self, timeout_ms: int = -1, flags: int = 0) -> list:
        """Return what is ready, at the latest `timeout_ms` ticks from now (-1: wait for ever)."""
        if timeout_ms == 0:
            link.spin()
            return self._ready()
        ready = self._ready()
        if ready:
            return ready
        until_us = _after_ticks(timeout_ms) if timeout_ms > 0 else FOREVER_US
        while not ready and link.now_us < until_us:
            link.advance(until_us)
            ready = self._ready()
        return ready

    poll = ipoll
