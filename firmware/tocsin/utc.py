"""UTC kept as seconds since 2000-01-01 beside the tick counter: small integers until 2034."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Clock

    Civil = tuple[int, int, int, int, int, int]

# Who told the time, the better the higher; as the protocol's TimeSource numbers them.
FROM_NOBODY = const(0)
FROM_HOST = const(1)
FROM_NETWORK = const(2)

# The tick counter wraps every 12.4 days and ticks_diff reaches half of that.
_REANCHOR_MS = 86_400_000
_UNIX_2000_S = const(946_684_800)
_UNIX_2034_S = _UNIX_2000_S + (1 << 30)


def seconds_since_2000(civil: "Civil") -> int:
    """Seconds from 2000-01-01T00:00:00Z to (year, month, day, hour, minute, second), 2000-2099."""
    year, month, day, hour, minute, second = civil
    years = year - 2000
    days = years * 365 + (years + 3) // 4 + day - 1
    for m in range(1, month):
        days += days_in_month(year, m)
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def civil_time(seconds: int) -> "Civil":
    """(year, month, day, hour, minute, second) of seconds since 2000-01-01, 2000-2099."""
    days, rest = divmod(seconds, 86_400)
    year = 2000
    while days >= 365 + (year % 4 == 0):
        days -= 365 + (year % 4 == 0)
        year += 1
    month = 1
    while days >= days_in_month(year, month):
        days -= days_in_month(year, month)
        month += 1
    return (year, month, days + 1, rest // 3600, rest // 60 % 60, rest % 60)


def days_in_month(year: int, month: int) -> int:
    """Days in a month of the years 2000-2099, where every fourth year is a leap year."""
    if month == 2:
        return 29 if year % 4 == 0 else 28
    return 30 if month in (4, 6, 9, 11) else 31


class UtcClock:
    """UTC as last learnt, carried forward by ticks; 0 when unknown."""

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock
        self.source: int = FROM_NOBODY
        self._anchor_s = 0
        self._anchor_ticks = 0

    @property
    def is_known(self) -> bool:
        """Whether UTC was ever learnt since boot."""
        return self._anchor_s != 0

    def learn(self, civil: "Civil") -> None:
        """Take the UTC that the network gives as now."""
        self.source = FROM_NETWORK
        self._anchor_s = seconds_since_2000(civil)
        self._anchor_ticks = self._clock.ticks_ms()

    def accept(self, unix_s: int) -> bool:
        """Take a host's word, seconds since 1970-01-01, if nothing better is known."""
        if self.source > FROM_HOST or not _UNIX_2000_S < unix_s < _UNIX_2034_S:
            return False
        self.source = FROM_HOST
        self._anchor_s = unix_s - _UNIX_2000_S
        self._anchor_ticks = self._clock.ticks_ms()
        return True

    def now_s(self) -> int:
        """Seconds since 2000-01-01, 0 when unknown; call at least every six days."""
        if not self._anchor_s:
            return 0
        elapsed_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._anchor_ticks)
        if elapsed_ms > _REANCHOR_MS:
            self._anchor_s += elapsed_ms // 1000
            self._anchor_ticks = self._clock.ticks_add(
                self._anchor_ticks, elapsed_ms // 1000 * 1000
            )
            elapsed_ms %= 1000
        return self._anchor_s + elapsed_ms // 1000

    def unix_s(self) -> int:
        """Seconds since 1970-01-01, 0 when unknown; no small integer, so it allocates."""
        now_s = self.now_s()
        return now_s + _UNIX_2000_S if now_s else 0

    def now(self) -> "Civil":
        """Civil UTC now; 2000-01-01 plus nothing when unknown."""
        return civil_time(self.now_s())
