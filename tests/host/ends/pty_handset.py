"""A handset's end of the line on a real pty, with a thread of its own."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import threading
import time
import tty
from typing import Protocol


class End(Protocol):
    """Takes octets and the time, gives octets."""

    def feed(self, data: bytes, now_ms: int) -> None: ...
    def next_frame(self, now_ms: int) -> bytes: ...
    def wait_ms(self, now_ms: int) -> int: ...


class PtyHandset:
    """Answers on `port` as `end` does, once it is told to `live`."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._stop, self._stopper = os.pipe()
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"serial:{self.port}"

    def live(self, end: End) -> None:
        self._thread = threading.Thread(target=self._run, args=(end,))
        self._thread.start()

    def forbid(self) -> None:
        """Take everybody's permission to open the port."""
        os.fchmod(self._slave, 0)

    def send(self, data: bytes) -> None:
        """Put octets on the line, whatever they are."""
        os.write(self._master, data)

    def unplug(self) -> None:
        """Vanish as a pulled cable does; only from within `end`."""
        os.close(self._master)
        self._master = -1

    def stop(self) -> None:
        os.write(self._stopper, b"x")
        if self._thread is not None:
            self._thread.join(5)
        for handle in (self._slave, self._stop, self._stopper, self._master):
            if handle >= 0:
                os.close(handle)

    def _run(self, end: End) -> None:
        while self._master >= 0:
            wait_ms = end.wait_ms(_now_ms())
            timeout_s = None if wait_ms < 0 else wait_ms / 1000
            ready, _, _ = select.select([self._master, self._stop], [], [], timeout_s)
            if self._stop in ready:
                return
            if ready:
                end.feed(os.read(self._master, 1024), _now_ms())
            while self._master >= 0 and (frame := end.next_frame(_now_ms())):
                with contextlib.suppress(OSError):
                    os.write(self._master, frame)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class DeafEnd:
    """Takes whatever comes and says nothing."""

    def feed(self, data: bytes, now_ms: int) -> None:
        """Pass over it."""

    def next_frame(self, now_ms: int) -> bytes:
        return b""

    def wait_ms(self, now_ms: int) -> int:
        return -1
