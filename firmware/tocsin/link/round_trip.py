"""How long an acknowledgement takes: RFC 6298 in whole milliseconds, within our own bounds."""

from micropython import const

_INITIAL_MS = const(500)
_SHORTEST_MS = const(200)
_LONGEST_MS = const(2000)


class RoundTrip:
    """A smoothed round trip and its variance; `timeout_ms` is how long to wait for a sign."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what is known of an earlier line."""
        self.timeout_ms: int = _INITIAL_MS
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
            self.timeout_ms = min(max(wait_ms, _SHORTEST_MS), _LONGEST_MS)

    def back_off(self) -> None:
        """Nothing arrived: wait twice as long (clause 5.5)."""
        self.timeout_ms = min(self.timeout_ms * 2, _LONGEST_MS)
