"""AML texts byte for byte; subscriber and handset are ITU test identities (001-01)."""

from tocsin.location.aml import aml_text
from tocsin.location.fix import Fix

FIX = (
    b'A"ML=1;lt=+52.80643;lg=-2.12064;rd=7;top=20260314092653;lc=68;pm=G;'
    b"si=001010000000000;ei=350000010000000;mcc=234;mnc=10;ml=126"
)
NO_FIX = (
    b'A"ML=1;lt=+00.00000;lg=+000.00000;rd=N;top=20260314092713;lc=0;pm=N;'
    b"si=001010000000000;ei=350000010000000;mcc=234;mnc=10;ml=127"
)
SYDNEY = (
    b'A"ML=1;lt=-33.86882;lg=+151.20930;rd=412;top=20260314092653;lc=68;pm=G;'
    b"si=001010000000000;ei=350000010000000;mcc=001;mnc=01;ml=130"
)

AT = (2026, 3, 14, 9, 26, 53)
LATER = (2026, 3, 14, 9, 27, 13)
IMSI = "001010123456789"
IMEI = "350000010000000"


def fix_at(lat_deg_e7: int, lon_deg_e7: int, radius_m: int) -> Fix:
    fix = Fix()
    fix.valid = True
    fix.lat_deg_e7 = lat_deg_e7
    fix.lon_deg_e7 = lon_deg_e7
    fix.radius_m = radius_m
    fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second = AT
    return fix


def run() -> None:
    stafford = fix_at(528064321, -21206370, 7)
    assert aml_text(stafford, LATER, IMSI, IMEI, "234", "10") == FIX
    assert aml_text(None, LATER, IMSI, IMEI, "234", "10") == NO_FIX
    sydney = fix_at(-338688200, 1512093000, 412)
    assert aml_text(sydney, LATER, IMSI, IMEI, "001", "01") == SYDNEY
