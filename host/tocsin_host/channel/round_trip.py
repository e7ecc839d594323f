"""How long an acknowledgement takes: RFC 6298 in whole milliseconds, within our own bounds."""

from __future__ import annotations

INITIAL_MS = 500
SHORTEST_MS = 200  # a full frame at 115,200 baud takes 45 ms, and answers are not always prompt
LONGEST_MS = 2000


class RoundTrip:
    """A smoothed round trip and its variance; `timeout_ms` is how long to wait for a sign."""

    def __init__(self) -> None:
        self.timeout_ms = INITIAL_MS
        self._smoothed_8 = 0  # times 8, as the variance is times 4: Jacobson, SIGCOMM 1988
        self._variance_4 = 0

    def sample(self, elapsed_ms: int) -> None:
        """Take the time from a frame's only transmission to its acknowledgement."""
        if not self._smoothed_8:
            self._smoothed_8, self._variance_4 = elapsed_ms * 8, elapsed_ms * 2
        else:
            error_ms = elapsed_ms - (self._smoothed_8 >> 3)
            self._smoothed_8 += error_ms
            self._variance_4 += abs(error_ms) - (self._variance_4 >> 2)
        self.recover()

    def recover(self) -> None:
        """Something arrived: wait as long as the samples say; before the first, stay patient."""
        if self._smoothed_8:
            wait_ms = (self._smoothed_8 >> 3) + self._variance_4
            self.timeout_ms = min(max(wait_ms, SHORTEST_MS), LONGEST_MS)

    def back_off(self) -> None:
        """Nothing arrived: wait twice as long (clause 5.5)."""
        self.timeout_ms = min(self.timeout_ms * 2, LONGEST_MS)
