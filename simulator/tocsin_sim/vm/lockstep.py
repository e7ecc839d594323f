"""The simulator's end of the lock-step: one VM process as a participant in the kernel."""

import struct
from collections.abc import Callable, Iterable

from tocsin_sim.kernel import FOREVER_US, Event, Kernel
from tocsin_sim.vm.process import VmEnded, VmHung, VmProcess

_RECORD = struct.Struct("<BBH")

Gauge = Callable[[VmProcess], int]
"""What a VM has used so far: CPU time, or instructions."""

OnRecord = Callable[[int, int, bytes], object]
"""Called with kind, port and data of a record from the VM."""


class LockStep:
    """Runs a VM whenever its waiting ends or something arrives for it.

    A slice of the VM takes no virtual time. `on_gone` is told of a VM that ended by itself
    (VmEnded) or computes without end (VmHung).
    """

    def __init__(
        self,
        kernel: Kernel,
        vm: VmProcess,
        on_record: OnRecord,
        on_gone: Callable[[VmEnded | VmHung], object],
        *,
        look_ahead: bool,
    ) -> None:
        self.vm = vm
        self.slices = 0
        self._kernel = kernel
        self._on_record = on_record
        self._on_gone = on_gone
        self._look_ahead = look_ahead
        self._on_slice: Callable[[int, int], object] | None = None
        self._outbox: list[bytes] = []
        self._is_waiting = False
        self._is_stopped = False
        self._wake: Event | None = None
        self._gauge: Gauge = VmProcess.cpu_ns
        self._used = 0

    def begin(
        self, t_us: int, first_records: Callable[[], Iterable[tuple[int, int, bytes]]]
    ) -> None:
        """Let the VM start at `t_us`, knowing what `first_records` then returns."""
        self._wake = self._kernel.at_end_of(t_us, self._begin, first_records)

    def _begin(self, first_records: Callable[[], Iterable[tuple[int, int, bytes]]]) -> None:
        for kind, port, data in first_records():
            self.add(kind, port, data)
        self._run_slice()

    def stop(self) -> None:
        """Kill the VM; it will not run again."""
        self._is_stopped = True
        self._is_waiting = False
        if self._wake is not None:
            self._wake.cancel()
        self.vm.kill()

    @property
    def is_running(self) -> bool:
        """Whether it has begun, so that records reach it."""
        return self.slices > 0

    def add(self, kind: int, port: int, data: bytes) -> None:
        """Have the VM take this record whenever it next runs."""
        self._outbox.append(_RECORD.pack(kind, port, len(data)) + data)

    def deliver(self, kind: int, port: int, data: bytes) -> None:
        """Have the VM take this record at this very instant."""
        self.add(kind, port, data)
        if self._is_waiting:
            self._wait_until(self._kernel.now_us)

    def _wait_until(self, t_us: int) -> None:
        if self._wake is not None:
            self._wake.cancel()
        waits_for_ever = t_us >= FOREVER_US
        self._wake = None if waits_for_ever else self._kernel.at_end_of(t_us, self._run_slice)

    def _run_slice(self) -> None:
        kernel = self._kernel
        self._wake = None
        self._is_waiting = False
        self.slices += 1
        horizon_us = kernel.horizon_us() if self._look_ahead else kernel.now_us
        records = b"".join(self._outbox)
        self._outbox.clear()
        try:
            now_us, next_us, answer = self.vm.exchange(kernel.now_us, horizon_us, records)
        except (VmEnded, VmHung) as gone:
            self._on_gone(gone)
            return
        kernel.now_us = now_us
        self._measure()
        self._take(answer)
        if not self._is_stopped:
            self._is_waiting = True
            self._wait_until(now_us if self._outbox else next_us)

    def _take(self, records: bytes) -> None:
        at = 0
        while at < len(records) and not self._is_stopped:
            kind, port, size = _RECORD.unpack_from(records, at)
            at += _RECORD.size + size
            self._on_record(kind, port, records[at - size : at])

    def on_slice(self, callback: Callable[[int, int], object], gauge: Gauge) -> None:
        """Call `callback(t_us, used)` for each run of the VM between two exchanges."""
        self._on_slice = callback
        self._gauge = gauge
        self._used = gauge(self.vm)

    def _measure(self) -> None:
        if self._on_slice is not None:
            before, self._used = self._used, self._gauge(self.vm)
            self._on_slice(self._kernel.now_us, self._used - before)
