"""What is flashed: what is simulated, for another processor; and each part of it can be loaded."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from tocsin_host.firmware_tree import board_facts, board_names, firmware_root
from tocsin_host.update.build import compiled
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.world.setting import Setting

# MicroPython's persistentcode.h: the kinds of machine code in the third octet of an .mpy file.
ARCHITECTURES = {"armv6m": 4, "xtensawin": 10}
MACHINE_CODE = "tocsin/crypto/viper.mpy"
IMPORT_EACH = """
import asyncio, gc, sys

async def import_each():
    await asyncio.sleep(20)
    resident = set(sys.modules)
    loaded = resident.copy()
    for name in {names!r}:
        gc.collect()
        __import__(name)
        for each in set(sys.modules) - resident:
            loaded.add(each)
            package, _, leaf = each.rpartition(".")
            del sys.modules[each]
            if package in resident:
                delattr(sys.modules[package], leaf)
    print("loaded", list(loaded))

asyncio.create_task(import_each())
"""


def architecture(mpy: bytes) -> int:
    return mpy[2] >> 2


@pytest.mark.parametrize("board", board_names())
def test_what_is_flashed_is_what_is_simulated_but_for_machine_code(board: str) -> None:
    target = board_facts(board).MPY_ARCH
    flashed = compiled(firmware_root(), board, target).files
    image = FirmwareImage.build(firmware_root(), board)
    assert architecture(flashed.pop(MACHINE_CODE)) == ARCHITECTURES[target]
    simulated = {name: (image.path / name).read_bytes() for name in flashed}
    assert flashed == simulated
    assert set(image.module_bytes) - {MACHINE_CODE} <= set(flashed)
    modules = [data for name, data in flashed.items() if name.endswith(".mpy")]
    assert {architecture(data) for data in modules} == {0}, "bytecode, which any processor runs"


@pytest.mark.parametrize("board", board_names())
def test_every_module_is_loaded_at_the_boards_heap_beside_the_running_firmware(
    board: str, tmp_path: Path
) -> None:
    image = FirmwareImage.build(firmware_root(), board)
    names = [name.removesuffix(".mpy").replace("/", ".") for name in image.module_bytes]
    names = [name.removesuffix(".__init__") for name in names]
    root = tmp_path / "firmware"
    shutil.copytree(firmware_root(), root)
    main = root / "main.py"
    main.write_text(IMPORT_EACH.format(names=names) + main.read_text())
    with Simulation(Setting(settle_s=30), Conditions(board, firmware=root)) as simulation:
        simulation.settle()
        log = simulation.handset.log
    assert log.startswith("loaded "), log
    assert set(names) <= set(ast.literal_eval(log.removeprefix("loaded ")))
