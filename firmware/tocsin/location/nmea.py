"""What NMEA 0183 sentences say of position, time and fix, in integers only."""

from micropython import const

from tocsin.location.fix import HDOP_UNTOLD_E2, Fix, hdop_radius_m
from tocsin.location.sentence import UNKNOWN, Sentence
from tocsin.utc import days_in_month

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock

_FIRST_YEAR = const(2000)  # a receiver without time counts from its own epoch, 1980 or 1999

_DOLLAR = b"$"
_SHORTEST = const(10)  # $GPRMC,*hh
_COMMA = const(44)
_A = const(65)
_P = const(80)
_S = const(83)
_W = const(87)

_FIX_2D_3D = b"23"
_QUALITY_MEASURED = b"12345"  # not 6 estimated, 7 manual, 8 a trial mode
_MODE_MEASURED = b"ADFPR"
_MODE_NOT_MEASURED = b"EMNS"

_STD_TO_68_E2 = const(151)  # sqrt(-2 ln 0.32): 68 % of a circular normal law
_MAX_STD_MM = const(1_000_000)
_NEVER = const(-2)
# Without a sentence for longer, a later time of day may well be that of another day.
_DATED_FOR_MS = const(60_000)
_GSA = const(0x475341)


class NmeaParser:
    """Feeds `fix` from the sentences of any talker: RMC, GGA, GNS, GLL, GSA, GST and ZDA.

    UTC as the receiver last told it, with a fix or without, stands in `year` .. `second` once
    `utc_valid`; it was heard at `utc_ticks_ms`. Formats: NMEA 0183 version 4.11.
    """

    def __init__(self, fix: Fix, clock: "Clock") -> None:
        self.fix = fix
        self.utc_valid: bool = False
        self.utc_ticks_ms: int = 0
        self.year: int = 0
        self.month: int = 0
        self.day: int = 0
        self.hour: int = 0
        self.minute: int = 0
        self.second: int = 0
        self._clock = clock
        self._sentence = Sentence()
        self._now_ms: int = UNKNOWN  # time of day of this sentence
        self._dated_ms: int = UNKNOWN  # time of day at which the date was told
        self._fixed_ms: int = UNKNOWN  # time of day of the fix
        self._hdop_ms: int = _NEVER  # time of day for which a timed sentence told the HDOP
        self._untold_ms: int = _NEVER  # time of day of a position without any HDOP
        self._hdop_radius_m: int = 0
        self._std_radius_m: int = 0
        self._readers: "dict[int, Callable[[Sentence], bool]]" = {
            _kind(b"RMC", 0): self._rmc,
            _kind(b"GGA", 0): self._gga,
            _kind(b"GNS", 0): self._gns,
            _kind(b"GLL", 0): self._gll,
            _GSA: self._gsa,
            _kind(b"GST", 0): self._gst,
            _kind(b"ZDA", 0): self._zda,
        }

    def feed_line(self, buf: "bytes | bytearray", start: int, end: int) -> bool:
        """Take one line, buf[start:end] without CR LF; True when it gave `fix` a valid fix.

        Junk before a `$` is skipped; a sentence without a right checksum changes nothing.
        `fix.valid` falls when the receiver says it has lost the fix.
        """
        start = buf.find(_DOLLAR, start, end)
        while start >= 0 and end - start >= _SHORTEST:
            # "P" starts a maker's own sentence, whose type may read like a standard one
            if buf[start + 6] == _COMMA and buf[start + 1] != _P:
                kind = _kind(buf, start + 3)
                reader = self._readers.get(kind)
                if reader is None or (kind == _GSA and self._hdop_ms == self._now_ms):
                    return False
                if self._sentence.load(buf, start, end):
                    return reader(self._sentence)
            start = buf.find(_DOLLAR, start + 1, end)
        return False

    def _rmc(self, sentence: Sentence) -> bool:
        self._now_ms = sentence.time_of_day_ms(1)
        ddmmyy = sentence.number(9, 0)
        if ddmmyy >= 0:
            self._take_date(_full_year(ddmmyy % 100), ddmmyy // 100 % 100, ddmmyy // 10_000)
        self._take_utc(sentence)
        if sentence.char(2) != _A or sentence.char(12) in _MODE_NOT_MEASURED:
            return self._lose()
        return self._take_position(sentence, 3)

    def _gga(self, sentence: Sentence) -> bool:
        self._take_time(sentence, 1)
        if sentence.char(6) not in _QUALITY_MEASURED:
            return self._lose()
        if self._take_hdop(sentence, 8):
            self._hdop_ms = self._now_ms
        return self._take_position(sentence, 2)

    def _gns(self, sentence: Sentence) -> bool:
        self._take_time(sentence, 1)
        if not sentence.any_of(6, _MODE_MEASURED):
            return self._lose()
        self._take_hdop(sentence, 8)
        return self._take_position(sentence, 2)

    def _gll(self, sentence: Sentence) -> bool:
        self._take_time(sentence, 5)
        if sentence.char(6) != _A or sentence.char(7) in _MODE_NOT_MEASURED:
            return self._lose()
        return self._take_position(sentence, 1)

    def _gsa(self, sentence: Sentence) -> bool:
        if sentence.char(2) in _FIX_2D_3D:  # one constellation's "none" says nothing of the fix
            self._take_hdop(sentence, 16)
        return False

    def _gst(self, sentence: Sentence) -> bool:
        lat_mm = sentence.number(6, 3)
        lon_mm = sentence.number(7, 3)
        if lat_mm < 0 or lon_mm < 0 or not self.fix.valid:
            return False
        std_mm = min(max(lat_mm, lon_mm, 1), _MAX_STD_MM)
        self._std_radius_m = (std_mm * _STD_TO_68_E2 + 99_999) // 100_000
        if sentence.time_of_day_ms(1) != self._fixed_ms:
            return False
        self.fix.radius_m = self._std_radius_m
        return True

    def _zda(self, sentence: Sentence) -> bool:
        self._now_ms = sentence.time_of_day_ms(1)
        self._take_date(sentence.number(4, 0), sentence.number(3, 0), sentence.number(2, 0))
        self._take_utc(sentence)
        return False

    def _take_time(self, sentence: Sentence, field: int) -> None:
        self._now_ms = sentence.time_of_day_ms(field)
        self._take_utc(sentence)

    def _take_date(self, year: int, month: int, day: int) -> None:
        self._dated_ms = UNKNOWN
        if not (_FIRST_YEAR <= year < 2100 and 1 <= month <= 12):
            return
        if 1 <= day <= days_in_month(year, month):
            self._dated_ms = self._now_ms
            self.utc_ticks_ms = self._clock.ticks_ms()
            self.year = year
            self.month = month
            self.day = day

    def _dated(self) -> bool:
        # A time before the date's own belongs to the next day, whose date is still to come.
        if not 0 <= self._dated_ms <= self._now_ms:
            return False
        clock = self._clock
        return 0 <= clock.ticks_diff(clock.ticks_ms(), self.utc_ticks_ms) < _DATED_FOR_MS

    def _take_utc(self, sentence: Sentence) -> None:
        if self._dated():
            self.hour = sentence.hour
            self.minute = sentence.minute
            self.second = sentence.second
            self.utc_valid = True
            self.utc_ticks_ms = self._clock.ticks_ms()

    def _take_hdop(self, sentence: Sentence, field: int) -> bool:
        hdop_e2 = sentence.number(field, 2)
        if hdop_e2 <= 0:
            return False
        self._hdop_radius_m = hdop_radius_m(hdop_e2)
        return True

    def _take_position(self, sentence: Sentence, field: int) -> bool:
        """Read latitude, N/S, longitude, E/W from `field` on, once an epoch."""
        if self.fix.valid and self._now_ms == self._fixed_ms:
            return False
        lat_deg_e7 = sentence.angle_deg_e7(field, 90)
        lon_deg_e7 = sentence.angle_deg_e7(field + 2, 180)
        if lat_deg_e7 < 0 or lon_deg_e7 < 0 or (lat_deg_e7 == 0 and lon_deg_e7 == 0):
            return self._lose()
        if not self._dated():
            return False
        radius_m = self._std_radius_m or self._hdop_radius_m
        if not radius_m:
            # It may tell its HDOP yet in this epoch; one that does not in the next never will.
            if self._untold_ms in (_NEVER, self._now_ms):
                self._untold_ms = self._now_ms
                return False
            radius_m = hdop_radius_m(HDOP_UNTOLD_E2)
        fix = self.fix
        fix.lat_deg_e7 = -lat_deg_e7 if sentence.char(field + 1) == _S else lat_deg_e7
        fix.lon_deg_e7 = -lon_deg_e7 if sentence.char(field + 3) == _W else lon_deg_e7
        fix.radius_m = radius_m
        self._date_fix()
        return True

    def _date_fix(self) -> None:
        fix = self.fix
        fix.year = self.year
        fix.month = self.month
        fix.day = self.day
        fix.hour = self.hour
        fix.minute = self.minute
        fix.second = self.second
        fix.ticks_ms = self.utc_ticks_ms
        fix.valid = True
        self._fixed_ms = self._now_ms

    def _lose(self) -> bool:
        self.fix.valid = False
        self._hdop_ms = self._untold_ms = _NEVER
        self._hdop_radius_m = 0
        self._std_radius_m = 0
        return False


def _kind(buf: "bytes | bytearray", start: int) -> int:
    return buf[start] << 16 | buf[start + 1] << 8 | buf[start + 2]


def _full_year(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= 80 else 2000)
