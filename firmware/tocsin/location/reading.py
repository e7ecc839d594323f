"""A modem's own answers to where it is: +CGNSSINFO, +CGPSINFO and +QGPSLOC, in integers only.

SIM7500_SIM7600 manual V3.00, A76XX manual V1.09, EC2x GNSS manual. Angles come as dddmm.mmmm or,
by firmware, as degrees; the hemisphere as a field, a letter at the end or a sign.
"""

from micropython import const

from tocsin.location.fix import HDOP_UNTOLD_E2, Fix, hdop_radius_m
from tocsin.utc import days_in_month

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Clock

_E7 = const(10_000_000)
_NO_NUMBER = const(-1)
_FIX_2D_3D = (b"2", b"3")
_NORTH_SOUTH = (b"N", b"S")
# A later one is of the last century: a receiver without time counts from 1980.
_LAST_YEAR = const(2079)


class ReadingParser:
    """Feeds `fix` as NmeaParser does, from lines of another kind."""

    def __init__(self, fix: Fix, clock: "Clock") -> None:
        self.fix = fix
        self._clock = clock

    def feed_line(self, buf: "bytes | bytearray", start: int, end: int) -> bool:
        """Take one line, buf[start:end]; True when it gave `fix` a valid fix."""
        name, _, text = bytes(buf[start:end]).partition(b":")
        values = [each.strip() for each in text.split(b",")]
        if name == b"+CGNSSINFO":
            is_told = self._cgnssinfo(values)
        elif name == b"+CGPSINFO":
            is_told = len(values) >= 6 and self._take(values[0:4], values[4], values[5], b"")
        elif name == b"+QGPSLOC":
            is_told = self._qgpsloc(values)
        else:
            return False
        self.fix.valid = is_told
        return is_told

    def _cgnssinfo(self, values: "list[bytes]") -> bool:
        """mode,satellites of 3 or 4 systems,lat,N/S,lon,E/W,date,UTC,alt,speed,course,PDOP,HDOP.

        The number of systems differs by firmware: the letter N or S tells.
        """
        at = 4 if len(values) > 5 and values[5] in _NORTH_SOUTH else 5
        if len(values) < at + 11 or values[0] not in _FIX_2D_3D:
            return False
        return self._take(values[at : at + 4], values[at + 4], values[at + 5], values[at + 10])

    def _qgpsloc(self, values: "list[bytes]") -> bool:
        """UTC,lat,lon,HDOP,altitude,fix,course,speed,speed,date,satellites."""
        if len(values) < 10 or values[5] not in _FIX_2D_3D:
            return False
        return self._take([values[1], b"", values[2], b""], values[9], values[0], values[3])

    def _take(self, place: "list[bytes]", ddmmyy: bytes, hhmmss: bytes, hdop: bytes) -> bool:
        lat = _angle_deg_e7(place[0], place[1], 90)
        lon = _angle_deg_e7(place[2], place[3], 180)
        hdop_e2 = _scaled(hdop, 2) if hdop else HDOP_UNTOLD_E2
        if lat is None or lon is None or (lat == 0 and lon == 0) or hdop_e2 <= 0:
            return False
        if not self._take_utc(_scaled(ddmmyy, 0), _scaled(hhmmss[:6], 0)):
            return False
        fix = self.fix
        fix.lat_deg_e7, fix.lon_deg_e7 = lat, lon
        fix.radius_m = hdop_radius_m(hdop_e2)
        fix.ticks_ms = self._clock.ticks_ms()
        return True

    def _take_utc(self, ddmmyy: int, hhmmss: int) -> bool:
        year, month, day = 2000 + ddmmyy % 100, ddmmyy // 100 % 100, ddmmyy // 10_000
        hour, minute, second = hhmmss // 10_000, hhmmss // 100 % 100, hhmmss % 100
        if ddmmyy < 0 or hhmmss < 0 or year > _LAST_YEAR or not 1 <= month <= 12:
            return False
        if not 1 <= day <= days_in_month(year, month) or hour > 23 or minute > 59 or second > 60:
            return False
        fix = self.fix
        fix.year, fix.month, fix.day = year, month, day
        fix.hour, fix.minute, fix.second = hour, minute, second
        return True


def _angle_deg_e7(text: bytes, hemisphere: bytes, limit_deg: int) -> "int | None":
    if text[-1:] in (b"N", b"S", b"E", b"W"):
        hemisphere = text[-1:]
        text = text[:-1]
    is_negative = text[:1] == b"-" or hemisphere in (b"S", b"W")
    text = text.lstrip(b"+-")
    angle = _scaled(text, 7)
    if angle < 0:
        return None
    if len(text.split(b".")[0]) > 3:
        degrees, minutes_e7 = divmod(angle, 100 * _E7)
        if minutes_e7 >= 60 * _E7:
            return None
        angle = degrees * _E7 + (minutes_e7 + 30) // 60
    if angle > limit_deg * _E7:
        return None
    return -angle if is_negative else angle


def _scaled(text: bytes, decimals: int) -> int:
    """A number >= 0 in units of 10 ** -decimals, cut not rounded; _NO_NUMBER when it is none."""
    whole, _, fraction = text.partition(b".")
    if not whole.isdigit() or len(whole) > 9 or (fraction and not fraction.isdigit()):
        return _NO_NUMBER
    return int((whole + (fraction + b"0000000")[:decimals]).decode())
