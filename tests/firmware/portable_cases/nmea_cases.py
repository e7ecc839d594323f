"""Sentences of real receivers and the fix each sequence leaves; the tick counter stands still."""

from portable_cases.still_clock import StillClock
from tocsin.location.fix import Fix
from tocsin.location.nmea import NmeaParser

NO_FIX = None

# name, lines, (lat 1e-7, lon 1e-7, radius, (UTC)) or NO_FIX
CASES = (
    (
        "an LTE modem's first fix, which GGA and GNS tell before RMC gives the date",
        (
            b"$GNGNS,191502.01,,,,,NNN,,,,,,*3C",
            b"$GPGGA,,,,,,0,,,,,,,,*66",
            b"$GPRMC,,V,,,,,,,,,,N*53",
            b"$GPGGA,191503.01,3645.876324,N,03124.670280,E,1,03,1.3,-6.7,M,32.0,M,,*49",
            b"$GNGNS,191503.01,3645.876324,N,03124.670280,E,AAN,08,1.3,-6.7,32.0,,,V*42",
            b"$GPRMC,191503.01,A,3645.876324,N,03124.670280,E,1.3,300.5,110922,3.6,E,A,V*4E",
        ),
        (367646054, 314111713, 16, (2022, 9, 11, 19, 15, 3)),
    ),
    (
        "a stale position under status V",
        (
            b"$GPGGA,012519.563,4131.7353,N,09336.8150,W,0,00,50.0,280.2,M,-31.6,M,0.0,0000*7D",
            b"$GPGSA,A,1,,,,,,,,,,,,,50.0,50.0,50.0*05",
            b"$GPRMC,012519.563,V,4131.7353,N,09336.8150,W,0.00,,050405,,*14",
        ),
        NO_FIX,
    ),
    (
        "a receiver that counts from 1980 at the pole",
        (
            b"$GPGGA,235946.005,8960.000000,N,00000.000000,E,0,0,,137.000,M,13.000,M,,*49",
            b"$GPRMC,235946.005,V,8960.000000,N,00000.000000,E,0.000,0.00,050180,,,N*47",
        ),
        NO_FIX,
    ),
    (
        "a fix that is lost again",
        (
            b"$GPGGA,191503.01,3645.876324,N,03124.670280,E,1,03,1.3,-6.7,M,32.0,M,,*49",
            b"$GPRMC,191503.01,A,3645.876324,N,03124.670280,E,1.3,300.5,110922,3.6,E,A,V*4E",
            b"$GPGGA,,,,,,0,,,,,,,,*66",
        ),
        NO_FIX,
    ),
    (
        "standard deviations stand above HDOP",
        (
            b"$GPZDA,150119.000,09,03,2022,,*53",
            b"$GPRMC,150119.000,A,5104.0859,N,11405.7387,W,0.09,194.17,090322,,,D*73",
            b"$GPGGA,150119.000,5104.0859,N,11405.7387,W,2,8,0.94,1102.4,M,-17.5,M,,*53",
            b"$GPGST,150119.000,004.0,008.7,004.7,132.3,006.8,007.2,00014*71",
        ),
        (510680983, -1140956450, 11, (2022, 3, 9, 15, 1, 19)),
    ),
)


def run() -> None:
    for name, lines, expected in CASES:
        fix = Fix()
        parser = NmeaParser(fix, StillClock())
        for line in lines:
            buf = bytearray(b"\x00" + line + b"junk")
            parser.feed_line(buf, 1, 1 + len(line))
        assert fix.valid == (expected is not NO_FIX), name
        if expected is not NO_FIX:
            utc = (fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second)
            got = (fix.lat_deg_e7, fix.lon_deg_e7, fix.radius_m, utc)
            assert got == expected, (name, got)
