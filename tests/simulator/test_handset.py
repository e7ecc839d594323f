"""Starting, ending and starting again; what the handset keeps and what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_sim.vm.shim import kinds

if TYPE_CHECKING:
    from tests.simulator.conftest import MakeBench

BOOT_US = 300_000

SAY_CAUSE = """
import machine, time
uart = machine.UART(1, 115200)
uart.write(b"%d@%d " % (machine.reset_cause(), time.ticks_ms()))
"""


def test_machine_reset_starts_again_with_a_fresh_clock(make_bench: MakeBench) -> None:
    bench = make_bench(
        SAY_CAUSE + "time.sleep(1)\nif machine.reset_cause() == machine.PWRON_RESET:\n"
        "    machine.reset()\ntime.sleep(9)"
    )
    assert bench.run(5) == b"1@0 5@0 "
    assert bench.handset.stats.boots == 2
    assert bench.received[1][0] > 1_000_000 + 2 * BOOT_US


def test_a_watchdog_not_fed_resets_at_its_deadline(make_bench: MakeBench) -> None:
    bench = make_bench(
        SAY_CAUSE + "w = machine.WDT(timeout=2000)\nfor _ in range(3):\n"
        "    time.sleep(1)\n    w.feed()\ntime.sleep(100)"
    )
    resets: list[int] = []
    bench.handset.trace.listen(
        lambda t_us, _, kind, __, ___: resets.extend([t_us] * (kind == kinds.RESET))
    )
    assert bench.run(6) == b"1@0 3@0 "
    assert resets == [BOOT_US + 5_000_000]


@pytest.mark.parametrize("look_ahead", [True, False])
def test_a_busy_wait_ends_and_is_the_watchdogs_when_it_does_not(
    make_bench: MakeBench, look_ahead: bool
) -> None:
    bench = make_bench(
        SAY_CAUSE + "t = time.ticks_ms()\nwhile time.ticks_diff(time.ticks_ms(), t) < 50: pass\n"
        "uart.write(b'waited ')\nmachine.WDT(timeout=500)\nwhile True: time.ticks_ms()\n",
        look_ahead=look_ahead,
    )
    assert bench.run(1.2) == b"1@0 waited 3@0 "


def test_tasks_that_never_sleep_do_not_stop_time(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import asyncio, time
async def spin():
    while True:
        await asyncio.sleep_ms(0)
async def main():
    asyncio.create_task(spin())
    await asyncio.sleep_ms(100)
    print("slept", time.ticks_ms())
asyncio.run(main())
"""
    )
    bench.run(1)
    assert bench.handset.log == "slept 100\n"


def test_code_that_never_comes_back_is_reset_as_by_the_watchdog(make_bench: MakeBench) -> None:
    bench = make_bench(
        SAY_CAUSE + "if machine.reset_cause() != machine.WDT_RESET:\n"
        "    machine.WDT(timeout=3000)\n    while True: pass\n",
        hang_timeout_s=0.2,
    )
    bench.run(5)
    _, (t_us, greeting) = bench.received
    assert greeting == b"3@0 "
    assert t_us > BOOT_US + 3_000_000
    assert len(bench.handset.stats.crashes) == 1


def test_an_exception_is_kept_as_text_and_leaves_the_handset_idle(make_bench: MakeBench) -> None:
    bench = make_bench(SAY_CAUSE + "def inner():\n    raise ValueError('bad')\ninner()\n")
    assert bench.run(60) == b"1@0 "
    [crash] = bench.handset.stats.crashes
    assert crash.t_us == BOOT_US
    assert "main.py" in crash.text
    assert crash.text.endswith("ValueError: bad\n")


def test_running_out_of_heap_is_an_exception_and_the_watchdog_restarts(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(
        SAY_CAUSE + "machine.WDT(timeout=1000)\nif machine.reset_cause() == 1:\n"
        "    kept = []\n    while True: kept.append(bytearray(1000))\n"
    )
    assert bench.run(2) == b"1@0 3@0 "
    assert "MemoryError" in bench.handset.stats.crashes[0].text


def test_a_power_cut_stops_it_at_once_and_power_starts_it_afresh(make_bench: MakeBench) -> None:
    bench = make_bench(SAY_CAUSE + "while True:\n    time.sleep(1)\n    uart.write(b'.')\n")
    bench.kernel.at(2_500_000, bench.handset.power_cut)
    assert bench.run(10) == b"1@0 .."
    assert not bench.handset.is_powered
    bench.handset.power_on()
    assert bench.run(1) == b"1@0 ..1@0 "


def test_its_figures_are_measured(make_bench: MakeBench) -> None:
    bench = make_bench(
        "import machine, time\nuart = machine.UART(1)\nfor i in range(9):\n"
        "    time.sleep(2)\n    big = bytearray(50_000 if i == 7 else 1)\n    uart.write('x')\n"
    )
    slices: list[int] = []
    bench.handset.on_slice(lambda _, cpu_ns: slices.append(cpu_ns))
    bench.run(20)
    stats = bench.handset.stats
    assert stats.vm_version.startswith("MicroPython 1.")
    assert 0 < stats.heap_shim_bytes < stats.heap_after_boot_bytes < stats.heap_limit_bytes
    assert sum(slices) > 0
    assert bench.handset.cpu_ns >= sum(slices)


def test_random_numbers_and_identity_come_from_the_seed_and_differ_each_boot(
    make_bench: MakeBench,
) -> None:
    source = """
import machine, os, random, time
print(machine.unique_id(), os.urandom(4), random.getrandbits(30))
time.sleep(1)
if machine.reset_cause() == 1:
    machine.reset()
"""
    logs = []
    for seed in (1, 1, 2):
        bench = make_bench(source, seed=seed)
        bench.run(3)
        logs.append(bench.handset.log.splitlines())
    assert logs[0] == logs[1]
    assert logs[0] != logs[2]
    first, second = logs[0]
    assert first.split(" ")[0] == second.split(" ")[0]
    assert first != second


def test_its_tick_counter_is_known_outside(make_bench: MakeBench) -> None:
    bench = make_bench(
        "import machine, time\ntime.sleep_ms(1234)\n"
        "machine.UART(1, 115200).write(str(time.ticks_ms()))",
        ticks_offset_ms=2**30 - 1000,
    )
    sent_at_us: list[int] = []
    bench.handset.trace.listen(
        lambda t_us, _, kind, __, ___: sent_at_us.extend([t_us] * (kind == kinds.UART))
    )
    assert bench.run(3) == b"234"
    assert bench.handset.ticks_ms_at(sent_at_us[0]) == 234


def test_the_calendar_begins_in_2000(make_bench: MakeBench) -> None:
    bench = make_bench(
        "import time\ntime.sleep(5)\nprint(time.time(), time.gmtime(), time.mktime(time.gmtime(9)))"
    )
    bench.run(6)
    assert bench.handset.log == "5 (2000, 1, 1, 0, 0, 5, 5, 1) 9\n"
