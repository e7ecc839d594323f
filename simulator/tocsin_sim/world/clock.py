"""Coordinated universal time in the world."""

from datetime import datetime, timedelta


class UtcClock:
    """Tells UTC from virtual time; `start` is UTC at scenario zero, `origin_us`."""

    def __init__(self, start: datetime, origin_us: int) -> None:
        self._start = start
        self._origin_us = origin_us

    def at(self, t_us: int) -> datetime:
        """Return UTC at virtual time `t_us`."""
        return self._start + timedelta(microseconds=t_us - self._origin_us)
