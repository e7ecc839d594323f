"""What asyncio imports as `select`: the one place where its loop waits."""

from micropython import const
from shim.link import FOREVER_US, Link

POLLIN = const(1)
POLLOUT = const(4)
POLLERR = const(8)
POLLHUP = const(16)
_STREAM_POLL = const(3)  # request number of ioctl()


def make_poll(link: Link, ticks_offset_us: int) -> type:
    """Return class `poll`, waiting in virtual time and waking on tick boundaries."""

    class poll:  # noqa: N801 # named as the module it stands for names it
        def __init__(self) -> None:
            self._entries: list = []  # [object, event mask] in order of registration

        def register(self, stream: object, mask: int = POLLIN | POLLOUT) -> None:
            entry = self._find(stream)
            if entry is None:
                self._entries.append([stream, mask])
            else:
                entry[1] = mask

        def modify(self, stream: object, mask: int) -> None:
            self._find(stream)[1] = mask

        def unregister(self, stream: object) -> None:
            self._entries.remove(self._find(stream))

        def _find(self, stream: object) -> "list | None":
            for entry in self._entries:
                if entry[0] is stream:
                    return entry
            return None

        def _ready(self) -> "list | tuple":
            ready: "list | tuple" = ()
            for stream, mask in self._entries:
                events = stream.ioctl(_STREAM_POLL, mask)
                if events:
                    if not ready:
                        ready = []
                    ready.append((stream, events))
            return ready

        def ipoll(self, timeout_ms: int = -1, flags: int = 0) -> "list | tuple":
            if timeout_ms == 0:
                link.spin()
                return self._ready()
            ready = self._ready()
            if timeout_ms > 0:
                ticks = (link.now_us + ticks_offset_us) // 1000 + timeout_ms
                until_us = ticks * 1000 - ticks_offset_us
            else:
                until_us = FOREVER_US
            while not ready and link.now_us < until_us:
                link.advance(until_us)
                ready = self._ready()
            return ready

        poll = ipoll

    return poll
