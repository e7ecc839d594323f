"""Values at and beyond the limits of every word of the vocabulary."""

from collections.abc import Iterable

from tocsin_protocol.vocabulary import Array, Blob, Field, Integer, Octets, Text, Word


def lowest(word: Word) -> object:
    """The smallest number, or nothing at all."""
    return word.minimum if isinstance(word, Integer) else word.default


def highest(word: Word) -> object:
    """The largest number, or as much as fits; text of characters that take two octets."""
    if isinstance(word, Integer):
        return word.maximum
    if isinstance(word, Text):
        return "\u00e9" * (word.limit // 2)
    if isinstance(word, Blob):
        return _octets(word.limit)
    if isinstance(word, Octets):
        return _octets(word.size)
    if isinstance(word, Array):
        return [{each.name: highest(each.word) for each in word.record.fields}] * word.limit
    raise TypeError(f"{word} is not a word of the vocabulary")


def _octets(count: int) -> bytes:
    return bytes(each & 0xFF for each in range(count))


def refused(word: Word) -> list[object]:
    """Values just beyond the limits."""
    if isinstance(word, Integer):
        return [word.minimum - 1, word.maximum + 1]
    if isinstance(word, Text):
        return ["x" * (word.limit + 1)]
    if isinstance(word, Blob):
        return [bytes(word.limit + 1)]
    if isinstance(word, Octets):
        return [bytes(word.size - 1), bytes(word.size + 1)]
    if isinstance(word, Array):
        entry = {each.name: lowest(each.word) for each in word.record.fields}
        return [[entry] * (word.limit + 1)]
    raise TypeError(f"{word} is not a word of the vocabulary")


def defaults(fields: Iterable[Field]) -> dict[str, object]:
    """Every field as nobody has set it."""
    return {each.name: each.word.default for each in fields}
