"""A position fix as the receiver gave it."""

from micropython import const

# Of a receiver that tells none: a poor one.
HDOP_UNTOLD_E2 = const(500)
_USER_RANGE_68_M = const(12)
_MAX_HDOP_E2 = const(10_000)


class Fix:
    """One position in WGS 84: 1e-7 degrees, radius in metres (68 %), UTC and ticks of receipt."""

    def __init__(self) -> None:
        self.valid: bool = False
        self.lat_deg_e7: int = 0
        self.lon_deg_e7: int = 0
        self.radius_m: int = 0
        self.year: int = 0
        self.month: int = 0
        self.day: int = 0
        self.hour: int = 0
        self.minute: int = 0
        self.second: int = 0
        self.ticks_ms: int = 0

    def copy_from(self, other: "Fix") -> None:
        """Take over every value of `other`."""
        self.valid = other.valid
        self.lat_deg_e7 = other.lat_deg_e7
        self.lon_deg_e7 = other.lon_deg_e7
        self.radius_m = other.radius_m
        self.year = other.year
        self.month = other.month
        self.day = other.day
        self.hour = other.hour
        self.minute = other.minute
        self.second = other.second
        self.ticks_ms = other.ticks_ms


def hdop_radius_m(hdop_e2: int) -> int:
    """Radius of 68 % in metres for a horizontal dilution of precision in hundredths.

    gpsd's 19 m user range error at 95 %, x 0.617 for 68 % of a circular normal law.
    """
    return (min(hdop_e2, _MAX_HDOP_E2) * _USER_RANGE_68_M + 99) // 100
