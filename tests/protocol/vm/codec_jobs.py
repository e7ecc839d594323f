"""Run jobs through the firmware's codec, on the VM as a script and on CPython by import."""

import sys

from tocsin import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_AREAS = (
    "about",
    "activation",
    "clock",
    "config",
    "journal",
    "provision",
    "status",
    "trace",
    "transfer",
    "update",
)
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
    for module in _modules():
        if hasattr(module, name):
            return getattr(module, name)()
    raise ValueError(name)


def _modules() -> "list[Any]":
    """Every module of the codec, the resident one first."""
    names = ["tocsin.wire", "tocsin.wire_dialogue"]
    names += ["tocsin.wire_dialogue." + area for area in _AREAS]
    names += ["tocsin.storage.wire", "tocsin.health.wire", "rig.wire"]
    for name in names:
        try:
            __import__(name)
        except ImportError:
            break  # a schema of specimens has fewer
    return [sys.modules[name] for name in names if name in sys.modules]


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
    if isinstance(value, list):
        return [tuple(each) for each in value]
    return bytes(value) if isinstance(value, memoryview) else value


if __name__ == "__main__":
    with open(sys.argv[1]) as jobs:  # noqa: PTH123  # no pathlib on the VM
        for line in jobs:
            sys.stdout.write(repr(run(eval(line))) + "\n")
