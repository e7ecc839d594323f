"""An idle handset's receiver is kept warm: now and then, not for ever, not on a low battery."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tocsin_host.firmware_tree import board_facts, board_names
from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.verdict import judge
from tocsin_host.wire import FixSource, Notice
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.setting import Setting

S = 1_000_000
ON = {
    "lilygo_t_a7670": "AT+CGNSSPWR=1",
    "lilygo_t_sim7600": "AT+CGPS=1",
    "pico_w_eg25": "AT+QGPS=1",
}
OFF = {
    "lilygo_t_a7670": "AT+CGNSSPWR=0",
    "lilygo_t_sim7600": "AT+CGPS=0",
    "pico_w_eg25": "AT+QGPSEND",
}
FIRST_S = 900


def said_s(record: RunRecord, line: str) -> list[float]:
    return [each.t_us / 1e6 for each in record.at_transcript if each.text == line]


def idle(board: str, hours: float, cell_uv: int = 4_000_000, **setting: object) -> RunRecord:
    conditions = Conditions(board=board)
    told = Setting(press_at_s=None, **setting)  # type: ignore[arg-type]
    with Simulation(told, conditions) as simulation:
        facts = board_facts(board)
        simulation.handset.adc(facts.BATTERY_ADC_PIN).set_uv(cell_uv // facts.BATTERY_DIVIDER)
        simulation.settle()
        simulation.kernel.run_until(simulation.origin_us + round(hours * 3600 * S))
        assert simulation.world.modem.sleep.is_asleep
        return simulation.finish()


@pytest.mark.parametrize("board", board_names())
def test_it_is_switched_on_for_one_fix_and_off_again(board: str) -> None:
    record = idle(board, 0.4)
    (on_s,), (off_s,) = said_s(record, ON[board]), said_s(record, OFF[board])
    assert FIRST_S - 60 - 10 < on_s < FIRST_S
    assert on_s < off_s < on_s + 40
    assert record.notices_felt == []


@pytest.mark.parametrize("board", board_names())
def test_an_alarm_hours_later_tells_the_last_known_position_at_once(board: str) -> None:
    setting = Setting(press_at_s=1800.0)
    with Simulation(setting, Conditions(board=board, limit_s=2100)) as simulation:
        record = simulation.run()
    assert judge(record).passed, record.crash_text
    tag = record.tags[0].report
    assert tag.fix_source == FixSource.LAST_KNOWN
    assert 600 < tag.fix_age_s < 1200


def test_under_a_roof_it_is_tried_more_and_more_seldom() -> None:
    record = idle("lilygo_t_sim7600", 11, ttff_median_s=3600.0, ttff_sigma=0.0)
    tries_s = said_s(record, "AT+CGPS=1")
    gaps_s = [round(b - a, -3) for a, b in pairwise(tries_s)]
    assert gaps_s == [6000, 12000]
    assert record.notices_felt == []


def test_on_a_low_battery_it_stays_off() -> None:
    record = idle("lilygo_t_a7670", 0.4, cell_uv=3_700_000)
    assert said_s(record, "AT+CGNSSPWR=1") == []


def test_an_alarm_raised_meanwhile_keeps_the_receiver_on() -> None:
    setting = Setting(press_at_s=FIRST_S - 50.0, ttff_median_s=30.0, ttff_sigma=0.0)
    with Simulation(setting, Conditions(limit_s=1200)) as simulation:
        record = simulation.run()
    assert judge(record).passed, record.crash_text
    assert Notice.RAISED in [each.notice for each in record.notices_felt]
    on_s, off_s = said_s(record, "AT+CGNSSPWR=1"), said_s(record, "AT+CGNSSPWR=0")
    assert len(on_s) == 1
    assert [each for each in off_s if each < FIRST_S] == []
