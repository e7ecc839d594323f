"""The modem's power key, rail, start-up and sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench

START_UP = ["*ATREADY: 1", "+CPIN: READY", "SMS DONE", "PB DONE"]


def test_a_short_pulse_starts_it_and_its_start_up_lines_come_in_order(
    make_bench: type[Bench],
) -> None:
    bench = make_bench()
    bench.rail.put(1)
    bench.press_key(0.05)
    bench.run_for(25)
    said = [bench.said_at_us(text) for text in START_UP]
    assert said == sorted(said)
    assert 10_200_000 <= said[0] - 50_000 <= 11_100_000
    assert "+CGEV: EPS PDN ACT 1" in bench.line.text


@pytest.mark.parametrize(("rail", "pulse_s"), [(0, 0.1), (1, 0.049)])
def test_without_its_rail_or_with_too_short_a_pulse_it_stays_off(
    make_bench: type[Bench], rail: int, pulse_s: float
) -> None:
    bench = make_bench()
    bench.rail.put(rail)
    bench.press_key(pulse_s)
    bench.run_for(25)
    assert bench.line.text == ""


def test_it_hears_nothing_before_it_says_ready(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.rail.put(1)
    bench.press_key()
    assert bench.at("", 5) == ""
    assert bench.world.modem.terminal.bytes_lost == 3


def test_a_long_pulse_switches_it_off_two_seconds_later(bench: Bench) -> None:
    bench.press_key(2.5)
    bench.run_for(2.1)
    assert bench.at("") == ""
    bench.press_key()
    bench.run_for(25)
    assert "OK" not in bench.at(""), "it needs two seconds off before it starts again"
    bench.press_key()
    bench.run_for(25)
    assert "OK" in bench.at("")


def test_a_pulse_short_of_the_limit_leaves_it_on(bench: Bench) -> None:
    bench.press_key(2.4)
    bench.run_for(3)
    assert "OK" in bench.at("")


def test_losing_its_rail_it_forgets_its_settings(bench: Bench) -> None:
    bench.rail.put(0)
    bench.run_for(3)
    assert bench.at("") == ""
    bench.rail.put(1)
    bench.press_key()
    bench.run_for(25)
    assert bench.at("+CVHU?") == "AT+CVHU?\r\r\n+CVHU: 1\r\n\r\nOK\r\n"


@pytest.mark.parametrize(("command", "comes_back"), [("+CPOF", False), ("+CRESET", True)])
def test_it_goes_off_or_restarts_when_told(bench: Bench, command: str, comes_back: bool) -> None:
    assert "OK" in bench.at(command)
    bench.run_for(5)
    assert bench.at("") == ""
    bench.run_for(20)
    assert ("OK" in bench.at("")) is comes_back


def test_asleep_it_loses_bytes_until_dtr_has_woken_it(bench: Bench) -> None:
    bench.at("+CSCLK=1")
    bench.dtr.put(1)
    assert "OK" in bench.at(""), "it does not fall asleep at once"
    bench.run_for(11)
    assert bench.at("") == ""
    bench.dtr.put(0)
    assert bench.at("", 0) == ""
    bench.run_for(0.05)
    assert "OK" in bench.at("")
    assert bench.world.modem.terminal.bytes_lost == 6


def test_with_the_slow_clock_off_it_never_sleeps(bench: Bench) -> None:
    bench.dtr.put(1)
    bench.run_for(100)
    assert "OK" in bench.at("")


def test_a_running_receiver_keeps_it_awake(bench: Bench) -> None:
    bench.at("+CSCLK=1")
    bench.at("+CGNSSPWR=1")
    bench.dtr.put(1)
    bench.run_for(60)
    assert "OK" in bench.at("")


def test_asleep_it_still_reports_a_message_and_pulses_the_ring_line(bench: Bench) -> None:
    bench.dial()
    bench.send_tag()
    bench.at("+CSCLK=1")
    bench.dtr.put(1)
    bench.run_for(60)
    assert "+CMT:" in bench.line.text
    (low_us, low), (high_us, high) = bench.ring.driven[-2:]
    assert (low, high, high_us - low_us) == (0, 1, 120_000)
