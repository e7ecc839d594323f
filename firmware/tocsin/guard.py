"""The last word on every number this handset may dial or text."""

from micropython import const

_MIN_DIGITS = const(8)
_MAX_DIGITS = const(15)
_MAX_COUNTRY_CODE = const(3)
_SHORTEST_SUBSCRIBER = const(4)

# Numbers that reach an emergency service somewhere, of any length a national plan gives them.
_EMERGENCY = ("112", "999", "911", "000", "110", "118", "119", "108", "995", "993", "18000")
_WITHHOLD_PREFIXES = ("1470", "141")  # United Kingdom: show or withhold the caller's number


class DialGuard:
    """Decides whether a number may leave the handset; anything doubtful may not."""

    def __init__(self, release_build: bool) -> None:
        self._release_build = release_build

    def permits(self, number: str, issued: bool, allowed: "list[str]") -> bool:
        """Whether to dial `number`: on an issued handset, if listed in `allowed` as spelled.

        A test build permits full international numbers only (E.164: + and 8 to 15 digits), and
        none that hides an emergency number. A release build also permits the plain spelling of
        an emergency number.
        """
        if not issued or number not in allowed:
            return False
        if self._release_build and number in _EMERGENCY:
            return True
        return _is_international(number) and not _hides_emergency(number[1:])


def _is_international(number: str) -> bool:
    digits = number[1:]
    if number[:1] != "+" or not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS:
        return False
    if digits[0] == "0":  # no country code does
        return False
    # Not isdigit(): it takes other scripts' digits too.
    return all("0" <= char <= "9" for char in digits)


def _hides_emergency(digits: str) -> bool:
    for country_code in range(_MAX_COUNTRY_CODE + 1):
        rest = digits[country_code:].lstrip("0")
        for prefix in _WITHHOLD_PREFIXES:
            if rest.startswith(prefix) and _is_short(rest[len(prefix) :].lstrip("0")):
                return True
        if _is_short(rest):
            return True
    return False


def _is_short(national: str) -> bool:
    return len(national) < _SHORTEST_SUBSCRIBER or national in _EMERGENCY
