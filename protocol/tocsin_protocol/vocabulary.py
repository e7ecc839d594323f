"""The closed vocabulary of the schema.

Each word is a construct, so it can be parsed and built by itself (the slow reference), and it
carries what the generator must know, so nothing is ever guessed from a construct's insides.
All numbers are little-endian; text, blob and array start with a length or count of one octet, a
blob of more than 255 octets with a length of two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import construct

_OCTET_MAX = 0xFF


@dataclass(frozen=True)
class Member:
    """One name of an enumeration, its number on the wire and what it means.

    `codes` names the numbers of a Code beside it; `since` is the version that brought it, which
    matters where the enumeration is older.
    """

    name: str
    value: int
    meaning: str
    extra: Mapping[str, tuple[int, ...] | tuple[str, ...]] = field(default_factory=dict)
    codes: "Names | None" = None
    since: tuple[int, int] = (1, 0)


@dataclass(frozen=True)
class Names:
    """A set of named numbers; `prefix` starts the names of their firmware constants."""

    name: str
    prefix: str
    doc: str
    members: tuple[Member, ...]


class Word(construct.Adapter):
    """A construct that refuses what `problem` names; occupies at most `max_bytes`."""

    def __init__(self, form: construct.Construct, max_bytes: int) -> None:
        super().__init__(form)
        self.max_bytes = max_bytes

    def problem(self, value: object) -> str:
        """What is wrong with a value, or nothing."""
        raise NotImplementedError

    @property
    def default(self) -> object:
        """What a field holds when nobody sets it, or an older peer leaves it out."""
        raise NotImplementedError

    def _checked(self, value: object, path: str) -> object:
        problem = self.problem(value)
        if problem:
            raise construct.ValidationError(problem, path)
        return value

    def _decode(self, obj: object, context: object, path: str) -> object:
        return self._checked(obj, path)

    def _encode(self, obj: object, context: object, path: str) -> object:
        return self._checked(obj, path)


class Integer(Word):
    """A fixed-width integer; `code` is its letter in the struct module."""

    def __init__(self, code: str, minimum: int, maximum: int) -> None:
        form = construct.FormatField("<", code)
        super().__init__(form, form.sizeof())
        self.code, self.minimum, self.maximum = code, minimum, maximum

    @property
    def default(self) -> int:
        """The number nearest zero."""
        return max(0, self.minimum)

    @property
    def kind(self) -> str:
        """Its sign and width, as documents name it."""
        return {"B": "u8", "H": "u16", "L": "u32", "l": "i32"}[self.code]

    def problem(self, value: object) -> str:
        """Its limits, when they are not kept."""
        if isinstance(value, int) and self.minimum <= value <= self.maximum:
            return ""
        return f"must be {self.minimum} to {self.maximum}"


class Choice(Integer):
    """One number of an enumeration, in one octet; no gaps, so a range check is exact."""

    def __init__(self, names: Names) -> None:
        values = [member.value for member in names.members]
        if values != list(range(values[0], values[0] + len(values))):
            raise ValueError(f"{names.name} must count up without gaps")
        super().__init__("B", values[0], values[-1])
        self.names = names


class Flags(Integer):
    """A set of bits in four octets; unknown bits pass, so a newer peer may set more."""

    def __init__(self, names: Names) -> None:
        super().__init__("L", 0, 0xFFFFFFFF)
        self.names = names


class Code(Integer):
    """A number in one octet; the member in the field `kind` says of which enumeration, if any."""

    def __init__(self, kind: str) -> None:
        super().__init__("B", 0, 0xFF)
        self.of = kind


class Key(Integer):
    """The number of a configuration key, in one octet."""

    def __init__(self) -> None:
        super().__init__("B", 0, 0xFF)


class Text(Word):
    """UTF-8 text of at most `limit` octets (RFC 3629)."""

    def __init__(self, limit: int) -> None:
        super().__init__(construct.PascalString(construct.Byte, "utf8"), 1 + limit)
        self.limit = _in_one_octet(limit)

    @property
    def default(self) -> str:
        """Nothing."""
        return ""

    def problem(self, value: object) -> str:
        """Its limits, when they are not kept."""
        if isinstance(value, str) and len(value.encode()) <= self.limit:
            return ""
        return f"must be text of at most {self.limit} octets"


class Blob(Word):
    """Octets, at most `limit`; their number takes `length_bytes`."""

    def __init__(self, limit: int) -> None:
        self.limit, self.is_long = limit, limit > _OCTET_MAX
        self.length_bytes = 2 if self.is_long else 1
        length = construct.Int16ul if self.is_long else construct.Byte
        form = construct.Prefixed(length, construct.GreedyBytes)
        super().__init__(form, self.length_bytes + limit)

    @property
    def default(self) -> bytes:
        """Nothing."""
        return b""

    def problem(self, value: object) -> str:
        """Its limits, when they are not kept."""
        if isinstance(value, bytes) and len(value) <= self.limit:
            return ""
        return f"must be at most {self.limit} octets"


class Octets(Word):
    """Exactly `size` octets, without a length before them."""

    def __init__(self, size: int) -> None:
        super().__init__(construct.Bytes(size), size)
        self.size = size

    @property
    def default(self) -> bytes:
        """Zeros."""
        return bytes(self.size)

    def problem(self, value: object) -> str:
        """Its size, when it is not kept."""
        if isinstance(value, bytes) and len(value) == self.size:
            return ""
        return f"must be {self.size} octets"


class Secret(Octets):
    """A key: octets that no record of the link may show."""


class Value(Blob):
    """The value of the configuration key in the field before, encoded as its kind says."""


@dataclass(frozen=True)
class Field:
    """One named field of a message or record, and the version of the protocol that brought it.

    The fields of a message that are newer than itself are its optional tail, in the order of
    their versions: a body may end before any of them, as an older peer's does.
    """

    name: str
    word: Word
    doc: str
    since: tuple[int, int] = (1, 0)


@dataclass(frozen=True)
class Record:
    """A group of fields that occurs inside arrays."""

    name: str
    doc: str
    fields: tuple[Field, ...]

    @property
    def max_bytes(self) -> int:
        """The most octets one record takes."""
        return sum(each.word.max_bytes for each in self.fields)


class Array(Word):
    """At most `limit` records, one after another."""

    def __init__(self, record: Record, limit: int) -> None:
        form = construct.Struct(*(each.name / each.word for each in record.fields))
        super().__init__(
            construct.PrefixedArray(construct.Byte, form), 1 + limit * record.max_bytes
        )
        self.record, self.limit = record, _in_one_octet(limit)

    @property
    def default(self) -> list[object]:
        """Nothing."""
        return []

    def problem(self, value: object) -> str:
        """Its limits, when they are not kept."""
        if isinstance(value, Sequence) and len(value) <= self.limit:
            return ""
        return f"must be at most {self.limit} entries"


def _in_one_octet(limit: int) -> int:
    if limit > _OCTET_MAX:
        raise ValueError(f"{limit} does not fit into one octet")
    return limit


def u8(minimum: int = 0, maximum: int = 0xFF) -> Integer:
    """An unsigned integer in one octet."""
    return Integer("B", minimum, maximum)


def u16(minimum: int = 0, maximum: int = 0xFFFF) -> Integer:
    """An unsigned integer in two octets."""
    return Integer("H", minimum, maximum)


def u32(minimum: int = 0, maximum: int = 0xFFFFFFFF) -> Integer:
    """An unsigned integer in four octets."""
    return Integer("L", minimum, maximum)


def i32(minimum: int = -0x80000000, maximum: int = 0x7FFFFFFF) -> Integer:
    """A signed integer in four octets."""
    return Integer("l", minimum, maximum)


def names(name: str, prefix: str, doc: str, *members: Member) -> Names:
    """An enumeration or a set of flags; their numbers are never used again for something else."""
    return Names(name, prefix, doc, members)
