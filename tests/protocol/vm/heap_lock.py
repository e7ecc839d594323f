"""On the VM: encode messages with the heap locked; print "name ok", or "name allocates".

Each argument is a message and its fields: `Name,field=number,...`.
"""

import sys

import micropython

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


def _fill(message: "Any", fields: "list[str]") -> None:
    for each in fields:
        field, number = each.split("=")
        setattr(message, field, int(number))


def _allocates(message: "Any", buf: memoryview) -> bool:
    micropython.heap_lock()
    try:
        message.encode_into(buf, 0)
        failed = False
    except MemoryError:
        failed = True
    micropython.heap_unlock()
    return failed


for argument in sys.argv[1:]:
    name, *fields = argument.split(",")
    message = _message(name)
    _fill(message, fields)
    outcome = "allocates" if _allocates(message, memoryview(bytearray(600))) else "ok"
    sys.stdout.write(name + " " + outcome + "\n")
