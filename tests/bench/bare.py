"""A program that only sleeps, to learn what a slice costs before any firmware runs in it."""

import tempfile
from pathlib import Path

from tocsin_sim.kernel import Kernel
from tocsin_sim.vm.flash import create_flash
from tocsin_sim.vm.handset import Handset
from tocsin_sim.vm.image import FirmwareImage

_SLICES = 500
# Like the handset: three lines to wait for beside the sleep.
_MAIN = """
import asyncio

async def wait():
    await asyncio.ThreadSafeFlag().wait()

async def sleep():
    while True:
        await asyncio.sleep_ms(10)

for _ in range(3):
    asyncio.create_task(wait())
asyncio.run(sleep())
"""


def bare_slices_ns() -> list[int]:
    """Return the CPU time of each of 500 slices in which one task wakes and sleeps again."""
    slices: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        flash = root / "flash"
        create_flash(flash, {})
        kernel = Kernel(1)
        with Handset(kernel, _image(root), flash, look_ahead=False, sample_heap=False) as handset:
            handset.every_turn = True
            handset.power_on()
            kernel.run_until(1_000_000)
            handset.on_slice(lambda t_us, cpu_ns: slices.append(cpu_ns))
            kernel.run_until(1_000_000 + _SLICES * 10_000)
    return slices[1:]  # the first counts from power-on


def _image(root: Path) -> FirmwareImage:
    board = root / "boards" / "bare"
    board.mkdir(parents=True)
    (board / "board.py").write_text("")
    (root / "boot.py").write_text("")
    (root / "main.py").write_text(_MAIN)
    return FirmwareImage.build(root, "bare")
