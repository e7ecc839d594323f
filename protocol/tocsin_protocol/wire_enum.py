"""An enumeration of the wire whose members say what they mean."""

from enum import IntEnum
from typing import Self


class WireEnum(IntEnum):
    """Members are written `NAME = number, "meaning"`; a call with the number finds one."""

    meaning: str

    def __new__(cls, value: int, *_: object) -> Self:
        """An integer; what else a member is made of stays out of its value."""
        member = int.__new__(cls, value)
        member._value_ = value
        return member

    def __init__(self, value: int, meaning: str = "") -> None:
        self.meaning = meaning
