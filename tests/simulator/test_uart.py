"""machine.UART as the firmware meets it: pacing, interrupts, overruns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulator.conftest import MakeBench

ECHO = """
import machine, time

uart = machine.UART(1, 9600, rxbuf=256)
woken = []
uart.irq(lambda u: woken.append((time.ticks_us(), u.any())), machine.UART.IRQ_RXIDLE)
buffer = bytearray(64)
while True:
    machine.idle()
    while uart.any():
        n = uart.readinto(buffer)
        uart.write(b"%d " % time.ticks_us() + bytes(buffer[:n]))
"""

BOOT_US = 300_000
BYTE_AT_9600_US = 10_000_000 / 9600
SILENCE_AT_9600_US = 3.2 * BYTE_AT_9600_US  # after which a receiver shows what it has


def test_bytes_take_their_time_on_the_line_both_ways(make_bench: MakeBench) -> None:
    bench = make_bench(ECHO)
    bench.kernel.at(1_000_000, bench.handset.uart(1).send, b"x" * 24)
    bench.run(2)
    [(arrival_us, answer)] = bench.received
    read_at_us, _, echoed = answer.partition(b" ")
    assert echoed == b"x" * 24
    arrived_us = 1_000_000 + 24 * BYTE_AT_9600_US + SILENCE_AT_9600_US
    assert int(read_at_us) + BOOT_US == pytest.approx(arrived_us, abs=1)
    assert arrival_us == pytest.approx(arrived_us + len(answer) * BYTE_AT_9600_US, abs=2)


def test_chunks_sent_together_follow_one_another(make_bench: MakeBench) -> None:
    bench = make_bench(ECHO)
    for text in (b"first", b"second"):
        bench.kernel.at(1_000_000, bench.handset.uart(1).send, text)
    bench.run(2)
    first, second = (int(answer.split()[0]) for _, answer in bench.received)
    assert second - first == pytest.approx(6 * BYTE_AT_9600_US + SILENCE_AT_9600_US, abs=1)


COUNT = """
import machine
uart = machine.UART(1, 115200, rxbuf=1024)
def idle(u):
    u.write(b"%d;" % u.any())
uart.irq(idle, machine.UART.IRQ_RXIDLE)
"""


def test_the_idle_interrupt_comes_once_a_burst_with_its_bytes_readable(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(COUNT)
    for t_us, size in ((1_000_000, 10), (1_100_000, 900)):
        bench.kernel.at(t_us, bench.handset.uart(1).send, b"x" * size)
    assert bench.run(2) == b"10;910;"


@pytest.mark.parametrize(("gap_us", "told"), [(250, b"20;"), (300, b"10;20;")])
def test_the_line_is_idle_once_it_was_silent_for_32_bits(
    make_bench: MakeBench, gap_us: int, told: bytes
) -> None:
    bench = make_bench(COUNT)
    for t_us in (1_000_000, 1_000_000 + 868 + gap_us):
        bench.kernel.at(t_us, bench.handset.uart(1).send, b"x" * 10)
    assert bench.run(2) == told


def test_an_unsupported_interrupt_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench("import machine\nmachine.UART(1).irq(lambda u: None, 1)")
    bench.run(1)
    assert "ValueError: trigger 0x0001 unsupported" in bench.handset.stats.crashes[0].text


def test_more_than_the_receive_buffer_holds_is_lost_from_the_end(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
uart = machine.UART(1, 115200, rxbuf=256)
time.sleep(2)
uart.write(uart.read())
"""
    )
    sent = bytes(i % 251 for i in range(1000))
    bench.kernel.at(1_000_000, bench.handset.uart(1).send, sent)
    room = 256 + 128
    assert bench.run(4) == sent[:room]
    assert bench.handset.stats.overrun_bytes == 1000 - room


IN_PIECES = """
import machine, time
uart = machine.UART(1, 115200, rxbuf=256)
part = bytearray(7)
def idle(u):
    while u.any():
        n = u.readinto(part, 5)
        u.write(memoryview(part)[:n])
"""


def test_reading_in_pieces_loses_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(IN_PIECES + "while True:\n    time.sleep_ms(10)\n    idle(uart)")
    sent = bytes(i % 251 for i in range(2000))
    bench.kernel.at(1_000_000, bench.handset.uart(1).send, sent)
    assert bench.run(4) == sent


def test_who_waits_for_the_idle_line_loses_what_a_long_burst_brings(make_bench: MakeBench) -> None:
    bench = make_bench(IN_PIECES + "uart.irq(idle, machine.UART.IRQ_RXIDLE)")
    sent = bytes(i % 251 for i in range(2000))
    bench.kernel.at(1_000_000, bench.handset.uart(1).send, sent)
    assert bench.run(4) == sent[: 256 + 128]
    assert bench.handset.stats.overrun_bytes == 2000 - (256 + 128)


def test_readline_and_read_return_what_there_is(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
uart = machine.UART(1, 115200)
time.sleep(2)
print(uart.readline(), uart.readline(), uart.readline(), uart.read(), uart.readinto(bytearray(1)))
"""
    )
    bench.kernel.at(1_000_000, bench.handset.uart(1).send, b"one\r\ntwo\r\nthr")
    bench.run(4)
    assert bench.handset.log == "b'one\\r\\n' b'two\\r\\n' b'thr' None None\n"


def test_flush_returns_when_the_last_bit_has_left(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
uart = machine.UART(1, 9600, txbuf=256)
t = time.ticks_us()
uart.write(b"x" * 96)
written, done = time.ticks_diff(time.ticks_us(), t), uart.txdone()
uart.flush()
print(written, done, time.ticks_diff(time.ticks_us(), t), uart.txdone())
"""
    )
    bench.run(2)
    assert bench.handset.log == "0 False 100000 True\n"


def test_writing_more_than_the_transmit_buffer_waits_for_room(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine, time
uart = machine.UART(1, 9600, txbuf=256)
t = time.ticks_us()
uart.write(b"x" * (256 + 128 + 96))
print(time.ticks_diff(time.ticks_us(), t))
"""
    )
    assert bench.run(2) == b"x" * 480
    assert int(bench.handset.log) == pytest.approx(100_000, abs=2)


def test_bytes_sent_before_the_port_is_open_are_lost(make_bench: MakeBench) -> None:
    bench = make_bench(
        "import machine, time\ntime.sleep(1)\nu = machine.UART(1, 115200)\n"
        "time.sleep(1)\nprint(u.read())"
    )
    bench.kernel.at(500_000, bench.handset.uart(1).send, b"early")
    bench.kernel.at(1_500_000, bench.handset.uart(1).send, b"late")
    bench.run(3)
    assert bench.handset.log == "b'late'\n"


def test_a_power_cut_truncates_what_is_being_sent(make_bench: MakeBench) -> None:
    bench = make_bench("import machine\nmachine.UART(1, 9600).write(b'0123456789')")
    bench.kernel.at(BOOT_US + 5 * 1042, bench.handset.power_cut)
    assert bench.run(1) == b"01234"
