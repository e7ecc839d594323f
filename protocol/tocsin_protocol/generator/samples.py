"""Values at and beyond the limits of every word of the vocabulary."""

from collections.abc import Iterable

from tocsin_protocol.vocabulary import Array, Blob, Choice, Field, Integer, Text, Word


def default(word: Word) -> object:
    """What a field holds when nobody sets it."""
    if isinstance(word, Choice):
        return word.minimum
    if isinstance(word, Integer):
        return max(0, word.minimum)
    return _empty(word)


def lowest(word: Word) -> object:
    """The smallest number, or nothing at all."""
    return word.minimum if isinstance(word, Integer) else _empty(word)


def highest(word: Word) -> object:
    """The largest number, or as much as fits; text of characters that take two octets."""
    if isinstance(word, Integer):
        return word.maximum
    if isinstance(word, Text):
        return "\u00e9" * (word.limit // 2)
    if isinstance(word, Blob):
        return bytes(range(word.limit))
    if isinstance(word, Array):
        return [{each.name: highest(each.word) for each in word.record.fields}] * word.limit
    raise TypeError(f"{word} is not a word of the vocabulary")


def refused(word: Word) -> list[object]:
    """Values just beyond the limits."""
    if isinstance(word, Integer):
        return [word.minimum - 1, word.maximum + 1]
    if isinstance(word, Text):
        return ["x" * (word.limit + 1)]
    if isinstance(word, Blob):
        return [bytes(word.limit + 1)]
    if isinstance(word, Array):
        entry = {each.name: lowest(each.word) for each in word.record.fields}
        return [[entry] * (word.limit + 1)]
    raise TypeError(f"{word} is not a word of the vocabulary")


def defaults(fields: Iterable[Field]) -> dict[str, object]:
    """Every field as nobody has set it."""
    return {each.name: default(each.word) for each in fields}


def _empty(word: Word) -> object:
    if isinstance(word, Text):
        return ""
    return b"" if isinstance(word, Blob) else []
