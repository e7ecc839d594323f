"""Check that what is newer than a message stands at its end, oldest first."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from tocsin_protocol.errors import SchemaError
from tocsin_protocol.message import Message


def check(messages: Iterable[Message], version: tuple[int, int]) -> None:
    """Refuse versions that cannot be. Raises SchemaError, which lists every fault."""
    faults = [fault for each in messages for fault in _faults(each, version)]
    if faults:
        raise SchemaError(faults)


def _faults(message: Message, version: tuple[int, int]) -> Iterator[str]:
    for older, newer in pairwise(message.fields):
        if max(older.since, message.since) > max(newer.since, message.since):
            yield f"{message.name}.{newer.name} is older than {older.name}, which it follows"
    newest = max([message.since, *(each.since for each in message.fields)])
    if newest > version:
        yield f"{message.name} has parts since {newest}, but the schema is {version}: raise MINOR"
