"""One checked NMEA 0183 sentence and its fields, read in place."""

from micropython import const

UNKNOWN = const(-1)

_MAX_FIELDS = const(24)
_ADDRESS = const(6)
_CHECKSUM_CHARS = const(3)  # *hh
_STAR = b"*"
_STAR_CODE = const(42)
_UPPER = b"0123456789ABCDEF"
_LOWER = b"0123456789abcdef"
_COMMA = b","
_POINT = b"."


class Sentence:
    """A view of one sentence; fields are numbered from 1, the first after the address."""

    def __init__(self) -> None:
        self.hour: int = 0
        self.minute: int = 0
        self.second: int = 0
        self._buf: "bytes | bytearray" = b""
        self._commas: "list[int]" = [0] * (_MAX_FIELDS + 1)
        self._fields: int = 0

    def load(self, buf: "bytes | bytearray", start: int, end: int) -> bool:
        """Look at the sentence whose `$` is buf[start]; False without a right checksum."""
        star = end - _CHECKSUM_CHARS
        if buf[star] != _STAR_CODE:  # something follows the checksum
            star = buf.find(_STAR, start, end)
            if star < 0 or star + _CHECKSUM_CHARS > end:
                return False
        checksum = 0
        for octet in memoryview(buf)[start + 1 : star]:
            checksum ^= octet
        return _is_hex(buf, star + 1, checksum) and self._split(buf, start, star)

    def _split(self, buf: "bytes | bytearray", start: int, star: int) -> bool:
        commas = self._commas
        fields = 0
        comma = start + _ADDRESS
        while comma >= 0 and fields < _MAX_FIELDS:
            commas[fields] = comma
            fields += 1
            comma = buf.find(_COMMA, comma + 1, star)
        commas[fields] = star
        self._buf = buf
        self._fields = fields
        return comma < 0

    def char(self, field: int) -> int:
        """First character of a field, 0 when it is empty or missing."""
        if field > self._fields:
            return 0
        first = self._commas[field - 1] + 1
        return self._buf[first] if first < self._commas[field] else 0

    def any_of(self, field: int, letters: bytes) -> bool:
        """Whether a field holds one of these letters."""
        if field > self._fields:
            return False
        for index in range(self._commas[field - 1] + 1, self._commas[field]):
            if self._buf[index] in letters:
                return True
        return False

    def number(self, field: int, decimals: int) -> int:
        """A number >= 0 in units of 10 ** -decimals, cut not rounded; UNKNOWN when it is none."""
        if field > self._fields:
            return UNKNOWN
        start = self._commas[field - 1] + 1
        end = self._commas[field]
        point = self._point(start, end)
        whole = _digits(self._buf, start, point)
        if whole < 0 or not decimals:
            return whole
        fraction = _fraction(self._buf, point + 1, end, decimals)
        return UNKNOWN if fraction < 0 else whole * 10**decimals + fraction

    def time_of_day_ms(self, field: int) -> int:
        """Read hhmmss.sss into hour, minute, second (60 in a leap second); UNKNOWN when none."""
        if field > self._fields:
            return UNKNOWN
        start = self._commas[field - 1] + 1
        end = self._commas[field]
        hhmmss = _digits(self._buf, start, start + 6) if end - start >= 6 else UNKNOWN
        fraction_ms = _fraction(self._buf, start + 7, end, 3)
        hour = hhmmss // 10_000
        minute = hhmmss // 100 % 100
        second = hhmmss % 100
        if hhmmss < 0 or fraction_ms < 0 or hour > 23 or minute > 59 or second > 60:
            return UNKNOWN
        self.hour = hour
        self.minute = minute
        self.second = second
        return ((hour * 60 + minute) * 60 + second) * 1000 + fraction_ms

    def angle_deg_e7(self, field: int, limit_deg: int) -> int:
        """Read dddmm.mmmm as 1e-7 degrees >= 0, rounded; UNKNOWN when none or past the limit."""
        if field > self._fields:
            return UNKNOWN
        end = self._commas[field]
        point = self._point(self._commas[field - 1] + 1, end)
        dddmm = _digits(self._buf, self._commas[field - 1] + 1, point)
        fraction_e7 = _fraction(self._buf, point + 1, end, 7)
        minutes = dddmm % 100
        if dddmm < 0 or fraction_e7 < 0 or minutes > 59:
            return UNKNOWN
        minutes_e7 = minutes * 10_000_000 + fraction_e7
        angle_deg_e7 = dddmm // 100 * 10_000_000 + (minutes_e7 + 30) // 60
        return angle_deg_e7 if angle_deg_e7 <= limit_deg * 10_000_000 else UNKNOWN

    def _point(self, start: int, end: int) -> int:
        point = self._buf.find(_POINT, start, end)
        return end if point < 0 else point


def _is_hex(buf: "bytes | bytearray", start: int, octet: int) -> bool:
    high, low = octet >> 4, octet & 15
    if buf[start] != _UPPER[high] and buf[start] != _LOWER[high]:
        return False
    return buf[start + 1] == _UPPER[low] or buf[start + 1] == _LOWER[low]


def _digits(buf: "bytes | bytearray", start: int, end: int) -> int:
    if not 0 < end - start <= 9:
        return UNKNOWN
    value = 0
    for index in range(start, end):
        code = buf[index]
        if code < 48 or code > 57:
            return UNKNOWN
        value = value * 10 + code - 48
    return value


def _fraction(buf: "bytes | bytearray", start: int, end: int, decimals: int) -> int:
    value = 0
    for index in range(start, min(end, start + decimals)):
        code = buf[index]
        if code < 48 or code > 57:
            return UNKNOWN
        value = value * 10 + code - 48
        decimals -= 1
    while decimals:
        value *= 10
        decimals -= 1
    return value
