"""The few steps every generated host codec is made of."""

from tocsin_protocol.errors import DecodeError, EncodeError


def check(field: str, value: int, minimum: int, maximum: int) -> None:
    """Refuse a number outside minimum..maximum. Raises EncodeError."""
    if not minimum <= value <= maximum:
        raise EncodeError(field, f"must be {minimum} to {maximum}, not {value}")


def check_decoded(field: str, value: int, minimum: int, maximum: int) -> None:
    """Refuse a number outside minimum..maximum. Raises DecodeError."""
    if not minimum <= value <= maximum:
        raise DecodeError(field, f"must be {minimum} to {maximum}, not {value}")


def need(field: str, body: bytes, end: int) -> None:
    """Refuse a body shorter than `end` octets. Raises DecodeError."""
    if len(body) < end:
        raise DecodeError(field, f"needs {end} octets, but the body has {len(body)}")


def put_count(field: str, count: int, limit: int) -> bytes:
    """The length or count octet, 0..limit. Raises EncodeError."""
    if count > limit:
        raise EncodeError(field, f"has a length of {count}, but {limit} is the limit")
    return bytes((count,))


def take_count(field: str, body: bytes, offset: int, limit: int) -> int:
    """The length or count octet at `offset`, 0..limit. Raises DecodeError."""
    need(field, body, offset + 1)
    if body[offset] > limit:
        raise DecodeError(field, f"has a length of {body[offset]}, but {limit} is the limit")
    return body[offset]


def put_blob(field: str, value: bytes, limit: int) -> bytes:
    """A length octet and at most `limit` octets. Raises EncodeError."""
    return put_count(field, len(value), limit) + value


def take_blob(field: str, body: bytes, offset: int, limit: int) -> tuple[bytes, int]:
    """The blob at `offset` and the offset after it. Raises DecodeError."""
    end = offset + 1 + take_count(field, body, offset, limit)
    need(field, body, end)
    return body[offset + 1 : end], end


def put_long_blob(field: str, value: bytes, limit: int) -> bytes:
    """A length of two octets and at most `limit` octets. Raises EncodeError."""
    if len(value) > limit:
        raise EncodeError(field, f"has a length of {len(value)}, but {limit} is the limit")
    return len(value).to_bytes(2, "little") + value


def take_long_blob(field: str, body: bytes, offset: int, limit: int) -> tuple[bytes, int]:
    """The long blob at `offset` and the offset after it. Raises DecodeError."""
    need(field, body, offset + 2)
    length = int.from_bytes(body[offset : offset + 2], "little")
    if length > limit:
        raise DecodeError(field, f"has a length of {length}, but {limit} is the limit")
    return take_octets(field, body, offset + 2, length)


def put_octets(field: str, value: bytes, size: int) -> bytes:
    """Exactly `size` octets, as they are. Raises EncodeError."""
    if len(value) != size:
        raise EncodeError(field, f"must be {size} octets, not {len(value)}")
    return value


def take_octets(field: str, body: bytes, offset: int, size: int) -> tuple[bytes, int]:
    """The `size` octets at `offset` and the offset after them. Raises DecodeError."""
    need(field, body, offset + size)
    return body[offset : offset + size], offset + size


def put_text(field: str, value: str, limit: int) -> bytes:
    """A length octet and at most `limit` octets of UTF-8. Raises EncodeError."""
    try:
        return put_blob(field, value.encode(), limit)
    except UnicodeEncodeError as error:
        raise EncodeError(field, f"cannot be written in UTF-8: {error.reason}") from error


def take_text(field: str, body: bytes, offset: int, limit: int) -> tuple[str, int]:
    """The text at `offset` and the offset after it. Raises DecodeError."""
    data, end = take_blob(field, body, offset, limit)
    try:
        return data.decode(), end
    except UnicodeDecodeError as error:
        raise DecodeError(field, f"is not UTF-8: {error.reason}") from error
