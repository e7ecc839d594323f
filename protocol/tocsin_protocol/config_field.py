"""One configuration key: what it may hold, and its form on the wire and on a command line."""

import re
from dataclasses import dataclass
from enum import IntEnum

from tocsin_protocol.errors import WireValueError

Value = bool | int | str | bytes

_WORDS = {"true": True, "yes": True, "on": True, "1": True}
_WORDS |= {"false": False, "no": False, "off": False, "0": False}


class ConfigKind(IntEnum):
    """How a value is written: 1 octet 0 or 1; u32; UTF-8; octets as they are."""

    BOOL = 0
    UINT = 1
    TEXT = 2
    BLOB = 3


@dataclass(frozen=True, slots=True)
class ConfigField:
    """A key with its limits.

    `minimum` and `maximum` bound the value of an integer, and the length in octets of a text or
    blob that is not empty; an empty one means "not set" and is always allowed. A text must also
    match the regular expression `pattern`, which `pattern_text` says in words. `roles` names who
    may set it, where not everybody may who may set keys at all; `since` is the version of the
    protocol that brought it.
    """

    key: int
    name: str
    kind: ConfigKind
    minimum: int
    maximum: int
    default: Value
    secret: bool
    doc: str
    pattern: str = ""
    pattern_text: str = ""
    roles: tuple[str, ...] = ()
    since: tuple[int, int] = (1, 0)

    @property
    def allowed(self) -> str:
        """What may be set, in words."""
        if self.kind is ConfigKind.BOOL:
            return "true or false"
        if self.kind is ConfigKind.UINT:
            return f"a whole number from {self.minimum} to {self.maximum}"
        if self.kind is ConfigKind.TEXT:
            return self.pattern_text or f"at most {self.maximum} octets of text"
        return f"nothing, or {self.maximum} octets in hexadecimal"

    def encode(self, value: Value) -> bytes:
        """The value's form on the wire. Raises WireValueError."""
        if not self._allows(value):
            raise self._refusal(value)
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, bytes):
            return value
        return value.to_bytes(1 if self.kind is ConfigKind.BOOL else 4, "little")

    def decode(self, data: bytes) -> Value:
        """The value the wire form stands for. Raises WireValueError."""
        value = self._from_wire(data)
        if value is None or not self._allows(value):
            raise self._refusal(data)
        return value

    def parse(self, text: str) -> Value:
        """The value a person wrote. Raises WireValueError."""
        value = self._from_text(text)
        if value is None or not self._allows(value):
            raise self._refusal(text)
        return value

    def _allows(self, value: Value) -> bool:
        if self.kind is ConfigKind.BOOL:
            return isinstance(value, bool)
        if self.kind is ConfigKind.UINT:
            return type(value) is int and self.minimum <= value <= self.maximum
        if self.kind is ConfigKind.TEXT:
            return isinstance(value, str) and (not value or self._allows_text(value))
        return isinstance(value, bytes) and (not value or self._fits(len(value)))

    def _allows_text(self, text: str) -> bool:
        return self._fits(len(text.encode(errors="replace"))) and (
            not self.pattern or re.fullmatch(self.pattern, text) is not None
        )

    def _fits(self, length: int) -> bool:
        return self.minimum <= length <= self.maximum

    def _from_wire(self, data: bytes) -> Value | None:
        if self.kind is ConfigKind.BOOL:
            return {b"\0": False, b"\1": True}.get(data)
        if self.kind is ConfigKind.UINT:
            return int.from_bytes(data, "little") if len(data) == 4 else None
        if self.kind is ConfigKind.BLOB:
            return data
        try:
            return data.decode()
        except UnicodeDecodeError:
            return None

    def _from_text(self, text: str) -> Value | None:
        if self.kind is ConfigKind.BOOL:
            return _WORDS.get(text.lower())
        if self.kind is ConfigKind.TEXT:
            return text
        try:
            return int(text) if self.kind is ConfigKind.UINT else bytes.fromhex(text)
        except ValueError:
            return None

    def _refusal(self, value: object) -> WireValueError:
        given = "that value" if self.secret else repr(value)
        return WireValueError(f"{self.name} cannot be {given}: give {self.allowed}")
