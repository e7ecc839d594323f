"""A position fix as the receiver gave it."""


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
