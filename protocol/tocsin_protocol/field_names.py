"""Check that no field is named after something that generated code needs by that name."""

import builtins
import keyword
from collections.abc import Iterable, Iterator

from tocsin_protocol import codec
from tocsin_protocol.errors import SchemaError
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Field, Record

_LOCALS = frozenset({"at", "body", "buf", "cls", "count", "data", "end", "offset", "self"})
_TAKEN = frozenset({*vars(codec), *dir(builtins), *keyword.kwlist, "field", "pack", "unpack_from"})
# A message's fields are attributes in the firmware, and the host's locals are fewer.
_TAKEN_IN_MESSAGES = _TAKEN | {"at", "body", "cls", "count", "self"}


def check(messages: Iterable[Message], records: Iterable[Record]) -> None:
    """Refuse names that cannot be. Raises SchemaError, which lists every fault."""
    faults = [
        *(fault for each in messages for fault in _faults(each, each.fields, _TAKEN_IN_MESSAGES)),
        *(fault for each in records for fault in _faults(each, each.fields, _TAKEN | _LOCALS)),
    ]
    if faults:
        raise SchemaError(faults)


def _faults(
    owner: Message | Record, fields: Iterable[Field], taken: Iterable[str]
) -> Iterator[str]:
    for each in fields:
        if each.name in taken:
            yield f"{owner.name}.{each.name} has a name that the codecs use for something else"
