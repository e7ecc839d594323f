"""Size of the firmware as .mpy files: all of it, and what stays in memory."""

import ast
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure

from tocsin_host.firmware_tree import board_facts, board_names, firmware_root
from tocsin_host.update.build import compiled
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.world.setting import Setting

TITLE = "Size, as .mpy"

BOARD = "lilygo_t_a7670"
TOTAL_LIMIT_BYTES = 96 * 1024
RESIDENT_LIMIT_BYTES = 40 * 1024
_SHOWN = 12
_SETTLED_S = 60.0
_OVER_S = 60.0
_TALK_S = 20.0
_MARK = "modules "
# Ahead of the firmware's own main.py: tells which modules are loaded, twice.
_PROBE = f"""
import asyncio as _asyncio
import sys as _sys

async def _tell_modules():
    for delay_s in ({_SETTLED_S - 1}, {_OVER_S}):
        await _asyncio.sleep(delay_s)
        print({_MARK!r} + repr(list(_sys.modules)))

_asyncio.create_task(_tell_modules())
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Modules of the firmware in memory, by file, once settled and after an activation."""

    settled: frozenset[str]
    after_activation: frozenset[str]


def measure() -> list[Figure]:
    """Compile the firmware, run an activation and look at what is loaded."""
    image = FirmwareImage.build(firmware_root(), BOARD)
    loaded = loaded_modules()
    totals = {board: flashed_bytes(board) for board in board_names()}
    late = sorted(loaded.after_activation - loaded.settled)
    return [
        *(
            Figure(f"total, {board}", total, "bytes", at_most=TOTAL_LIMIT_BYTES)
            for board, total in totals.items()
        ),
        Figure(
            "resident",
            resident_bytes(image, loaded.settled),
            "bytes",
            f"{len(loaded.settled)} modules once settled",
            at_most=RESIDENT_LIMIT_BYTES,
        ),
        Figure("imported by an activation", len(late), "modules", ", ".join(late), at_most=0),
        *_largest(image, loaded.settled),
    ]


def flashed_bytes(board: str) -> int:
    """Return the size of all modules as they are flashed: compiled for the board's processor."""
    files = compiled(firmware_root(), board, board_facts(board).MPY_ARCH).files
    return sum(len(data) for name, data in files.items() if name.endswith(".mpy"))


def resident_bytes(image: FirmwareImage, loaded: Collection[str]) -> int:
    """Return the size of those modules of the image that are loaded."""
    return sum(size for name, size in image.module_bytes.items() if name in loaded)


def _largest(image: FirmwareImage, loaded: Collection[str]) -> list[Figure]:
    by_size = sorted(image.module_bytes.items(), key=lambda item: -item[1])[:_SHOWN]
    return [
        Figure(name, size, "bytes", "" if name in loaded else "not resident")
        for name, size in by_size
    ]


def loaded_modules(board: str = BOARD) -> Loaded:
    """Run one activation and return what is loaded before and after it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "firmware"
        shutil.copytree(firmware_root(), root)
        main = root / "main.py"
        main.write_text(_PROBE + main.read_text())
        setting = Setting(settle_s=_SETTLED_S, talk_s=_TALK_S)
        with Simulation(setting, Conditions(board, firmware=root)) as simulation:
            simulation.settle()
            simulation.kernel.run_until(simulation.origin_us + round(_OVER_S * 1e6))
            if simulation.record.outcome is None:
                raise RuntimeError("the activation did not end in time")
            return _parsed(simulation.handset.log)


def _parsed(log: str) -> Loaded:
    told = [line.removeprefix(_MARK) for line in log.splitlines() if line.startswith(_MARK)]
    settled, after = (frozenset(map(_file, ast.literal_eval(each))) for each in told)
    return Loaded(settled, after)


def _file(module: str) -> str:
    path = module.replace(".", "/")
    is_package = (firmware_root() / path).is_dir()
    return f"{path}/__init__.mpy" if is_package else f"{path}.mpy"
