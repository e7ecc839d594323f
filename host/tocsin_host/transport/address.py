"""Addresses of handsets: `SCHEME:TARGET[?OPTION=VALUE]`."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin_host.errors import UsageError

DEFAULT_BAUD = 115_200
_RADIO = "ble"
_FORM = "write it as serial:PORT or serial:PORT?baud=115200, for example serial:/dev/ttyACM0"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a handset is: a serial `target` (device path) and its speed in bits a second."""

    target: str
    baud: int = DEFAULT_BAUD


def parse_address(text: str) -> Address:
    """Read `text` as an address. Raises UsageError."""
    scheme, colon, rest = text.partition(":")
    if colon and scheme == _RADIO:
        raise UsageError(
            f"device address {text!r} is by Bluetooth, which this version has no transport for",
            "connect the cable and name its port, for example serial:/dev/ttyACM0",
        )
    if not colon or scheme != "serial":
        raise UsageError(f"device address {text!r} is not known", _FORM)
    target, _, query = rest.partition("?")
    if not target:
        raise UsageError(f"device address {text!r} names no port", _FORM)
    return Address(target, _baud(text, query))


def _baud(text: str, query: str) -> int:
    if not query:
        return DEFAULT_BAUD
    name, _, value = query.partition("=")
    if name != "baud" or not (value.isascii() and value.isdigit()) or int(value) == 0:
        raise UsageError(f"option {query!r} of device address {text!r} is not known", _FORM)
    return int(value)
