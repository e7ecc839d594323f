"""Advanced Mobile Location text, version 1: ETSI TS 103 625 V1.1.1."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.location.fix import Fix

_CONFIDENCE_PERCENT = const(68)
_MAX_RADIUS_M = const(99_999)
_IDENTITY_DIGITS = const(15)


def aml_text(
    fix: "Fix | None",
    utc: "tuple[int, int, int, int, int, int]",
    imsi: str,
    imei: str,
    mcc: str,
    mnc: str,
) -> bytes:
    """The text for one SMS; without a fix it says so, at `utc`.

    utc is year, month, day, hour, minute, second; imsi, imei and the serving network's mcc, mnc
    are digits, "" where unknown. The subscriber's own number part of the IMSI is left out.
    """
    if fix is not None and fix.valid:
        utc = (fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second)
        position = _position(fix)
        confidence, method = _CONFIDENCE_PERCENT, "G"
    else:
        position = "lt=+00.00000;lg=+000.00000;rd=N"
        confidence, method = 0, "N"
    body = 'A"ML=1;%s;top=%s;lc=%d;pm=%s;si=%s;ei=%s;mcc=%s;mnc=%s' % (
        position,
        _time(utc),
        confidence,
        method,
        _zero_filled(_network_part(imsi, mcc, mnc)),
        _zero_filled(imei),
        mcc or "000",
        mnc or "00",
    )
    return _with_length(body).encode()


def _position(fix: "Fix") -> str:
    radius = "%d" % fix.radius_m if fix.radius_m <= _MAX_RADIUS_M else "N"
    return "lt=%s;lg=%s;rd=%s" % (_degrees(fix.lat_deg_e7), _degrees(fix.lon_deg_e7), radius)


def _degrees(deg_e7: int) -> str:
    deg_e5 = (abs(deg_e7) + 50) // 100
    sign = "-" if deg_e7 < 0 and deg_e5 else "+"
    return "%s%d.%05d" % (sign, deg_e5 // 100_000, deg_e5 % 100_000)


def _time(utc: "tuple[int, int, int, int, int, int]") -> str:
    year, month, day, hour, minute, second = utc
    # A leap second has no place in a receiver's calendar.
    return "%04d%02d%02d%02d%02d%02d" % (year, month, day, hour, minute, min(second, 59))


def _network_part(imsi: str, mcc: str, mnc: str) -> str:
    """Home MCC and MNC: a country has one MNC length; abroad, six digits cover both lengths."""
    return imsi[: 3 + len(mnc)] if mcc and imsi.startswith(mcc) else imsi[:6]


def _zero_filled(digits: str) -> str:
    return digits + "0" * (_IDENTITY_DIGITS - len(digits))


def _with_length(body: str) -> str:
    length = len(body) + len(";ml=")
    total = length + len(str(length))
    return "%s;ml=%d" % (body, length + len(str(total)))
