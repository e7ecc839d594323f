"""A slow codec that follows the schema's constructs, for tests and golden vectors only.

Values are plain: int for numbers and enumerations, str, bytes, and a list of dicts for arrays.
"""

from collections.abc import Mapping
from io import BytesIO

import construct

from tocsin_protocol.errors import DecodeError, EncodeError
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array, Word


def encode(message: Message, values: Mapping[str, object]) -> bytes:
    """The body of a message with these values. Raises EncodeError."""
    body = BytesIO()
    for each in message.fields:
        try:
            each.word.build_stream(values[each.name], body)
        except (construct.ConstructError, UnicodeError) as error:
            raise EncodeError(each.name, str(error)) from error
    return body.getvalue()


def decode(message: Message, body: bytes) -> dict[str, object]:
    """The values in a body; a longer tail is left alone, a missing optional one is at default.

    Raises DecodeError.
    """
    stream = BytesIO(body)
    values: dict[str, object] = {each.name: each.word.default for each in message.tail}
    for number, part in enumerate(message.parts):
        if number and stream.tell() == len(body):
            break  # an older peer's
        for each in part:
            try:
                values[each.name] = _plain(each.word, each.word.parse_stream(stream))
            except (construct.ConstructError, UnicodeError) as error:
                raise DecodeError(each.name, str(error)) from error
    return values


def _plain(word: Word, value: object) -> object:
    if isinstance(word, Array) and isinstance(value, list):
        names = [each.name for each in word.record.fields]
        return [{name: item[name] for name in names} for item in value]
    return value
