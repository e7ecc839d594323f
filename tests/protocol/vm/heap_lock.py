"""On the VM: encode messages with the heap locked; print "name ok", or "name allocates".

Each argument is a message and its fields: `Name,field=number,...`.
"""

import sys

import micropython

from tocsin import wire, wire_dialogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _message(name: str) -> "Any":
    return getattr(wire if hasattr(wire, name) else wire_dialogue, name)()


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
