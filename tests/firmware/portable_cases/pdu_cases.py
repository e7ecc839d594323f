"""SMS PDUs byte for byte."""

from binascii import hexlify, unhexlify

from portable_cases import aml_cases
from tocsin.modem.pdu import deliver_data, submit_data, submit_text

PACKED_AML = (
    b"415193D98BEDD8F4DEAA2673E16036DA6CC73EF75A32574C06B3D1767272EFB6A3BFE13D194C6683CD6234584E66"
    b"ABCD76EC71CF86DBC1DBBDE36E9EEEC16031580C0683C16030180C06DB95D3BD590D0683C16031180C0683C160BB"
    b"F678DC93CD68BBB67BDC8BC1766D762F26B301"
)
# The same text as an ordinary message and, packed, as data to a port.
SUBMIT_TEXT = b"000100038199F900007E" + PACKED_AML
SUBMIT_DATA = b"004100038199F900047606050411220000" + PACKED_AML

SENDER = "+447700900123"
SENDER_OCTETS = b"0C91" + b"447700091032"
STAMP = b"62104121000000"

# name, PDU, what deliver_data makes of it
DELIVERED = (
    (
        "data to a 16-bit port",
        b"0044" + SENDER_OCTETS + b"0004" + STAMP + b"0A06050422B80000010203",
        (SENDER, 0x22B8, b"\x01\x02\x03"),
    ),
    (
        "data to an 8-bit port behind a service centre address",
        b"079144973701903740" + SENDER_OCTETS + b"0004" + STAMP + b"060404021122FF",
        (SENDER, 0x11, b"\xff"),
    ),
    (
        "an alphanumeric sender",
        b"00440AD0C8329BFD0600F4" + STAMP + b"0806050422B80000AA",
        ("", 0x22B8, b"\xaa"),
    ),
    ("text", b"0004" + SENDER_OCTETS + b"0000" + STAMP + b"05E8329BFD06", None),
    (
        "a part of a longer message",
        b"0044" + SENDER_OCTETS + b"0004" + STAMP + b"0D0B050422B80000000301020155",
        None,
    ),
    ("data without a header", b"0004" + SENDER_OCTETS + b"0004" + STAMP + b"01AA", None),
    ("cut", b"0044" + SENDER_OCTETS + b"0004" + STAMP + b"0A06050422B800000102", None),
    ("a status report", b"00060C91447700091032" + STAMP + STAMP + b"00", None),
    ("nothing", b"", None),
    ("no hex", b"xyz", None),
)


def run() -> None:
    assert submit_text("999", aml_cases.FIX) == (SUBMIT_TEXT, 120)
    packed = unhexlify(PACKED_AML)
    assert submit_data("999", packed, 0x1122) == (SUBMIT_DATA, 127)
    assert hexlify(packed).upper() == PACKED_AML
    for name, pdu, expected in DELIVERED:
        assert deliver_data(pdu) == expected, name
