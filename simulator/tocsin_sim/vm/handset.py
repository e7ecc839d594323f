"""The simulated handset: the firmware's VM, its connections and what was measured of it."""

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin_host.bytecode import compile_tree
from tocsin_host.errors import TocsinError
from tocsin_sim.kernel import Direction, Kernel, Trace
from tocsin_sim.vm import launch
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.vm.lines import AdcLine, PinLine, UartLine
from tocsin_sim.vm.lockstep import Gauge, LockStep
from tocsin_sim.vm.process import VmEnded, VmHung, VmProcess
from tocsin_sim.vm.radio import Radio
from tocsin_sim.vm.shim import kinds
from tocsin_sim.vm.stats import Crash, HandsetStats

BOOT_US = 300_000
"""From power to the first line of boot.py: ROM, boot loader, MicroPython's own start."""

TICKS_PERIOD_MS = 1 << 30
"""Of the ESP32 port's tick counter."""

_SHIM_FOLDER = Path(__file__).parent / "shim"
_SHADOW_FOLDER = Path(__file__).parent / "shadow"
_FIRST_SAMPLE_US = 2_000_000  # after power: the firmware has settled by then
_BUSY_SAMPLE_PERIOD_US = 1_000_000  # when a pin moves, the radio or a long line is written
_SAMPLE_PERIOD_US = 60_000_000  # a collection takes as long as seconds of ordinary work
_LONG_LINE_BYTES = 64
# What the simulator itself keeps on the heap, by port: its radio and the mounted flash included.
_SHIM_BYTES = {"esp32": 56 * 1024, "rp2": 60 * 1024}
_SAMPLED = frozenset({kinds.PIN, kinds.UART, kinds.RADIO})
_UNTRACED = frozenset({kinds.HEAP})


class Handset:
    """One handset on a kernel; without power until `power_on()`.

    `heap_bytes` is the firmware's heap: the simulator's own share comes on top of it.
    `ticks_offset_ms` is what its tick counter starts at. `look_ahead` lets the VM run on by
    itself up to the next event: it changes speed, never behaviour. Without `has_radio` its build
    has no module `bluetooth`. With `every_turn`, set before a start, it returns before each step
    of a task, to be measured; with `names_tasks`, likewise, `fail_task` works. Set
    `cut_at_flash_op` to
    lose power at that flash operation (from 1) after the next start, `torn` of it done.
    """

    def __init__(
        self,
        kernel: Kernel,
        image: FirmwareImage,
        flash_path: Path,
        *,
        heap_bytes: int = 320 * 1024,
        look_ahead: bool = True,
        ticks_offset_ms: int = 0,
        sample_heap: bool = True,
        pin_cpu: bool = True,
        hang_timeout_s: float = 5.0,
        has_radio: bool = True,
    ) -> None:
        self.image = image
        self.radio = Radio(kernel, self._deliver)
        self.trace = Trace()
        self.stats = HandsetStats(heap_limit_bytes=heap_bytes + _SHIM_BYTES[image.port])
        self.cut_at_flash_op: int | None = None
        self.every_turn = False
        self.names_tasks = False
        self.on_task_failed: Callable[[str], object] = lambda _: None
        self.torn = 0.0
        self._kernel = kernel
        self._flash_path = flash_path
        self._look_ahead = look_ahead
        self._ticks_offset_ms = ticks_offset_ms
        self._ticks_began_us = 0
        self.sample_heap = sample_heap
        self._hang_timeout_s = hang_timeout_s
        self.busy_sample_period_us = _BUSY_SAMPLE_PERIOD_US
        self._affinity = os.sched_getaffinity(0) if pin_cpu else None
        self._shim_path = compile_tree(_shim_sources())
        self._has_radio = has_radio
        self._entropy = kernel.stream("handset.entropy")
        self._unique_id = kernel.stream("handset.unique_id").randbytes(6)
        self._uarts: dict[int, UartLine] = {}
        self._pins: dict[int, PinLine] = {}
        self._adcs: dict[int, AdcLine] = {}
        self._steps: LockStep | None = None
        self._on_slice: Callable[[int, int], object] | None = None
        self._gauge: Gauge = VmProcess.cpu_ns
        self._sampled_us = self._settled_us = 0
        self._watchdog_us = 0
        self._log = ""
        self._cpu_ns = 0
        self._takers: dict[int, Callable[[int, bytes], object]] = {
            kinds.UART: lambda port, data: self.uart(port).sent(data),
            kinds.UART_OPEN: lambda port, data: self.uart(port).opened(_u32(data)),
            kinds.PIN: lambda port, data: self.pin(port).put_out(data[0]),
            kinds.PIN_MODE: lambda port, data: self.pin(port).configured(data[0], data[1]),
            kinds.FLASH: self._take_flash_use,
            kinds.WATCHDOG: self._take_watchdog,
            kinds.RESET: lambda _, data: self._restart(data[0]),
            kinds.CRASH: lambda _, __: self._note_crash(),
            kinds.POWER_CUT: lambda _, __: self.power_cut(),
            kinds.BOOT: self._take_version,
            kinds.HEAP: self._take_heap,
            kinds.OVERRUN: self._take_overrun,
            kinds.TASK: lambda _, data: self.on_task_failed(data.decode()),
            kinds.RADIO: self.radio.take,
        }

    # What it is connected to

    def uart(self, port: int) -> UartLine:
        """Return the world's end of UART `port`."""
        if port not in self._uarts:
            self._uarts[port] = UartLine(self._kernel, port, self._deliver)
        return self._uarts[port]

    def pin(self, number: int) -> PinLine:
        """Return the world's end of pin `number`."""
        if number not in self._pins:
            self._pins[number] = PinLine(number, self._deliver)
        return self._pins[number]

    def adc(self, number: int) -> AdcLine:
        """Return the world's end of the analogue input on pin `number`."""
        if number not in self._adcs:
            self._adcs[number] = AdcLine(number, self._deliver)
        return self._adcs[number]

    def _deliver(self, kind: int, port: int, data: bytes) -> None:
        if self._steps is not None and self._steps.is_running:
            self.trace.add(self._kernel.now_us, Direction.TO_HANDSET, kind, port, data)
            self._steps.deliver(kind, port, data)

    def _levels(self) -> Iterator[tuple[int, int, bytes]]:
        for number, pin in sorted(self._pins.items()):
            yield kinds.PIN, number, pin.record()
        for number, adc in sorted(self._adcs.items()):
            yield kinds.ADC, number, adc.record()

    def fail_task(self, name: str, does_fail: bool) -> None:
        """Let a minor task fail now and whenever it is started again, or no longer.

        Names are those its supervisor is given. A restart of the handset ends it.
        """
        self._deliver(kinds.TASK, int(does_fail), name.encode())

    # Power

    @property
    def is_powered(self) -> bool:
        """Whether it has power."""
        return self._steps is not None

    def power_on(self, reset_cause: int = kinds.PWRON_RESET) -> None:
        """Give it power; boot.py begins BOOT_US later."""
        if self._steps is None:
            self._start(reset_cause)

    def power_cut(self) -> None:
        """Take its power away at this very instant."""
        if self._steps is not None:
            self._stop(self._steps)

    def close(self) -> None:
        """End the VM and give this process its CPUs back."""
        self.power_cut()
        if self._affinity is not None:
            os.sched_setaffinity(0, self._affinity)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self, reset_cause: int) -> None:
        now_us = self._kernel.now_us
        self.trace.add(now_us, Direction.TO_HANDSET, kinds.BOOT, 0, bytes([reset_cause]))
        self.stats.boots += 1
        self._settled_us = now_us + _FIRST_SAMPLE_US
        self._sampled_us = self._settled_us - _SAMPLE_PERIOD_US
        self._watchdog_us = 0
        self._steps = LockStep(
            self._kernel,
            self._fork(reset_cause),
            self._take,
            self._take_end,
            look_ahead=self._look_ahead,
        )
        if self._on_slice is not None:
            self._steps.on_slice(self._on_slice, self._gauge)
        self._ticks_began_us = now_us + BOOT_US
        self._steps.begin(self._ticks_began_us, self._levels)

    def _fork(self, reset_cause: int) -> VmProcess:
        if self._affinity is not None:
            # Lock-step runs one process at a time: on one CPU neither waits for the other's.
            os.sched_setaffinity(0, {launch.current_cpu()})
        setting = {
            "image": str(self.image.path),
            "shadows": str(self._shim_path / _SHADOW_FOLDER.name) if self._has_radio else "",
            "port": self.image.port,
            "flash": str(self._flash_path.resolve()),
            "cut_at": self.cut_at_flash_op or 0,
            "torn_permille": round(self.torn * 1000),
            "ticks_offset_ms": self._ticks_offset_ms,
            "unique_id": list(self._unique_id),
            "reset_cause": reset_cause,
            "every_turn": self.every_turn,
            "supervisor": self._supervisor_names() if self.names_tasks else (),
            "entropy": self._entropy.randbytes(16).hex(),
        }
        self.cut_at_flash_op = None
        return VmProcess(
            self._shim_path, self.stats.heap_limit_bytes, setting, self._hang_timeout_s
        )

    def _supervisor_names(self) -> tuple[str, ...]:
        """Return where in the firmware its tasks are given names: module, class and method."""
        way_back = self.image.map
        home = way_back.home("tocsin/supervisor.py")
        return (home, way_back.short("Supervisor"), way_back.short("minor"))

    def _stop(self, steps: LockStep) -> None:
        self._log += self._printed(steps)
        self._cpu_ns += steps.vm.cpu_ns()
        steps.stop()
        self._steps = None
        for uart in self._uarts.values():
            uart.lose_power()
        for pin in self._pins.values():
            pin.lose_power()
        self.radio.lose_power()

    def _restart(self, reset_cause: int) -> None:
        self.power_cut()
        self._start(reset_cause)

    # What it sends

    def _take(self, kind: int, port: int, data: bytes) -> None:
        now_us = self._kernel.now_us
        if kind not in _UNTRACED:
            self.trace.add(now_us, Direction.FROM_HANDSET, kind, port, data)
        self._takers[kind](port, data)
        if self.sample_heap and kind in _SAMPLED and now_us >= self._settled_us:
            is_busy = kind != kinds.UART or len(data) >= _LONG_LINE_BYTES
            period_us = self.busy_sample_period_us if is_busy else _SAMPLE_PERIOD_US
            self._sample_when_due(now_us, now_us - period_us)

    def collect(self) -> None:
        """Have it collect its garbage when it next runs, and measure nothing."""
        if self._steps is not None:
            self._steps.add(kinds.HEAP, kinds.HEAP_COLLECT, b"")

    def _sample_when_due(self, now_us: int, last_us: int) -> None:
        if self._sampled_us <= last_us:
            self._sampled_us = now_us
            self.ask_heap()

    def _take_heap(self, port: int, data: bytes) -> None:
        allocated_bytes = _u32(data)
        if port == kinds.HEAP_SHIM:
            self.stats.heap_shim_bytes = allocated_bytes
            return
        self.stats.heap_bytes = allocated_bytes
        self.stats.heap_after_boot_bytes = self.stats.heap_after_boot_bytes or allocated_bytes
        self.stats.heap_peak_bytes = max(self.stats.heap_peak_bytes, allocated_bytes)

    def _take_version(self, _: int, data: bytes) -> None:
        self.stats.vm_version = data.decode()

    def _take_flash_use(self, _: int, data: bytes) -> None:
        programs, erases = struct.unpack("<II", data)
        self.stats.flash_programs += programs
        self.stats.flash_erases += erases

    def _take_watchdog(self, _: int, data: bytes) -> None:
        self._watchdog_us = _u32(data) * 1000

    def _take_overrun(self, _: int, data: bytes) -> None:
        self.stats.overrun_bytes += _u32(data)

    def _take_end(self, gone: VmEnded | VmHung) -> None:
        """A VM that dies restarts as after a panic; one that hangs is left to the watchdog."""
        if isinstance(gone, VmEnded):
            self._take_death()
        else:
            self._note_crash()
            if self._watchdog_us and self._steps is not None:
                self._kernel.after(self._watchdog_us, self._bite, self._steps)

    def _take_death(self) -> None:
        if not self.stats.vm_version:
            reason = self.log.strip().rpartition("\n")[2]
            hint = "give it more heap" if "MemoryError" in reason else "install tocsin again"
            raise TocsinError(f"the MicroPython VM does not start: {reason}", hint)
        self._note_crash()
        self._restart(kinds.HARD_RESET)

    def _bite(self, hung: LockStep) -> None:
        if self._steps is hung:
            self._restart(kinds.WDT_RESET)

    def _note_crash(self) -> None:
        text = self._printed(self._steps)
        self.stats.crashes.append(Crash(self._kernel.now_us, text))

    # What is measured of it

    def ask_heap(self) -> None:
        """Have it collect and tell what is left allocated when it next runs: `stats.heap_bytes`."""
        if self._steps is not None:
            self._steps.add(kinds.HEAP, kinds.HEAP_SAMPLE, b"")

    def ticks_ms_at(self, t_us: int) -> int:
        """Return what its tick counter shows at `t_us`, by the clock of its last start."""
        passed_ms = (t_us - self._ticks_began_us) // 1000
        return (passed_ms + self._ticks_offset_ms) % TICKS_PERIOD_MS

    def on_slice(
        self, callback: Callable[[int, int], object], gauge: Gauge = VmProcess.cpu_ns
    ) -> None:
        """Call `callback(t_us, used)` for each run of the VM between two exchanges.

        `used` is CPU time of the VM process in ns, or by VmProcess.instructions how many it
        executed; without look-ahead, by one wake-up's work.
        """
        self._on_slice = callback
        self._gauge = gauge
        if self._steps is not None:
            self._steps.on_slice(callback, gauge)

    @property
    def cpu_ns(self) -> int:
        """CPU time all its VMs used so far."""
        return self._cpu_ns + (self._steps.vm.cpu_ns() if self._steps is not None else 0)

    @property
    def log(self) -> str:
        """Everything its firmware printed so far, tracebacks included."""
        return self._log + self._printed(self._steps)

    def _printed(self, steps: LockStep | None) -> str:
        return self.image.map.readable(steps.vm.output()) if steps is not None else ""


def _u32(data: bytes) -> int:
    return int.from_bytes(data[:4], "little")


def _shim_sources() -> dict[str, bytes]:
    return {
        f"{folder.name}/{path.name}": path.read_bytes()
        for folder in (_SHIM_FOLDER, _SHADOW_FOLDER)
        for path in sorted(folder.glob("*.py"))
    }
