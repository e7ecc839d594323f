"""An alarm on a battery that runs down: the call and one text go out at any charge."""

from __future__ import annotations

import pytest

from tocsin_host.firmware_tree import board_facts, board_names
from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.stages import marks_of
from tocsin_host.measure.verdict import judge
from tocsin_host.wire import HealthReason, Notice, Outcome, Stage
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.setting import Setting

S = 1_000_000
BOARD = board_names()[0]
NINE_PCT_UV, TWELVE_PCT_UV, EMPTY_UV = 3_570_000, 3_620_000, 3_200_000
on_every_board = pytest.mark.parametrize("board", board_names())


def run(
    board: str, cell_uv: int, limit_s: float = 240, after_s: float = 0, **setting: object
) -> tuple[RunRecord, Simulation]:
    conditions = Conditions(board=board, limit_s=limit_s)
    with Simulation(Setting(**setting), conditions) as simulation:  # type: ignore[arg-type]
        facts = board_facts(board)
        cell = simulation.handset.adc(facts.BATTERY_ADC_PIN)
        cell.set_uv(cell_uv // facts.BATTERY_DIVIDER)
        simulation.settle()
        simulation.kernel.run_until(simulation.origin_us + round(limit_s * S), simulation.is_over)
        simulation.kernel.run_until(simulation.kernel.now_us + round(after_s * S))
        return simulation.finish(), simulation


@on_every_board
def test_below_ten_per_cent_it_calls_tags_and_texts_once_and_spares_the_receiver(
    board: str,
) -> None:
    # The first text goes after 20 s without a position; the fix that comes then stays unsent.
    record, _ = run(board, NINE_PCT_UV, talk_s=90.0, ttff_median_s=60.0, ttff_sigma=0.0)
    assert record.outcome is Outcome.ANSWERED
    assert (len(record.tags), len(record.texts)) == (1, 1)
    assert record.tags[0].report.battery_pct in (8, 9)
    # Off once the text is out, and off again when all is over.
    off = {"AT+CGNSSPWR=0", "AT+CGPS=0", "AT+QGPSEND"}
    text_us = marks_of(record.marks, Stage.LOCATION_SENT)[0].t_us
    off_us = [line.t_us for line in record.at_transcript if line.text in off]
    assert 0 <= off_us[0] - text_us < 5 * S


def test_above_it_the_update_goes_out() -> None:
    record, _ = run(BOARD, TWELVE_PCT_UV, talk_s=90.0, ttff_median_s=60.0, ttff_sigma=0.0)
    assert judge(record).passed, record.crash_text
    assert len(record.texts) == 2


def test_on_an_empty_battery_the_call_is_answered_like_any_other() -> None:
    record, _ = run(BOARD, EMPTY_UV)
    assert record.outcome is Outcome.ANSWERED
    assert (len(record.tags), len(record.texts)) == (1, 1)


@on_every_board
def test_an_empty_battery_ends_an_alarm_whose_calls_fail_once_all_was_sent(board: str) -> None:
    record, simulation = run(board, EMPTY_UV, refuse_calls=1000, after_s=1800)
    assert record.outcome is Outcome.BATTERY
    assert len(marks_of(record.marks, Stage.DIALLED)) >= 2
    assert (len(record.tags), len(record.texts)) == (1, 1)
    assert record.notices_felt[-1].notice is Notice.CLOSED
    # Then, nobody being in need any longer, its last word.
    (health,) = simulation.point.vigil.reports
    assert health.report.reason is HealthReason.BATTERY


def test_one_reading_of_an_empty_battery_ends_nothing() -> None:
    facts = board_facts(BOARD)
    setting = Setting(refuse_calls=1000)
    with Simulation(setting, Conditions(board=BOARD, limit_s=120)) as simulation:
        cell = simulation.handset.adc(facts.BATTERY_ADC_PIN)
        simulation.settle()
        for second in range(40, 100, 10):
            at_us = simulation.origin_us + second * S
            simulation.kernel.at(at_us, cell.set_uv, EMPTY_UV // facts.BATTERY_DIVIDER)
            simulation.kernel.at(at_us + S, cell.set_uv, 4_000_000 // facts.BATTERY_DIVIDER)
        simulation.kernel.run_until(simulation.origin_us + 120 * S)
        assert simulation.finish().outcome is None
