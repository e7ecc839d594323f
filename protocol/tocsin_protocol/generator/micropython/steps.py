"""The few steps the firmware's codec is made of; a module has those that its messages need."""

STEPS = {
    "put": """\
def put(buf: "bytearray | memoryview", offset: int, data: bytes, limit: int, field: str) -> int:
    n = len(data)
    # A slice past the end would grow a bytearray instead of failing.
    if n > limit or offset + n >= len(buf):
        raise EncodeError(field)
    buf[offset] = n
    offset += 1
    buf[offset : offset + n] = data
    return offset + n
""",
    "take": """\
def take(buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str) -> bytes:
    if offset >= end or buf[offset] > limit or offset + 1 + buf[offset] > end:
        raise DecodeError(field)
    return bytes(buf[offset + 1 : offset + 1 + buf[offset]])
""",
    "put_long": """\
def put_long(
    buf: "bytearray | memoryview", offset: int, data: "bytes | memoryview", limit: int, field: str
) -> int:
    end = offset + 2 + len(data)
    if len(data) > limit or end > len(buf):
        raise EncodeError(field)
    pack_into("<H", buf, offset, len(data))
    buf[offset + 2 : end] = data
    return end
""",
    "take_long": """\
def take_long(
    buf: "bytearray | memoryview", offset: int, end: int, limit: int, field: str
) -> memoryview:
    \"\"\"A part of `buf` itself: use it before the next message arrives there.\"\"\"
    start = offset + 2
    if start > end:
        raise DecodeError(field)
    n = unpack_from("<H", buf, offset)[0]
    if n > limit or start + n > end:
        raise DecodeError(field)
    return memoryview(buf)[start : start + n]
""",
    "put_octets": """\
def put_octets(
    buf: "bytearray | memoryview", offset: int, data: bytes, size: int, field: str
) -> int:
    if len(data) != size or offset + size > len(buf):
        raise EncodeError(field)
    buf[offset : offset + size] = data
    return offset + size
""",
    "take_octets": """\
def take_octets(
    buf: "bytearray | memoryview", offset: int, end: int, size: int, field: str
) -> bytes:
    if offset + size > end:
        raise DecodeError(field)
    return bytes(buf[offset : offset + size])
""",
    "read_text": """\
def read_text(data: bytes, field: str) -> str:
    try:
        return data.decode()
    except UnicodeError:
        pass  # raised below: the VM cannot chain exceptions
    raise DecodeError(field)
""",
}


def steps(code: list[str], without: tuple[str, ...] = ()) -> list[str]:
    """The functions that `code` calls, but for those it has from elsewhere."""
    text = "\n".join(code)
    lines: list[str] = []
    for name, source in STEPS.items():
        if f"{name}(" in text and name not in without:
            lines += ["", "", *source.splitlines()]
    return lines
