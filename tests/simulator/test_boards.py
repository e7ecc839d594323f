"""Every board reaches an answered call, and its port's machine is what the firmware meets there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.firmware_sources import firmware_sources
from tocsin_host.firmware_tree import board_facts, board_names, firmware_root
from tocsin_host.measure.verdict import judge
from tocsin_host.wire import Notice, Outcome, Stage
from tocsin_sim.simulation import Conditions, run
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.world.setting import Setting

if TYPE_CHECKING:
    from tests.simulator.conftest import MakeBench

BOARDS = board_names()
PICO = "pico_w_eg25"
FAMILIES = {
    "lilygo_t_a7670": {"a76xx", "simcom"},
    "lilygo_t_sim7600": {"sim7600", "simcom"},
    PICO: {"ec25"},
}
EVERY_FAMILY = {"a76xx", "sim7600", "simcom", "ec25", "generic"}


@pytest.mark.parametrize("board", BOARDS)
def test_a_press_is_answered_located_and_tagged(board: str) -> None:
    record = run(Setting(), Conditions(board=board))
    assert {mark.stage for mark in record.marks} == set(Stage)
    assert judge(record).passed, record.crash_text
    assert record.outcome is Outcome.ANSWERED
    felt = [each.notice for each in record.notices_felt]
    assert felt == [Notice.RAISED, Notice.CONNECTED, Notice.ANSWERED, Notice.CLOSED]
    tag = record.tags[-1].report
    assert (tag.mcc, tag.mnc, tag.area, tag.cell) == (1, 1, 0x67F2, 2871821)


@pytest.mark.parametrize("board", BOARDS)
def test_an_alarm_goes_on_after_a_power_cut(board: str) -> None:
    record = run(Setting(refuse_calls=2), Conditions(board=board, power_cut_s=2.0))
    assert judge(record).passed, record.crash_text


@pytest.mark.parametrize("board", BOARDS)
def test_a_board_carries_its_own_family_of_modems_only(board: str) -> None:
    image = FirmwareImage.build(firmware_root(), board)
    sources = firmware_sources(firmware_root(), board)
    carried = {name for name in EVERY_FAMILY if f"tocsin/modem/{name}.py" in sources}
    assert carried == FAMILIES[board]
    assert image.port == board_facts(board).PORT
    assert ("drivers/rp2.py" in sources) is (image.port == "rp2")


RP2 = """
import machine
print(machine.reset_cause(), machine.unique_id().hex()[:4], len(machine.unique_id()))
led = machine.Pin(15, machine.Pin.OUT, value=1)
key = machine.Pin(14, machine.Pin.IN, machine.Pin.PULL_UP)
down = machine.Pin(13, machine.Pin.IN, machine.Pin.PULL_DOWN)
falls = []
key.irq(lambda pin: falls.append(pin.value()), machine.Pin.IRQ_FALLING)
print(key.value(), down.value())
print(round(machine.ADC(machine.Pin(28)).read_u16() * 3.3 / 65535, 2))
"""

REFUSED = """
import machine

def refused(make):
    try:
        make()
    except (ValueError, AttributeError) as error:
        print(type(error).__name__)

refused(lambda: machine.ADC(machine.Pin(28)).read_uv())
refused(lambda: machine.ADC(machine.Pin(15)))
refused(lambda: machine.WDT(timeout=60000))
refused(lambda: machine.UART(0, tx=machine.Pin(26), rx=machine.Pin(27)))
refused(lambda: machine.UART(2))
refused(lambda: machine.SOFT_RESET)
refused(lambda: machine.HARD_RESET)
refused(lambda: machine.freq(200_000_000))
print("end")
"""


def test_on_rp2_pins_and_voltages_are_numbered_and_read_its_own_way(make_bench: MakeBench) -> None:
    bench = make_bench(RP2 + "import time\ntime.sleep_ms(200)\nprint(falls)", port="rp2")
    bench.handset.adc(28).set_uv(2_000_000)
    bench.kernel.at(350_000, bench.handset.pin(14).drive, 0)
    bench.run(1)
    cause, rest, fallen = bench.handset.log.split("\n", 2)
    assert cause.startswith("1 ")
    assert cause.endswith(" 8")
    assert rest == "1 0"
    assert fallen.split() == ["2.0", "[0]"]
    assert bench.handset.pin(15).level == 1


def test_on_rp2_what_only_the_esp32_has_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench(REFUSED, port="rp2")
    bench.run(1)
    attribute, value = "AttributeError", "ValueError"
    told = [attribute, value, value, value, value, attribute, attribute, value, "end"]
    assert bench.handset.log.split() == told


def test_on_rp2_a_reset_by_program_looks_like_one_by_the_watchdog(make_bench: MakeBench) -> None:
    bench = make_bench(
        """
import machine
print(machine.reset_cause())
if machine.reset_cause() == machine.PWRON_RESET:
    machine.reset()
""",
        port="rp2",
    )
    bench.run(2)
    assert bench.handset.log.split() == ["1", "3"]
