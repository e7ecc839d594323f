"""machine.Pin and machine.ADC as the firmware meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulator.conftest import MakeBench


def test_an_output_is_seen_when_it_changes_and_floats_after_a_power_cut(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(
        """
import machine, time

pin = machine.Pin(5, machine.Pin.OUT, value=0)
for level in (1, 1, 0, 1):
    pin.value(level)
    time.sleep_ms(100)
"""
    )
    seen: list[tuple[int, int]] = []
    bench.handset.pin(5).on_change(lambda level: seen.append((bench.kernel.now_us, level)))
    bench.kernel.at(900_000, bench.handset.power_cut)
    bench.run(1)
    assert seen == [(300_000, 1), (500_000, 0), (600_000, 1), (900_000, 0)]


def test_an_input_reads_the_world_else_its_pull(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
up = machine.Pin(5, machine.Pin.IN, machine.Pin.PULL_UP)
down = machine.Pin(6, machine.Pin.IN, machine.Pin.PULL_DOWN)
held = machine.Pin(7, machine.Pin.IN, machine.Pin.PULL_UP)
for _ in range(3):
    print(up.value(), down.value(), held())
    time.sleep(1)
"""
    )
    bench.handset.pin(7).drive(0)
    bench.kernel.at(1_000_000, bench.handset.pin(5).drive, 0)
    bench.kernel.at(1_000_000, bench.handset.pin(6).drive, 1)
    bench.kernel.at(2_000_000, bench.handset.pin(5).drive, None)
    bench.run(4)
    assert bench.handset.log.split("\n")[:3] == ["1 0 0", "0 1 0", "1 1 0"]
    assert bench.handset.pin(5).level == 1


def test_interrupts_come_at_the_edge_asked_for_with_the_time_of_the_edge(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(
        """
import machine, time
def edge(pin):
    print(pin.value(), time.ticks_us())
machine.Pin(5, machine.Pin.IN, machine.Pin.PULL_UP).irq(edge, machine.Pin.IRQ_FALLING)
time.sleep(10)
"""
    )
    for t_us, level in ((1_000_123, 0), (1_000_456, 1), (2_000_789, 0)):
        bench.kernel.at(t_us, bench.handset.pin(5).drive, level)
    bench.run(4)
    assert bench.handset.log == "0 700123\n0 1700789\n"


def test_an_exception_in_a_handler_is_printed_and_the_program_goes_on(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(
        """
import machine, time
machine.Pin(5, machine.Pin.IN).irq(lambda pin: 1 // 0, machine.Pin.IRQ_RISING)
time.sleep(2)
print("on")
"""
    )
    bench.kernel.at(1_000_000, bench.handset.pin(5).drive, 1)
    bench.run(4)
    assert "ZeroDivisionError" in bench.handset.log
    assert bench.handset.log.endswith("on\n")
    assert bench.handset.stats.crashes == []


def test_the_same_pin_is_the_same_object_and_open_drain_lets_go(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine
a = machine.Pin(5, machine.Pin.OPEN_DRAIN, machine.Pin.PULL_UP, value=0)
print(machine.Pin(5) is a, a.value())
a.on()
print(a.value())
"""
    )
    bench.run(1)
    assert bench.handset.log == "True 0\n1\n"
    assert bench.handset.pin(5).level == 1


def test_a_voltage_is_read_as_it_is_and_as_it_changes(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
adc = machine.ADC(machine.Pin(35), atten=machine.ADC.ATTN_11DB)
print(adc.read_uv())
time.sleep(1)
print(adc.read_uv(), adc.read_u16())
"""
    )
    bench.handset.adc(35).set_uv(2_000_000)
    bench.kernel.at(1_000_000, bench.handset.adc(35).set_uv, 1_650_000)
    bench.run(2)
    assert bench.handset.log == "2000000\n1650000 32767\n"
