"""Run jobs through the firmware's codec, on the VM as a script and on CPython by import."""

import sys

from tocsin import wire, wire_dialogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BEFORE, _AFTER = b"\xaa\xaa\xaa", b"\x01\x01\x01\x01\x01"


def run(job: "Any") -> "Any":
    """("ok", body or fields), or ("refused", field)."""
    name, task = job
    message = _message(name)
    try:
        return ("ok", _encode(message, task) if isinstance(task, dict) else _decode(message, *task))
    except (wire.EncodeError, wire.DecodeError) as error:
        return ("refused", error.field)


def _message(name: str) -> "Any":
    return getattr(wire if hasattr(wire, name) else wire_dialogue, name)()


def _encode(message: "Any", fields: "dict[str, Any]") -> bytes:
    for field, value in fields.items():
        setattr(message, field, value)
    start = len(_BEFORE)
    buf = bytearray(start + message.MAX_BYTES)
    end = message.encode_into(memoryview(buf), start)
    assert not any(buf[:start])
    return bytes(buf[start:end])


def _decode(message: "Any", body: bytes, fields: "list[str]") -> "dict[str, Any]":
    buf = memoryview(_BEFORE + body + _AFTER)
    message.decode_from(buf, len(_BEFORE), len(_BEFORE) + len(body))
    return {field: _plain(getattr(message, field)) for field in fields}


def _plain(value: "Any") -> "Any":
    return [tuple(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    with open(sys.argv[1]) as jobs:  # noqa: PTH123  # no pathlib on the VM
        for line in jobs:
            sys.stdout.write(repr(run(eval(line))) + "\n")
