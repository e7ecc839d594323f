"""Start the handset: put the shims in place, mount the flash, run boot.py and main.py."""

import gc
import json
import os
import struct
import sys

import vfs
from shim import clock, entropy, loop, polling, tasks
from shim.flash import FileFlash
from shim.kinds import BOOT, CRASH, HEAP, HEAP_COLLECT, HEAP_SAMPLE, HEAP_SHIM, SOFT_RESET
from shim.link import FOREVER_US, link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _start(setting: dict) -> None:
    machine = _machine(setting["port"])
    link.receivers[HEAP] = _receive_heap_request
    link.receive()
    link.emit(BOOT, 0, _version().encode())
    link.every_turn = setting["every_turn"]
    clock._begin(setting["ticks_offset_ms"])
    machine._begin(bytes(setting["unique_id"]), setting["reset_cause"])
    entropy._begin(setting["entropy"])
    _install_shims(machine)
    # Files first, as on a port, and by names as short as there.
    os.chdir(setting["image"])
    sys.path[:] = ["", setting["shadows"], ".frozen"]
    flash = FileFlash(setting["flash"], setting["cut_at"], setting["torn_permille"])
    # The stub takes the class for abstract and wants its argument derived.
    vfs.mount(vfs.VfsLfs2(flash, mtime=False), "/data")  # type: ignore[abstract, arg-type]
    # So far all is the port's and the simulator's, from here on the firmware's.
    _send_heap(HEAP_SHIM)
    _import_asyncio()
    if setting["supervisor"]:
        _name_tasks(*setting["supervisor"])
    sys.argv[:] = []
    _run_programs()
    while True:
        link.advance(FOREVER_US)


def _version() -> str:
    number = "%d.%d.%d" % sys.implementation.version[:3]
    return "MicroPython " + number + ", build " + sys.version.split("MicroPython ")[1]


def _machine(port: str) -> "Any":
    """Be the chip of this port; only what it needs is loaded."""
    if port == "rp2":
        from shim import rp2

        return rp2
    from shim import machine

    return machine


def _install_shims(machine: "Any") -> None:
    """Be found before the built-in modules, by asyncio first of all."""
    sys.modules["time"] = clock
    sys.modules["select"] = polling
    sys.modules["_asyncio"] = tasks
    sys.modules["machine"] = machine
    sys.modules["os"] = entropy


def _import_asyncio() -> None:
    import asyncio.core

    asyncio.core.ticks = clock._free_ticks_ms
    # Looked up often: a name of the module is found at once, a built-in one after all those.
    asyncio.core.max = max
    asyncio.core.run_until_complete = loop.run_until_complete
    loop.core = tasks.core = asyncio.core
    polling.flag_class = asyncio.ThreadSafeFlag


def _name_tasks(home: str, supervisor: str, minor: str) -> None:
    import asyncio

    from shim import failing

    failing.core = asyncio.core
    failing._begin(asyncio, home, supervisor, minor)


def _receive_heap_request(port: int, buffer: bytearray, start: int, end: int) -> None:
    if port == HEAP_COLLECT:
        gc.collect()
    else:
        _send_heap(HEAP_SAMPLE)


def _send_heap(port: int) -> None:
    gc.collect()
    link.emit(HEAP, port, struct.pack("<I", gc.mem_alloc()))


def _run_programs() -> None:
    """Run boot.py, then main.py; after an exception a port would wait at its prompt."""
    try:
        for name in ("boot.py", "main.py"):
            with open(name) as file:
                source = file.read()
            exec(compile(source, name, "exec"), {"__name__": "__main__"})  # noqa: S102 # as a port
    except SystemExit:
        link.reset(SOFT_RESET)
    except BaseException as error:  # noqa: BLE001 # as a port
        sys.print_exception(error, sys.stderr)  # type: ignore[arg-type] # the stub's
        link.emit(CRASH, 0, b"")


_start(json.loads(os.getenv("SETTING") or ""))
