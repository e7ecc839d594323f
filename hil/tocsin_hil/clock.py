"""How a board's clock stands to the host's: by bounds, never by averages (the method of WALT).

No message travels in no time. So each one from the host to a board bounds the difference of
their clocks from above, each one from a board to the host from below, whatever the delays were.
"""

import time
from dataclasses import dataclass

from tocsin_hil.errors import BlockedError

_MILLION = 1_000_000


def host_now_us() -> int:
    """Return the host's clock, which nothing sets or slews: microseconds from somewhen."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW) // 1000


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant on the host's clock, wrong by at most `error_us`."""

    t_us: int
    error_us: int


class BoardClock:
    """Dates the stamps of a board: its counter, which steps every `step_us`, wraps at `period`.

    The two clocks may drift apart by `drift_ppm`; a bound grows wider by that with its distance.
    A counter without `period` never wraps; else all stamps lie within half a period.
    """

    def __init__(
        self, name: str, step_us: int = 1, period: int | None = None, drift_ppm: int = 50
    ) -> None:
        self._name = name
        self._step_us = step_us
        self._period = period
        self._drift_ppm = drift_ppm
        self._first: int | None = None
        self._most: list[tuple[int, int]] = []  # (board_us, the most board - host can be)
        self._least: list[tuple[int, int]] = []

    def told(self, host_us: int, stamp: int) -> None:
        """A message the host sent at `host_us` was stamped by the board on its arrival."""
        board_us = self._board_us(stamp)
        self._most.append((board_us, board_us + self._step_us - host_us))

    def heard(self, stamp: int, host_us: int) -> None:
        """A message the board stamped, then sent, was here at `host_us`."""
        board_us = self._board_us(stamp)
        self._least.append((board_us, board_us - host_us))

    @property
    def is_known(self) -> bool:
        """Whether a message has gone each way."""
        return bool(self._most and self._least)

    def date(self, stamp: int) -> Dated:
        """Return when the board's counter showed `stamp`.

        Raises BlockedError while the clock is not known, or when its bounds contradict.
        """
        if not self.is_known:
            raise BlockedError(f"the clock of {self._name} is unknown", "exchange messages first")
        board_us = self._board_us(stamp)
        most = min(bound + self._drift_us(board_us - at_us) for at_us, bound in self._most)
        least = max(bound - self._drift_us(board_us - at_us) for at_us, bound in self._least)
        if least > most:
            raise BlockedError(
                f"the clock of {self._name} jumped, or drifts by more than {self._drift_ppm} ppm",
                "repeat the run, on a host that does not suspend",
            )
        earliest_us, latest_us = board_us - most, board_us + self._step_us - least
        return Dated((earliest_us + latest_us) // 2, (latest_us - earliest_us + 1) // 2)

    def _board_us(self, stamp: int) -> int:
        if self._period is None:
            return stamp * self._step_us
        if self._first is None:
            self._first = stamp
        half = self._period // 2
        passed = (stamp - self._first + half) % self._period - half
        return (self._first + passed) * self._step_us

    def _drift_us(self, distance_us: int) -> int:
        return -(-abs(distance_us) * self._drift_ppm // _MILLION)
