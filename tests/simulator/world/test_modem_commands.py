"""The AT line: what a firmware asks at start-up, errors, echo, broken input."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench


_ONE_BENCH = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("+CREG?", "+CREG: 0,1"),
        ("+CEREG?", "+CEREG: 0,1"),
        ("+CPIN?", "+CPIN: READY"),
        ("+CGSN", "350000010007016"),
        ("+CIMI", "001010000007001"),
        ("+CICCID", "+ICCID: 89000000000000070013"),
        ("+CSQ", "+CSQ: 20,99"),
        ("+CCLK?", '+CCLK: "26/01/01,12:00:00+00"'),
        ("+CFUN?", "+CFUN: 1"),
        ("+CLCC?", "+CLCC: 1"),
        ("+CNMI?", "+CNMI: 2,2,0,0,0"),
        ("+CEER", '+CEER: "16 Normal call clearing"'),
        ("+CGNSSINFO", "+CGNSSINFO: ,,,,,,,,"),
    ],
)
def test_a_registered_modem_answers(bench: Bench, command: str, line: str) -> None:
    assert bench.at(command) == f"\r\n{line}\r\n\r\nOK\r\n"


def test_the_serving_cell_is_on_the_test_network(bench: Bench) -> None:
    status, mode, plmn, area, cell = bench.at("+CPSI?").split(",")[:5]
    assert (status, mode, plmn) == ("\r\n+CPSI: LTE", "Online", "001-01")
    assert (int(area, 16), int(cell)) == (0x67F2, 2871821)


def test_with_location_asked_for_registration_names_the_cell(bench: Bench) -> None:
    bench.at("+CEREG=2")
    assert '+CEREG: 2,1,"67F2","002BD20D",7' in bench.at("+CEREG?")


def test_before_registration_there_is_no_service(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.rail.put(1)
    bench.press_key()
    bench.run_for(11.2)
    bench.at("E0")
    bench.at("+CMEE=1")
    assert "+CIMI" not in bench.at("+CREG?")
    assert "NO SERVICE" in bench.at("+CPSI?")
    assert '"70/01/01' in bench.at("+CCLK?")
    assert bench.dial() == "\r\n+CME ERROR: 30\r\n"


def test_before_the_sim_is_ready_its_number_is_not_told(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.rail.put(1)
    bench.press_key()
    while "*ATREADY" not in bench.line.text:
        bench.run_for(0.01)
    bench.at("E0")
    bench.at("+CMEE=1")
    assert bench.at("+CIMI") == "\r\n+CME ERROR: 14\r\n"
    assert bench.at("+CPIN?") == "\r\n+CME ERROR: 14\r\n"


def test_flight_mode_leaves_the_network_and_comes_back(bench: Bench) -> None:
    bench.at("+CREG=1")
    assert "+CREG: 0" in bench.at("+CFUN=4")
    assert "+CREG: 1,0" in bench.at("+CREG?")
    bench.at("+CFUN=1")
    assert "+CREG: 1,2" in bench.at("+CREG?")
    bench.run_for(8.1)
    assert "+CREG: 1,1" in bench.at("+CREG?")


@pytest.mark.parametrize("command", ["+NONSENSE", "+CVHU=7", "+CMGS", "Z9", "+CNMI=9", "D123", "%"])
def test_what_it_does_not_know_or_take_is_an_error(bench: Bench, command: str) -> None:
    assert bench.at(command) == "\r\nERROR\r\n"


@pytest.mark.parametrize(
    ("mode", "answer"), [(0, "ERROR"), (1, "+CME ERROR: 3"), (2, "+CME ERROR: not allowed")]
)
def test_errors_take_the_form_asked_for(bench: Bench, mode: int, answer: str) -> None:
    bench.at(f"+CMEE={mode}")
    bench.dial()
    assert bench.dial() == f"\r\n{answer}\r\n"


def test_it_echoes_until_told_not_to(make_bench: type[Bench]) -> None:
    bench = make_bench()
    bench.rail.put(1)
    bench.press_key()
    bench.run_for(25)
    assert bench.at("") == "AT\r\r\nOK\r\n"
    assert bench.at("E0") == "ATE0\r\r\nOK\r\n"
    assert bench.at("") == "\r\nOK\r\n"


def test_a_command_typed_while_another_runs_waits_for_it(bench: Bench) -> None:
    assert bench.said(b"AT+CSQ\rAT+CREG?\r", 0.05) == (
        "\r\n+CSQ: 20,99\r\n\r\nOK\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n"
    )


@given(cuts=st.lists(st.integers(0, 19), max_size=6))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_how_the_bytes_are_split_makes_no_difference(bench: Bench, cuts: list[int]) -> None:
    typed = b"AT+CREG?\r\nat+csq\r"
    edges = [0, *sorted(cut for cut in cuts if cut < len(typed)), len(typed)]
    start = len(bench.line.text)
    for begin, end in pairwise(edges):
        bench.line.type(typed[begin:end])
    bench.run_for(0.05)
    assert bench.line.text[start:] == ("\r\n+CREG: 0,1\r\n\r\nOK\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n")


@given(noise=st.binary(max_size=60))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_noise_it_still_answers(bench: Bench, noise: bytes) -> None:
    bench.said(b"\x1b" + noise + b"\x1b\r", 0.2)
    bench.said(b"AT+CMEE=1\r", 0.05)
    assert "OK" in bench.said(b"AT\r", 0.1)
