"""Heap of the firmware: after boot, and at its peak in an activation.

The VM is 64-bit: its heap for a target of 190 KB is 320 K, a factor of 1.7 (VM trials, 5). What
the simulator itself keeps there is taken off; asyncio, the mounted file system, the UARTs' buffers
and the shims' tasks, which are smaller in C, are counted as the firmware's.
"""

from tests.bench.figures import Figure

from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.setting import Setting

TITLE = "Heap, scaled from the 64-bit VM to a 190 KB target"

SCALE = 1.7
AFTER_BOOT_LIMIT_KB = 75
PEAK_LIMIT_KB = 110
_BYTES_PER_KB = 1024


def measure() -> list[Figure]:
    """Run one activation to its end."""
    with Simulation(Setting(), Conditions()) as simulation:
        simulation.run()
        stats = simulation.handset.stats
    shim_bytes = stats.heap_shim_bytes
    return [
        _scaled("after boot", stats.heap_after_boot_bytes, shim_bytes, AFTER_BOOT_LIMIT_KB),
        _scaled("peak in an activation", stats.heap_peak_bytes, shim_bytes, PEAK_LIMIT_KB),
        Figure("simulator's share", shim_bytes, "bytes", "on the VM; taken off above"),
        Figure("heap of the VM", stats.heap_limit_bytes, "bytes"),
    ]


def _scaled(name: str, measured_bytes: int, shim_bytes: int, limit_kb: int) -> Figure:
    own_bytes = measured_bytes - shim_bytes
    detail = f"{own_bytes:,} bytes on the VM / {SCALE}"
    return Figure(name, own_bytes / SCALE / _BYTES_PER_KB, "KB", detail, at_most=limit_kb)
