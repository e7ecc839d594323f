"""Calls as the handset's modem tells them, against what happened at the far end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import Stage

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench


def test_a_call_rings_is_answered_and_ended_by_the_far_end(make_bench: type[Bench]) -> None:
    bench = make_bench(talk_s=20).start_modem()
    dialled_us = bench.kernel.now_us
    assert bench.dial() == "\r\nOK\r\n"
    bench.run_for(60)
    alerting_us, answered_us = bench.time_of(Stage.ALERTING), bench.time_of(Stage.ANSWERED)
    assert alerting_us is not None
    assert answered_us is not None
    assert dialled_us < alerting_us < answered_us
    assert {reporter for _, _, reporter, _ in bench.stages} == {"far end"}
    assert bench.said_at_us("NO CARRIER") == answered_us + 20_000_000
    assert '"16 Normal call clearing"' in bench.at("+CEER")
    assert bench.at("+CLCC") == "\r\nOK\r\n"


def test_the_modem_claims_a_connected_call_at_ring_back(make_bench: type[Bench]) -> None:
    bench = make_bench(nobody_answers=True).start_modem()
    bench.dial()
    bench.run_for(0.1)
    assert '+CLCC: 1,0,2,0,0,"+447700900001",145,"",,0' in bench.line.text
    bench.run_for(15)
    assert bench.said_at_us("VOICE CALL: BEGIN") == bench.time_of(Stage.ALERTING)
    assert "+CLCC: 1,0,0," in bench.at("+CLCC")
    assert bench.time_of(Stage.ANSWERED) is None


def test_without_the_quirk_it_claims_only_what_is_true(make_bench: type[Bench]) -> None:
    bench = make_bench(begin_at_ringback=False, answer_mean_s=5).start_modem()
    bench.dial()
    while bench.time_of(Stage.ALERTING) is None:
        bench.run_for(0.1)
    assert "+CLCC: 1,0,3," in bench.at("+CLCC")
    bench.run_for(40)
    assert bench.said_at_us("VOICE CALL: BEGIN") == bench.time_of(Stage.ANSWERED)


def test_when_nobody_answers_the_network_ends_the_ringing(make_bench: type[Bench]) -> None:
    bench = make_bench(nobody_answers=True, ring_limit_s=30).start_modem()
    bench.dial()
    bench.run_for(60)
    alerting_us = bench.time_of(Stage.ALERTING)
    assert alerting_us is not None
    assert bench.said_at_us("NO CARRIER") == alerting_us + 30_000_000
    assert "VOICE CALL: END: 000030" in bench.line.text
    assert '"19 Alerting no answer"' in bench.at("+CEER")


def test_refused_attempts_fail_after_a_second_and_the_next_gets_through(
    make_bench: type[Bench],
) -> None:
    bench = make_bench(refuse_calls=2).start_modem()
    for _ in range(2):
        start = len(bench.line.text)
        bench.dial()
        bench.run_for(2)
        said = bench.line.text[start:]
        assert said.endswith("\r\nNO CARRIER\r\n")
        assert "+CLCC: 1,0,6," in said
        assert "VOICE CALL" not in said
        assert bench.at("+CLCC") == "\r\nOK\r\n"
        assert '"42 Congestion"' in bench.at("+CEER")
    assert not bench.stages
    bench.dial()
    bench.run_for(30)
    assert bench.time_of(Stage.ANSWERED) is not None


@pytest.mark.parametrize("command", ["+CHUP", "H"])
def test_hanging_up_ends_the_call_at_the_far_end(bench: Bench, command: str) -> None:
    bench.dial()
    bench.run_for(20)
    start = len(bench.line.text)
    bench.at(command)
    bench.run_for(1)
    said = bench.line.text[start:]
    assert said.index("OK") < said.index("VOICE CALL: END: 0000")
    assert "NO CARRIER" not in said
    assert bench.point.incidents[0].call is None


def test_ath_is_ignored_unless_cvhu_allows_it(bench: Bench) -> None:
    bench.at("+CVHU=1")
    bench.dial()
    bench.run_for(10)
    assert bench.at("H") == "\r\nOK\r\n"
    bench.run_for(1)
    assert "+CLCC: 1,0,0," in bench.at("+CLCC")


def test_hanging_up_without_a_call_is_ok(bench: Bench) -> None:
    assert bench.at("+CHUP") == "\r\nOK\r\n"


def test_a_second_call_beside_the_first_is_not_allowed(bench: Bench) -> None:
    bench.dial()
    assert bench.dial() == "\r\n+CME ERROR: 3\r\n"


def test_when_the_modem_dies_the_far_end_is_released_later(make_bench: type[Bench]) -> None:
    bench = make_bench(talk_s=600).start_modem()
    bench.dial()
    bench.run_for(20)
    bench.rail.put(0)
    said = bench.line.text
    bench.run_for(9)
    assert bench.point.incidents[0].call is not None
    bench.run_for(2)
    assert bench.line.text == said, "a dead modem says nothing"
    assert bench.point.incidents[0].call is None


def test_the_alternate_number_rings_too(bench: Bench) -> None:
    bench.dial("+447700900002")
    bench.run_for(20)
    assert bench.time_of(Stage.ANSWERED) is not None
    assert not bench.world.witness.violations


@pytest.mark.parametrize(
    "spelling",
    ["999", "112", "+44999", "0044112", "*31#999", "141999", "+447700900999", "07700900001"],
)
def test_the_witness_records_any_number_that_is_not_the_runs_own(
    bench: Bench, spelling: str
) -> None:
    bench.dial(spelling)
    bench.run_for(60)
    assert [each.text for each in bench.world.witness.violations] == [spelling]
    assert not bench.stages, "nobody is ever reached"


def test_even_a_dial_string_the_modem_refuses_is_witnessed(bench: Bench) -> None:
    assert bench.at("D999") == "\r\nERROR\r\n"
    assert [each.text for each in bench.world.witness.violations] == ["999"]
