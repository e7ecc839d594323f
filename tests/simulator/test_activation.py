"""Whole activations: the real firmware on the VM, in a world that makes things hard."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.stages import marks_of
from tocsin_host.measure.verdict import judge
from tocsin_host.wire import FixSource, JournalKind, Notice, Outcome, Stage
from tocsin_sim.provision import provisioned_files
from tocsin_sim.simulation import Conditions, Simulation, run
from tocsin_sim.vm.flash import create_flash
from tocsin_sim.world.setting import Numbers, Setting

EG25 = "gpsd_quectel-eg25-g.log"
NEVER_A_FIX = "gpsd_holux-gm-210.log"
CONDITIONS = Conditions()


def felt(record: RunRecord) -> list[Notice]:
    return [each.notice for each in record.notices_felt]


def first_us(record: RunRecord, stage: Stage) -> int:
    return marks_of(record.marks, stage)[0].t_us


def kinds(record: RunRecord) -> list[JournalKind]:
    return [JournalKind(entry.kind) for entry in record.journal]


def test_press_reaches_every_stage_of_the_vocabulary() -> None:
    record = run(Setting(), CONDITIONS)
    assert {mark.stage for mark in record.marks} == set(Stage)
    assert judge(record).passed
    assert record.outcome is Outcome.ANSWERED
    assert felt(record) == [Notice.RAISED, Notice.CONNECTED, Notice.ANSWERED, Notice.CLOSED]


def test_dial_command_leaves_within_the_device_budget_of_a_held_press() -> None:
    record = run(Setting(hold_ms=1500), CONDITIONS)
    held_us = first_us(record, Stage.DIALLED) - first_us(record, Stage.PRESSED)
    assert 1_000_000 <= held_us <= 1_150_000


def test_press_let_go_too_early_dials_nothing_and_is_recorded() -> None:
    record = run(Setting(hold_ms=700), Conditions(limit_s=20))
    assert record.dialled_numbers == []
    assert felt(record) == []
    assert JournalKind.GESTURE_REJECTED in kinds(record)


def test_second_press_during_an_activation_is_felt_and_recorded_and_dials_nothing() -> None:
    with Simulation(Setting(), CONDITIONS) as simulation:
        simulation.world.person.press(simulation.origin_us + 20_000_000, 1500)
        record = simulation.run()
    assert Notice.ALREADY_RAISED in felt(record)
    assert len(record.dialled_numbers) == 1
    assert judge(record).passed


def test_first_text_carries_the_first_fix_of_a_recorded_log(shared_data: Path) -> None:
    log = shared_data / "nmea" / EG25
    record = run(Setting(nmea=log, press_at_s=15), CONDITIONS)
    fix = next(
        tpv
        for tpv in map(json.loads, _json_lines(log.with_suffix(".log.chk")))
        if tpv["class"] == "TPV" and tpv["mode"] == 3
    )
    location = record.texts[0].location
    assert location is not None
    assert location.lat_deg == pytest.approx(fix["lat"], abs=1e-5)
    assert location.lon_deg == pytest.approx(fix["lon"], abs=1e-5)
    fix_time = datetime.fromisoformat(fix["time"])
    assert location.time == fix_time.replace(microsecond=0)
    assert location.method == "G"


def test_text_at_20_s_says_honestly_that_there_is_no_fix_and_an_update_follows(
    shared_data: Path,
) -> None:
    record = run(Setting(nmea=shared_data / "nmea" / EG25, press_at_s=0), CONDITIONS)
    first, second = record.texts[0].location, record.texts[1].location
    assert first is not None
    assert second is not None
    assert (first.method, first.radius_m) == ("N", None)
    assert (second.method, second.radius_m) == ("G", 16)
    asked_us = [line.t_us for line in record.at_transcript if line.text.startswith("AT+CMGS=")][1]
    update_us = [line.t_us for line in record.at_transcript if line.text.startswith("AT+CMGS=")][2]
    assert 0 <= update_us - first_us(record, Stage.FIX_ACQUIRED) <= 300_000
    assert 20_000_000 <= asked_us - first_us(record, Stage.PRESSED) <= 20_500_000


def test_receiver_is_silent_after_the_end_of_a_log(shared_data: Path) -> None:
    record = run(Setting(nmea=shared_data / "nmea" / EG25, talk_s=100), CONDITIONS)
    heard_us = [line.t_us for line in record.at_transcript if line.text.startswith("$")]
    assert 55_000_000 < max(heard_us) < 62_000_000
    assert record.virtual_s > 60 + 100


def test_answer_is_as_fast_without_any_fix(shared_data: Path) -> None:
    folder = shared_data / "nmea"
    with_fix = run(Setting(nmea=folder / EG25, press_at_s=15), CONDITIONS)
    without = run(Setting(nmea=folder / NEVER_A_FIX, press_at_s=15), CONDITIONS)
    difference_us = first_us(with_fix, Stage.ANSWERED) - first_us(without, Stage.ANSWERED)
    assert abs(difference_us) <= 50_000
    assert not marks_of(without.marks, Stage.FIX_ACQUIRED)
    assert {text.location.method for text in without.texts if text.location} == {"N"}
    assert without.tags[0].report.fix_source == FixSource.NONE


def test_nobody_answers_though_the_modem_says_connected() -> None:
    setting = Setting(nobody_answers=True, ring_limit_s=30)
    record = run(setting, Conditions(limit_s=90))
    assert marks_of(record.marks, Stage.MODEM_CONNECTED)
    assert not marks_of(record.marks, Stage.ANSWERED)
    assert not marks_of(record.marks, Stage.ANSWER_CONFIRMED)
    assert Notice.CONNECTED in felt(record)
    assert Notice.ANSWERED not in felt(record)
    assert not judge(record).passed
    assert not any("CHUP" in line.text or line.text == "ATH" for line in record.at_transcript)
    ended_us = [line.t_us for line in record.at_transcript if line.text == "NO CARRIER"]
    dialled_us = [mark.t_us for mark in marks_of(record.marks, Stage.DIALLED)]
    assert len(ended_us) == 2
    assert all(
        0 < again - end < 2_000_000 for end, again in zip(ended_us, dialled_us[1:], strict=True)
    )


def test_answered_is_told_only_after_the_acknowledgement_was_sent() -> None:
    record = run(Setting(), CONDITIONS)
    told_us = next(each.t_us for each in record.notices_felt if each.notice is Notice.ANSWERED)
    assert first_us(record, Stage.ANSWERED) < record.acknowledgements[0].t_us < told_us


def test_third_attempt_is_answered_when_the_network_refuses_two() -> None:
    record = run(Setting(refuse_calls=2), CONDITIONS)
    assert judge(record).passed
    assert [mark.attempt for mark in marks_of(record.marks, Stage.DIALLED)] == [1, 2, 3]
    assert felt(record)[:4] == [Notice.RAISED, Notice.RETRYING, Notice.RETRYING, Notice.CONNECTED]
    sequences = [entry.sequence for entry in record.journal]
    assert sequences == list(range(1, len(sequences) + 1))
    journal = kinds(record)
    assert journal.count(JournalKind.DIALLED) == 3
    assert journal.count(JournalKind.CALL_FAILED) == 2
    assert journal[-1] is JournalKind.CLOSED


@pytest.mark.parametrize("cut_s", [1.05, 2.0, 4.0, 6.0])
def test_activation_goes_on_by_itself_after_a_power_cut_during_the_retries(cut_s: float) -> None:
    record = run(Setting(refuse_calls=3), Conditions(power_cut_s=cut_s))
    assert judge(record).passed
    resumed = [entry for entry in record.journal if entry.kind == JournalKind.RESUMED]
    assert len(resumed) == 1
    assert resumed[0].value == record.tags[0].report.activation
    assert len({tag.counter for tag in record.tags}) == len(record.tags)


def test_network_that_takes_a_minute_for_each_text_restarts_nothing_and_delays_no_call() -> None:
    setting = Setting(sms_accept_min_s=57, sms_accept_max_s=58, talk_s=180)
    with Simulation(setting, Conditions(limit_s=300)) as simulation:
        record = simulation.run()
        assert simulation.handset.stats.boots == 1
    assert judge(record).passed
    assert first_us(record, Stage.ANSWERED) < 10_000_000


def test_handset_not_issued_dials_nothing_and_says_not_ready() -> None:
    record = run(Setting(issued=False), Conditions(limit_s=30))
    assert record.dialled_numbers == []
    assert felt(record) == [Notice.NOT_READY]
    assert not any(line.text.startswith("ATD") for line in record.at_transcript)
    assert JournalKind.REFUSED in kinds(record)


@pytest.mark.parametrize("number", ["+440000999", "+440000112", "+10000911"])
def test_emergency_spelling_that_passes_as_a_number_never_leaves_a_test_build(
    number: str, tmp_path: Path
) -> None:
    flash = tmp_path / "flash"
    setting = Setting()
    object.__setattr__(setting, "numbers", _numbers_calling(number))
    create_flash(flash, provisioned_files(setting, 1))
    record = run(Setting(), Conditions(flash=flash, limit_s=20))
    assert record.dialled_numbers == []
    assert felt(record) == [Notice.NOT_READY]


def test_same_seed_gives_one_digest_with_and_without_look_ahead() -> None:
    digests = {
        run(Setting(), replace(CONDITIONS, seed=3, look_ahead=look_ahead)).digest
        for look_ahead in (True, True, False)
    }
    assert len(digests) == 1
    assert run(Setting(), replace(CONDITIONS, seed=4)).digest not in digests


def test_activation_across_the_wrap_of_the_tick_counter_is_as_any_other() -> None:
    settle_ms = 60_000
    wrapping = Conditions(ticks_offset_ms=2**30 - settle_ms - 3_000)
    plain, wrapped = run(Setting(), CONDITIONS), run(Setting(), wrapping)
    assert [(m.stage, m.t_us) for m in wrapped.marks] == [(m.stage, m.t_us) for m in plain.marks]


def test_run_that_needs_more_heap_than_the_limit_fails() -> None:
    record = run(Setting(), Conditions(heap_bytes=120 * 1024))
    assert not judge(record).passed
    assert "MemoryError" in record.crash_text


def _numbers_calling(number: str) -> Numbers:
    numbers = Numbers()
    object.__setattr__(numbers, "call", number)
    return numbers


def _json_lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.startswith("{")]
