"""A program that only sleeps, to learn what a slice costs before any firmware runs in it."""

import tempfile
from pathlib import Path

from tests.bench.figures import median

from tocsin_sim.kernel import Direction, Kernel
from tocsin_sim.vm.flash import create_flash
from tocsin_sim.vm.handset import Handset
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.vm.lockstep import Gauge
from tocsin_sim.vm.process import VmProcess
from tocsin_sim.vm.shim import kinds

_SLICES = 500
# Like the handset: three lines to wait for beside the sleep.
_MAIN = """
import asyncio
from machine import Pin, UART

pin = Pin(33, Pin.OUT, value=0)
uart = UART(1, 115200, txbuf=512)
line = b"ATD+447700900001;\\r"

async def wait():
    await asyncio.ThreadSafeFlag().wait()

async def sleep():
    while True:
        await asyncio.sleep_ms(10)
        {body}

for _ in range(3):
    asyncio.create_task(wait())
asyncio.run(sleep())
"""
_DIAL = "pin.toggle(); uart.write(line); uart.flush()"


def bare_slices_ns() -> list[int]:
    """Return the CPU time of each of 500 slices in which one task wakes and sleeps again."""
    return _slices(_MAIN.format(body=""), VmProcess.cpu_ns)


def bare_work(gauge: Gauge) -> tuple[float, float]:
    """Return by `gauge` what an empty slice costs, and one up to the dial that does nothing else.

    Both are what the simulator does in place of a handset's C.
    """
    dialling: list[int] = []
    empty = median(_slices(_MAIN.format(body=""), gauge))
    _slices(_MAIN.format(body=_DIAL), gauge, dialling)
    return empty, median(dialling)


def _slices(main: str, gauge: Gauge, dialling: list[int] | None = None) -> list[int]:
    """Return the slices; those that end with something on the UART go to `dialling`, too."""
    slices: list[int] = []

    def hear(t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        if kind == kinds.UART and dialling is not None and slices:
            dialling.append(slices[-1])

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        flash = root / "flash"
        create_flash(flash, {})
        kernel = Kernel(1)
        with Handset(
            kernel, _image(root, main), flash, look_ahead=False, sample_heap=False
        ) as handset:
            handset.every_turn = True
            handset.power_on()
            kernel.run_until(1_000_000)
            handset.trace.listen(hear)
            handset.on_slice(lambda t_us, used: slices.append(used), gauge)
            kernel.run_until(1_000_000 + _SLICES * 10_000)
    return slices[1:]  # the first counts from power-on


def _image(root: Path, main: str) -> FirmwareImage:
    board = root / "boards" / "bare"
    board.mkdir(parents=True)
    (board / "board.py").write_text("")
    (root / "boot.py").write_text("")
    (root / "main.py").write_text(main)
    return FirmwareImage.build(root, "bare")
