"""Heap of the firmware: after boot, after service mode, and at its peak in each.

The VM is 64-bit: its heap for a target of 190 KB is 320 K, a factor of 1.7 (VM trials, 5). What
the simulator itself keeps there is taken off, and so is the mounted file system, as a port has it
before the firmware starts; asyncio, the UARTs' buffers and the shims' tasks, which are smaller in
C, are counted as the firmware's. "After boot" is two seconds or more after power: all tasks run.

The first host that is served leaves something behind for good, about 13 KB on the VM, further ones
nothing: 7 KB are the simulator's stand-in for `bluetooth`; MicroPython frees no name that it has
once met (360 names, 3.5 KB); and modules of asyncio that only service mode uses stay imported.
"""

import random
from dataclasses import dataclass

from tests.bench.figures import Figure
from tests.simulator.handset.conversation_on_line import ConversationOnLine, Upload
from tests.simulator.handset.host_by_radio import HostByRadio

from tocsin_host import wire
from tocsin_host.session import Credential
from tocsin_sim.provision import handset_keys
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.setting import Setting

TITLE = "Heap, scaled from the 64-bit VM to a 190 KB target"

SCALE = 1.7
AFTER_BOOT_LIMIT_KB = 75
PEAK_LIMIT_KB = 110
SERVICE_LIMIT_KB = 165
_BYTES_PER_KB = 1024
_FILE_BYTES = 20_000
_GESTURE_S = 18
_ENDED_S = 100
_TOLD_S = 20  # an idle handset seldom runs
_ACTIVATION_S = 120


def measure() -> list[Figure]:
    """Run one activation to its end."""
    with Simulation(Setting(), Conditions()) as simulation:
        simulation.run()
        stats = simulation.handset.stats
    shim_bytes = stats.heap_shim_bytes
    service = serve_a_host()
    return [
        _scaled("after boot", stats.heap_after_boot_bytes, shim_bytes, AFTER_BOOT_LIMIT_KB),
        _scaled("peak in an activation", stats.heap_peak_bytes, shim_bytes, PEAK_LIMIT_KB),
        _scaled("peak in service mode", service.peak_bytes, shim_bytes, SERVICE_LIMIT_KB),
        _scaled("after service mode", service.left_bytes, shim_bytes),
        _scaled("activation after it, peak", service.next_peak_bytes, shim_bytes, PEAK_LIMIT_KB),
        Figure("simulator's share", shim_bytes, "bytes", "on the VM; taken off above"),
        Figure("heap of the VM", stats.heap_limit_bytes, "bytes"),
    ]


@dataclass(frozen=True, slots=True)
class ServiceMode:
    """Octets in use at its worst, some time after it, and at the worst of an alarm after that."""

    peak_bytes: int
    left_bytes: int
    next_peak_bytes: int


def serve_a_host() -> ServiceMode:
    """Serve one by radio: a handshake, every area it can ask for, a transfer; then an alarm."""
    setting, conditions = Setting(press_at_s=None), Conditions()
    with Simulation(setting, conditions) as simulation:
        simulation.settle()
        kernel, handset = simulation.kernel, simulation.handset
        for place in range(5):
            simulation.world.person.press(kernel.now_us + place * 4_000_000, 200)
        kernel.run_until(kernel.now_us + _GESTURE_S * 1_000_000)
        handset.busy_sample_period_us = 0
        role = wire.Role.TECHNICIAN
        key = handset_keys(conditions.seed, setting.identity).by_role[role]
        host = HostByRadio(kernel, handset.radio)
        talk = ConversationOnLine(kernel, host, Credential(role, key))
        talk.open()
        upload = Upload(talk, random.Random(1).randbytes(_FILE_BYTES))
        talk.run(lambda: upload.offset is not None)
        for message in (wire.StatusGet(), wire.JournalGet(0), wire.UpdateGet(), wire.TimeGet()):
            talk.ask(message)
        talk.run(lambda: upload.is_over)
        talk.unplug()
        handset.radio.disconnect()
        peak_bytes = handset.stats.heap_peak_bytes
        kernel.run_until(kernel.now_us + _ENDED_S * 1_000_000)
        handset.ask_heap()
        kernel.run_until(kernel.now_us + _TOLD_S * 1_000_000)
        left_bytes = handset.stats.heap_peak_bytes = handset.stats.heap_bytes
        simulation.world.person.press(kernel.now_us, setting.hold_ms)
        kernel.run_until(kernel.now_us + _ACTIVATION_S * 1_000_000)
        if not upload.is_done or simulation.world.witness.dialled_numbers == []:
            raise RuntimeError("the handset did not do all of it")
        return ServiceMode(peak_bytes, left_bytes, handset.stats.heap_peak_bytes)


def _scaled(name: str, measured_bytes: int, shim_bytes: int, limit_kb: int | None = None) -> Figure:
    own_bytes = measured_bytes - shim_bytes
    detail = f"{own_bytes:,} bytes on the VM / {SCALE}"
    return Figure(name, own_bytes / SCALE / _BYTES_PER_KB, "KB", detail, at_most=limit_kb)
