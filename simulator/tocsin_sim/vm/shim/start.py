"""Start the handset: put the shims in place, mount the flash, run boot.py and main.py."""

import gc
import hashlib
import json
import os
import random
import struct
import sys

import vfs
from shim import polling, tasks
from shim.clock import ChargingClock, Clock
from shim.flash import FileFlash
from shim.kinds import BOOT, CRASH, HEAP, HEAP_SAMPLE, HEAP_SHIM, SOFT_RESET
from shim.link import FOREVER_US, Link
from shim.machine import Machine


class _Module:
    pass


def _start(setting: dict) -> None:
    link = Link(setting["read_fd"], setting["write_fd"])
    machine = Machine(link, bytes(setting["unique_id"]), setting["reset_cause"])
    link.receivers[HEAP] = lambda port, buffer, start, end: _measure_heap(link, HEAP_SAMPLE)
    link.receive()
    link.emit(BOOT, 0, sys.version.encode())
    _install(link, machine, setting)
    flash = FileFlash(link, setting["flash"], setting["cut_at"], setting["torn_permille"])
    vfs.mount(vfs.VfsLfs2(flash, mtime=False), "/data")
    sys.path[:] = [".frozen", setting["image"]]
    sys.argv[:] = []
    _measure_heap(link, HEAP_SHIM)
    _run_programs(link, setting["image"])
    while True:
        link.advance(FOREVER_US)


def _install(link: Link, machine: Machine, setting: dict) -> None:
    clock = Clock(link, setting["ticks_offset_ms"])
    select = _Module()
    select.poll = polling.make_poll(link, clock.offset_us)
    for name in ("POLLIN", "POLLOUT", "POLLERR", "POLLHUP"):
        setattr(select, name, getattr(polling, name))
    sys.modules["select"] = select
    sys.modules["machine"] = machine
    sys.modules["_asyncio"] = tasks
    sys.modules["os"] = _seeded_os(setting["entropy"])
    random.seed(int.from_bytes(hashlib.sha256(setting["entropy"]).digest()[:4], "big"))
    sys.modules["time"] = clock
    import asyncio.core

    tasks.core = asyncio.core
    sys.modules["time"] = ChargingClock(link, setting["ticks_offset_ms"])


def _seeded_os(entropy: str) -> _Module:
    module = _Module()
    for name in dir(os):
        if not name.startswith("__"):
            setattr(module, name, getattr(os, name))
    drawn = 0

    def urandom(size: int) -> bytes:
        nonlocal drawn
        data = b""
        while len(data) < size:
            drawn += 1
            data += hashlib.sha256("%s/%d" % (entropy, drawn)).digest()
        return data[:size]

    module.urandom = urandom
    return module


def _measure_heap(link: Link, port: int) -> None:
    gc.collect()
    link.emit(HEAP, port, struct.pack("<II", gc.mem_alloc(), gc.mem_free()))


def _run_programs(link: Link, image: str) -> None:
    """Run boot.py, then main.py; after an exception a port would wait at its prompt."""
    try:
        for name in ("boot.py", "main.py"):
            with open(image + "/" + name) as file:
                source = file.read()
            exec(compile(source, name, "exec"), {"__name__": "__main__"})
    except SystemExit:
        link.reset(SOFT_RESET)
    except BaseException as error:
        sys.print_exception(error, sys.stderr)
        link.emit(CRASH, 0, b"")


_start(json.loads(os.getenv("SETTING")))
