"""The processor's own count of the instructions another process executes."""

import ctypes
import os
import struct

_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}.get(os.uname().machine)
_ATTRIBUTE_BYTES = 128
_HARDWARE, _INSTRUCTIONS = 0, 1
_FLAGS_AT = 40
_EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR = 1 << 5, 1 << 6
_COUNT = struct.Struct("=Q")
_libc = ctypes.CDLL(None, use_errno=True)


class InstructionCounter:
    """Counts what process `pid` executes outside the kernel; `fd` is None where none may.

    perf_event_open(2). The same work gives the same count, whatever else the machine does.
    """

    def __init__(self, pid: int) -> None:
        self.fd: int | None = None
        attributes = ctypes.create_string_buffer(_ATTRIBUTE_BYTES)
        struct.pack_into("=IIQ", attributes, 0, _HARDWARE, _ATTRIBUTE_BYTES, _INSTRUCTIONS)
        flags = _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
        struct.pack_into("=Q", attributes, _FLAGS_AT, flags)
        if _PERF_EVENT_OPEN is not None:
            fd = _libc.syscall(_PERF_EVENT_OPEN, attributes, pid, -1, -1, 0)
            self.fd = fd if fd >= 0 else None

    def read(self) -> int:
        """Return the count since it was made; 0 without a counter."""
        if self.fd is None:
            return 0
        (count,) = _COUNT.unpack(os.read(self.fd, _COUNT.size))
        return int(count)

    def close(self) -> None:
        """Stop counting."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


def can_count() -> bool:
    """Whether this machine lets its instructions be counted."""
    counter = InstructionCounter(0)
    try:
        return counter.read() > 0
    finally:
        counter.close()
