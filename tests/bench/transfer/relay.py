"""A line between two pseudo-terminals that takes time: `python -m tests.bench.transfer.relay`.

Prints the two paths, one a line: the client's end and the device's end.
"""

import argparse
import selectors
import sys
import time
from collections import deque

from tocsin_sim.live.pty import Pty

_READ_BYTES = 4096
_BITS_PER_BYTE = 10  # 8 data, start, stop
_PACED_BYTES = 128  # what a paced line hands over at a time: the FIFO of an ESP32


class Direction:
    """Octets on their way from one end to the other."""

    def __init__(self, source: Pty, target: Pty, delay_s: float, baud: int) -> None:
        self.source = source
        self.target = target
        self._delay_s = delay_s
        self._byte_s = _BITS_PER_BYTE / baud if baud else 0.0
        self._free_s = 0.0
        self._travelling: deque[tuple[float, bytes]] = deque()

    @property
    def due_s(self) -> float | None:
        """When the next octets arrive."""
        return self._travelling[0][0] if self._travelling else None

    def take(self, now_s: float) -> None:
        """Read what has been sent."""
        data = self.source.read(_READ_BYTES)
        step = _PACED_BYTES if self._byte_s else _READ_BYTES
        for begin in range(0, len(data), step):
            piece = data[begin : begin + step]
            self._free_s = max(self._free_s, now_s) + len(piece) * self._byte_s
            self._travelling.append((self._free_s + self._delay_s, piece))

    def deliver(self, now_s: float) -> None:
        """Hand over what has arrived, as far as there is room."""
        while self._travelling and self._travelling[0][0] <= now_s:
            due_s, data = self._travelling.popleft()
            sent = self.target.write(data)
            if sent < len(data):
                self._travelling.appendleft((due_s, data[sent:]))
                return


def carry(directions: list[Direction]) -> None:
    """Carry both ways, until ended from outside."""
    selector = selectors.DefaultSelector()
    for each in directions:
        selector.register(each.source.fd, selectors.EVENT_READ, each)
    while True:
        now_s = time.monotonic()
        due = [each.due_s for each in directions if each.due_s is not None]
        # A terminal that is full says so by taking nothing: then look again soon.
        wait_s = max(min(due) - now_s, 0.0 if min(due) > now_s - 0.001 else 0.0005) if due else None
        for key, _ in selector.select(wait_s):
            key.data.take(time.monotonic())
        for each in directions:
            each.deliver(time.monotonic())


def main() -> None:
    """Make both ends and carry between them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rtt-ms", type=float, default=0.0, help="added round trip")
    parser.add_argument("--baud", type=int, default=0, help="pace of either direction; 0: none")
    options = parser.parse_args()
    ends = (Pty(), Pty())
    sys.stdout.write(f"{ends[0].path}\n{ends[1].path}\n")
    sys.stdout.flush()
    delay_s = options.rtt_ms / 2000
    pairs = (ends, ends[::-1])
    carry([Direction(source, target, delay_s, options.baud) for source, target in pairs])


if __name__ == "__main__":
    main()
