"""What a receiver says against what can be: frozen, jumping or misdated positions."""

from micropython import const

from tocsin.utc import FROM_NETWORK, seconds_since_2000

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.location.fix import Fix
    from tocsin.utc import UtcClock

_DAY_S = const(86_400)
# A receiver that has lost count of the weeks is 1024 of them behind: half of that is proof.
_MISDATED_S = const(309_657_600)
# Faster than any train; longitude is taken as at the equator, so by half of that at 60 degrees.
_FASTEST_M_S = const(150)
_E7_PER_M = const(90)  # 1e-7 degrees of latitude are 1.11 cm
_SLACK_M = const(100)
# One odd position is an error of this second, the fourth in a row shows that the old one was.
_DOUBTS = const(3)


class Plausibility:
    """Judges each fix by the one accepted before it, and by the network's time."""

    def __init__(self, utc: "UtcClock") -> None:
        self._utc = utc
        self._last_s = 0
        self._lat_deg_e7 = 0
        self._lon_deg_e7 = 0
        self._radius_m = 0
        self._doubted = 0

    def accepts(self, fix: "Fix") -> bool:
        """Whether the fix is news and can be true; one told again only grows old.

        A wrong date costs the date, not the position: it is replaced by the network's.
        """
        fix_s = seconds_since_2000((fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second))
        since_s = fix_s - self._last_s
        if since_s == 0 and fix.radius_m == self._radius_m:
            return False
        if self._last_s and self._doubted < _DOUBTS and self._is_odd(fix, since_s):
            self._doubted += 1
            return False
        self._doubted = 0
        self._last_s = fix_s
        self._lat_deg_e7 = fix.lat_deg_e7
        self._lon_deg_e7 = fix.lon_deg_e7
        self._radius_m = fix.radius_m
        self._redate(fix, fix_s)
        return True

    def _is_odd(self, fix: "Fix", since_s: int) -> bool:
        if since_s < 0:
            return True
        north_m = abs(fix.lat_deg_e7 - self._lat_deg_e7) // _E7_PER_M
        east_m = abs(fix.lon_deg_e7 - self._lon_deg_e7) // _E7_PER_M
        east_m = min(east_m, 360 * 10_000_000 // _E7_PER_M - east_m)
        reach_m = fix.radius_m + self._radius_m + _SLACK_M + _FASTEST_M_S * min(since_s, _DAY_S)
        return max(north_m, east_m) > reach_m

    def _redate(self, fix: "Fix", fix_s: int) -> None:
        utc = self._utc
        if utc.source == FROM_NETWORK and abs(fix_s - utc.now_s()) > _MISDATED_S:
            fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second = utc.now()
