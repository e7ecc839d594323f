"""What modems and networks do to an alarm, on every board: the call comes about all the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from tocsin_host.firmware_tree import board_names
from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.stages import marks_of
from tocsin_host.measure.verdict import judge
from tocsin_host.wire import JournalKind, Notice, Outcome, Stage
from tocsin_sim.simulation import Conditions, Simulation
from tocsin_sim.world.laws import Law
from tocsin_sim.world.modem.radio import Sim
from tocsin_sim.world.network import CallState, Cause, Fate, Service
from tocsin_sim.world.setting import Setting

BOARDS = board_names()
S = 1_000_000
on_every_board = pytest.mark.parametrize("board", BOARDS)

Trouble = Callable[[Simulation], object]


def run(board: str, trouble: Trouble, limit_s: float = 240, **setting: object) -> RunRecord:
    """Let the handset settle, bring the trouble about at scenario zero, and press."""
    conditions = Conditions(board=board, limit_s=limit_s)
    with Simulation(Setting(**setting), conditions) as simulation:  # type: ignore[arg-type]
        simulation.kernel.at(simulation.origin_us - 1000, trouble, simulation)
        return simulation.run()


def later(
    simulation: Simulation, seconds: float, step: Callable[..., object], *args: object
) -> None:
    simulation.kernel.at(simulation.origin_us + round(seconds * S), step, *args)


def attempts(record: RunRecord) -> list[int]:
    return [mark.attempt for mark in marks_of(record.marks, Stage.DIALLED)]


def felt(record: RunRecord) -> list[Notice]:
    return [each.notice for each in record.notices_felt]


@on_every_board
@pytest.mark.parametrize(
    "fate",
    [
        Fate(Cause.USER_BUSY, 2.0),
        Fate(Cause.CALL_REJECTED, 0.5, CallState.ALERTING),
        Fate(Cause.TEMPORARY_FAILURE, 3.0),
        Fate(Cause.NORMAL_CALL_CLEARING, 4.0, CallState.ACTIVE),
    ],
    ids=["busy", "rejected", "failed", "dropped"],
)
def test_a_call_that_ends_otherwise_is_dialled_again(board: str, fate: Fate) -> None:
    record = run(board, lambda simulation: simulation.world.network.fates.append(fate))
    assert judge(record).passed, record.crash_text
    assert attempts(record) == [1, 2]
    assert felt(record)[0] is Notice.RAISED
    assert Notice.RETRYING in felt(record)


@on_every_board
def test_a_false_early_end_of_a_call_in_fallback_is_not_believed(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.modem.calls.false_end_after_s = 1.0

    record = run(board, trouble, setup_median_s=9.0, setup_sigma=0.01)
    assert judge(record).passed, record.crash_text
    assert attempts(record) == [1]


@on_every_board
def test_a_modem_that_restarts_by_itself_during_the_call_is_set_up_and_dials_again(
    board: str,
) -> None:
    def trouble(simulation: Simulation) -> None:
        later(simulation, 4, simulation.world.modem.power.restart)

    record = run(board, trouble)
    assert judge(record).passed, record.crash_text
    # What it dials before it is registered again is refused.
    assert 2 <= len(attempts(record)) <= 6


@on_every_board
def test_without_any_network_the_alarm_waits_and_goes_out_in_limited_service(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        network = simulation.world.network
        network.emergency_numbers = frozenset({simulation.setting.numbers.call})
        network.offer(Service.NONE)
        later(simulation, 90, network.offer, Service.EMERGENCY_ONLY)
        later(simulation, 130, network.offer, Service.HOME)

    record = run(board, trouble, talk_s=90.0)
    answered_us = marks_of(record.marks, Stage.ANSWERED)[0].t_us
    # After some 90 s without any call the modem's power is cycled as well.
    assert 90 * S < answered_us < 140 * S
    assert judge(record).passed, record.crash_text
    assert Notice.RETRYING in felt(record)


@on_every_board
def test_texts_refused_on_one_bearer_go_out_on_another(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.centre.bearers = frozenset("2")

    record = run(board, trouble)
    assert judge(record).passed, record.crash_text
    asked = [line.text for line in record.at_transcript if line.text.startswith("AT+CGSMS=")]
    assert asked[-1] == "AT+CGSMS=2"


@on_every_board
def test_texts_refused_after_a_minute_on_one_bearer_go_out_on_another(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.centre.bearers = frozenset("0")

    record = run(board, trouble, 400, talk_s=300.0, sms_accept_min_s=59.0, sms_accept_max_s=60.0)
    assert judge(record).passed, record.crash_text
    assert attempts(record) == [1]


@on_every_board
@pytest.mark.parametrize("text_s", [35.0, 44.0, 58.0])
def test_a_call_outlives_slow_texts_and_the_person_is_told_what_is_so(
    board: str, text_s: float
) -> None:
    record = run(
        board,
        lambda _: None,
        talk_s=180.0,
        answer=Law("fixed", (5.0,)),
        sms_accept_min_s=text_s,
        sms_accept_max_s=text_s,
    )
    assert judge(record).passed, record.crash_text
    assert attempts(record) == [1]
    assert Notice.RETRYING not in felt(record)
    assert Notice.ANSWERED in felt(record)


@pytest.mark.parametrize("gap_s", [1.0, 5.0, 10.0])
def test_a_receiver_that_is_still_stopping_is_started_for_the_next_alarm(gap_s: float) -> None:
    setting = Setting(
        talk_s=30.0, setup_sigma=0.01, answer_mean_s=0.1, ttff_median_s=4.0, ttff_sigma=0.0
    )
    conditions = Conditions(board="lilygo_t_sim7600", limit_s=600)
    with Simulation(setting, conditions) as simulation:
        simulation.settle()
        kernel, record = simulation.kernel, simulation.record
        kernel.run_until(simulation.origin_us + 200 * S, lambda: record.outcome is not None)
        closed_us = kernel.now_us
        simulation.world.person.press(closed_us + round(gap_s * S), 1_500)
        kernel.run_until(closed_us + 90 * S)
        marks = simulation.finish().marks
    first_closed_us = marks_of(marks, Stage.CLOSED)[0].t_us
    fixes = marks_of(marks, Stage.FIX_ACQUIRED)
    assert [mark for mark in fixes if mark.t_us > first_closed_us]


@on_every_board
def test_a_text_that_times_out_in_the_network_is_sent_again(board: str) -> None:
    record = run(board, lambda simulation: simulation.world.centre.refusals.extend([332, 500]))
    assert judge(record).passed, record.crash_text


@on_every_board
def test_a_report_that_is_lost_on_its_way_is_followed_by_another(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.centre.losses["answer point"] = 1

    record = run(board, trouble, sms_delay_sigma=0.0)
    assert judge(record).passed, record.crash_text
    assert attempts(record) == [1]
    assert Notice.ANSWERED in felt(record)


@on_every_board
def test_an_unacknowledged_call_gets_ever_fewer_reports(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.centre.losses["answer point"] = 100

    record = run(board, trouble, talk_s=900.0, limit_s=900.0)
    sent_us = [mark.t_us for mark in marks_of(record.marks, Stage.TAG_SENT)]
    apart_s = [round((later - earlier) / 20 / S) for earlier, later in pairwise(sent_us)]
    assert apart_s == [1, 2, 4, 8, 16]


@on_every_board
def test_a_modem_that_dies_during_a_text_is_missed_within_a_minute(board: str) -> None:
    died_us: list[int] = []

    def trouble(simulation: Simulation) -> None:
        def die(event: str, _: dict[str, object]) -> None:
            if event == "sms.submitted" and not died_us:
                died_us.append(simulation.kernel.now_us - simulation.origin_us)
                simulation.world.modem.power.cut()

        simulation.world.witness.listen(die)

    record = run(board, trouble, limit_s=90)
    told_us = [each.t_us for each in record.notices_felt if each.notice is Notice.RETRYING]
    assert told_us[0] - died_us[0] < 45 * S


@on_every_board
def test_a_false_end_is_forgotten_once_the_call_is_seen_connected(board: str) -> None:
    """Else a slow text would be broken off, and its late OK taken for an empty list of calls."""

    def trouble(simulation: Simulation) -> None:
        simulation.world.modem.calls.false_end_after_s = 12.0

    record = run(
        board,
        trouble,
        setup_median_s=3.0,
        setup_sigma=0.01,
        answer_mean_s=0.1,
        talk_s=60.0,
        sms_accept_min_s=6.0,
        sms_accept_max_s=8.0,
    )
    assert judge(record).passed, record.crash_text
    assert attempts(record) == [1]
    assert Notice.RETRYING not in felt(record)


@on_every_board
def test_a_call_that_a_deaf_modem_held_on_to_is_not_dialled_over(board: str) -> None:
    dialled_over: list[bool] = []

    def listen(event: str, told: dict[str, object]) -> None:
        if event == "modem.dial":
            dialled_over.append(bool(told["over_call"]))

    setting = Setting(talk_s=900.0, setup_sigma=0.01, answer_mean_s=0.1)
    with Simulation(setting, Conditions(board=board)) as simulation:
        simulation.settle()
        world, kernel, record = simulation.world, simulation.kernel, simulation.record
        world.witness.listen(listen)
        later(simulation, 20, lambda: world.modem.hang(key_works=False))
        kernel.run_until(simulation.origin_us + 100 * S, lambda: record.outcome is not None)
        assert record.outcome is Outcome.ANSWERED  # as the handset sees it: no call is left
        kernel.run_until(kernel.now_us + S)
        world.modem.terminal.is_hung = False
        world.person.press(kernel.now_us + 3 * S, 1_500)
        kernel.run_until(kernel.now_us + 10 * S)
    assert dialled_over == [False]


@on_every_board
def test_a_handset_whose_sim_is_gone_says_so_once_and_dials_nevertheless(board: str) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.modem.radio.change_sim(Sim.ABSENT)

    record = run(board, trouble, limit_s=60)
    assert len(record.dialled_numbers) > 3
    assert felt(record)[0] is Notice.RAISED
    assert 1 <= felt(record).count(Notice.NOT_READY) <= 2
    faults = [each for each in record.journal if each.kind == JournalKind.FAULT]
    assert [(each.code, each.value) for each in faults][:1] == [(1, 2)]
    assert len(faults) <= 2


@on_every_board
@pytest.mark.parametrize("sim", [Sim.PIN, Sim.PUK])
def test_a_locked_sim_is_told_of_and_never_given_a_number(board: str, sim: Sim) -> None:
    def trouble(simulation: Simulation) -> None:
        simulation.world.modem.radio.change_sim(sim)

    record = run(board, trouble, limit_s=30)
    assert Notice.NOT_READY in felt(record)
    assert not any(line.text.startswith("AT+CPIN=") for line in record.at_transcript)


@on_every_board
def test_an_idle_modem_sleeps_and_is_awake_when_the_dial_command_comes(board: str) -> None:
    with Simulation(Setting(press_at_s=60.0), Conditions(board=board)) as simulation:
        simulation.settle()
        simulation.kernel.run_until(simulation.origin_us + 50 * S)
        assert simulation.world.modem.sleep.is_asleep
        record = simulation.run()
    assert judge(record).passed, record.crash_text
    dialled_us = marks_of(record.marks, Stage.DIALLED)[0].t_us
    assert dialled_us - marks_of(record.marks, Stage.PRESSED)[0].t_us < 1.15 * S


@on_every_board
def test_the_microphone_is_open_and_the_earpiece_silent(board: str) -> None:
    with Simulation(Setting(press_at_s=None), Conditions(board=board)) as simulation:
        simulation.settle()
        parameters = simulation.world.modem.parameters
        assert (parameters["+CLVL"], parameters["+CMUT"]) == ("0", "0")


@on_every_board
def test_every_command_of_the_set_up_is_one_the_modem_knows(board: str) -> None:
    """Only what a family is known to lack may be refused."""
    with Simulation(Setting(press_at_s=None), Conditions(board=board)) as simulation:
        simulation.settle()
        record = simulation.finish()
    lines = [line.text for line in record.at_transcript]
    refused = {
        command
        for command, answer in pairwise(lines)
        if command.startswith("AT") and answer == "ERROR"
    }
    assert refused == ({"AT+CLCC=1"} if board == "pico_w_eg25" else set())
