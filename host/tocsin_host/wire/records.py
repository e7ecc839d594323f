"""The entries of arrays. Generated from the protocol's schema: do not edit."""

from typing import NamedTuple


class ConfigEntry(NamedTuple):
    """One configuration key and its value."""

    key: int = 0
    value: bytes = b""
