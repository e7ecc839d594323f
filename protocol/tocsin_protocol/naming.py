"""Check that ids and names are given once, and none that generated code needs for itself."""

import builtins
import keyword
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tocsin_protocol import codec
from tocsin_protocol.errors import SchemaError
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Field, Record

_LOCALS = frozenset({"at", "body", "buf", "cls", "count", "data", "end", "offset", "self"})
_TAKEN = frozenset({*vars(codec), *dir(builtins), *keyword.kwlist, "field", "pack", "unpack_from"})
# A message's fields are attributes in the firmware, and the host's locals are fewer.
_TAKEN_IN_MESSAGES = _TAKEN | {"at", "body", "cls", "count", "self"}


def check(messages: Sequence[Message], records: Sequence[Record]) -> None:
    """Refuse ids and names that cannot be. Raises SchemaError, which lists every fault."""
    owners: list[Message | Record] = [*messages, *records]
    faults = [
        *_repeated([f"id {each.id:#04x}" for each in messages]),
        *_repeated([f"name {each.name}" for each in owners]),
        *(fault for each in owners for fault in _repeated_fields(each)),
        *(fault for each in messages for fault in _faults(each, each.fields, _TAKEN_IN_MESSAGES)),
        *(fault for each in records for fault in _faults(each, each.fields, _TAKEN | _LOCALS)),
    ]
    if faults:
        raise SchemaError(faults)


def _repeated_fields(owner: Message | Record) -> Iterator[str]:
    return _repeated([f"name {owner.name}.{each.name}" for each in owner.fields])


def _repeated(given: Iterable[str]) -> Iterator[str]:
    return (f"the {what} is given {n} times" for what, n in Counter(given).items() if n > 1)


def _faults(
    owner: Message | Record, fields: Iterable[Field], taken: Iterable[str]
) -> Iterator[str]:
    for each in fields:
        if each.name in taken:
            yield f"{owner.name}.{each.name} has a name that the codecs use for something else"
