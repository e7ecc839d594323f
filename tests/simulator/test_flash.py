"""Flash: an image both sides read, operations that take time, power lost during them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tocsin_sim.vm.flash import create_flash, read_flash

if TYPE_CHECKING:
    from tests.simulator.conftest import MakeBench

COUNT = """
import time
def stored():
    with open("/data/count") as file:
        return int(file.read())
def store(value):
    with open("/data/count.new", "w") as file:
        file.write("%d" % value + " " * 700)
    os.rename("/data/count.new", "/data/count")
import os
for _ in range(5):
    store(stored() + 1)
print("stored", stored())
"""


def test_an_image_reads_back_as_it_was_written(tmp_path: Path) -> None:
    files = {"/config": b"x", "/log/0": bytes(range(256)) * 40, "/log/deep/1": b""}
    create_flash(tmp_path / "flash", files)
    assert read_flash(tmp_path / "flash") == files


def test_host_and_handset_share_the_files(make_bench: MakeBench) -> None:
    bench = make_bench(
        "with open('/data/folder/in', 'rb') as f: text = f.read()\n"
        "with open('/data/out', 'wb') as f: f.write(text * 2)",
        files={"/folder/in": b"abc" * 1000},
    )
    bench.run(2)
    assert read_flash(bench.flash_path) == {
        "/folder/in": b"abc" * 1000,
        "/out": b"abc" * 2000,
    }


def test_an_operation_takes_its_time_and_holds_up_interrupts(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
uart = machine.UART(1, 115200)
pin = machine.Pin(5, machine.Pin.IN)
pin.irq(lambda p: print("edge", time.ticks_ms()), machine.Pin.IRQ_RISING)
time.sleep(1)
t = time.ticks_us()
with open("/data/file", "wb") as file:
    file.write(bytes(5000))
print("took", time.ticks_diff(time.ticks_us(), t))
time.sleep(1)
"""
    )
    bench.kernel.at(1_310_000, bench.handset.pin(5).drive, 1)
    bench.run(4)
    edge, took = bench.handset.log.splitlines()
    stats = bench.handset.stats
    assert stats.flash_erases >= 2
    took_us = int(took.split()[1])
    assert took_us == stats.flash_programs * 700 + stats.flash_erases * 45_000
    assert int(edge.split()[1]) == 1000 + took_us // 1000


@pytest.mark.parametrize("torn", [0.0, 0.5, 1.0])
def test_a_cut_at_any_operation_leaves_the_old_or_the_new_file(
    make_bench: MakeBench, torn: float
) -> None:
    whole = make_bench(COUNT, files={"/count": b"0"})
    whole.run(5)
    assert whole.handset.log == "stored 5\n"
    operations = whole.handset.stats.flash_operations
    reached = set()
    for operation in sorted(random.Random(1).sample(range(1, operations + 1), 12)):
        bench = make_bench(COUNT, files={"/count": b"0"}, cut=(operation, torn))
        bench.run(5)
        assert not bench.handset.is_powered
        left = int(read_flash(bench.flash_path)["/count"])
        reached.add(left)
        bench.handset.power_on()
        bench.run(5)
        assert bench.handset.log == f"stored {left + 5}\n"
    assert len(reached) >= 4
