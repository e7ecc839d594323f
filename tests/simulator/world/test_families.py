"""What the families of modems do otherwise than the A7670."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_sim.world.errors import SettingError
from tocsin_sim.world.modem.models import model
from tocsin_sim.world.modem.radio import Sim
from tocsin_sim.world.network import CallState, Cause, Fate, Service

if TYPE_CHECKING:
    from tests.simulator.world.conftest import Bench

EVERY = ("a7670", "sim7600", "eg25")
START_UP = {
    "a7670": ["*ATREADY: 1", "+CPIN: READY", "SMS DONE", "PB DONE"],
    "sim7600": ["RDY", "+CPIN: READY", "SMS DONE", "PB DONE"],
    "eg25": ["RDY", "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: PB DONE", "+QIND: SMS DONE"],
}


def started(make_bench: type[Bench], name: str, **setting: object) -> Bench:
    bench = make_bench(model=name, **setting)  # type: ignore[arg-type]
    if name == "eg25":
        bench.world.modem.urc_port.is_uart = True  # type: ignore[attr-defined]
    return bench.start_modem()


@pytest.mark.parametrize("name", EVERY)
def test_start_up_lines_come_in_the_familys_order(make_bench: type[Bench], name: str) -> None:
    bench = started(make_bench, name)
    said = [bench.said_at_us(text) for text in START_UP[name]]
    assert said == sorted(said)


@pytest.mark.parametrize(("name", "long_s"), [("sim7600", 0.5), ("eg25", 0.5)])
def test_its_power_key_wants_half_a_second(
    make_bench: type[Bench], name: str, long_s: float
) -> None:
    bench = make_bench(model=name)
    bench.rail.put(1)
    bench.press_key(long_s - 0.01)
    bench.run_for(25)
    assert bench.line.text == ""
    bench.press_key(long_s)
    bench.run_for(25)
    assert "RDY" in bench.line.text


@pytest.mark.parametrize("name", EVERY)
def test_it_names_itself(make_bench: type[Bench], name: str) -> None:
    bench = started(make_bench, name)
    told = {"a7670": "A7670E-FASE", "sim7600": "SIMCOM_SIM7600E-H", "eg25": "EG25"}
    assert told[name] in bench.at("+CGMM")
    assert told[name] in bench.at("I")


@pytest.mark.parametrize("name", EVERY)
def test_limited_service_has_the_familys_number(make_bench: type[Bench], name: str) -> None:
    bench = started(make_bench, name)
    bench.world.network.offer(Service.EMERGENCY_ONLY)
    bench.run_for(9)
    assert bench.at("+CREG?").endswith(f",{11 if name == 'a7670' else 8}\r\n\r\nOK\r\n")
    assert bench.dial() == "\r\n+CME ERROR: 32\r\n"
    bench.world.network.emergency_numbers = frozenset({bench.setting.numbers.call})
    assert "OK" in bench.dial()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("sim", "answer"),
    [
        (Sim.ABSENT, "+CME ERROR: 10"), (Sim.PIN, "+CPIN: SIM PIN"), (Sim.PUK, "+CPIN: SIM PUK"),
        (Sim.FAULTY, "+CME ERROR: 13"),
    ],
)  # fmt: skip
def test_a_sim_that_cannot_be_used_is_told_and_leaves_emergency_calls(
    make_bench: type[Bench], name: str, sim: Sim, answer: str
) -> None:
    bench = started(make_bench, name)
    bench.world.modem.radio.change_sim(sim)
    bench.run_for(9)
    assert answer in bench.at("+CPIN?")
    assert "ERROR" in bench.at("+CIMI")
    assert bench.dial() == "\r\n+CME ERROR: 32\r\n"


@pytest.mark.parametrize(
    ("name", "cause", "result"),
    [
        ("a7670", Cause.USER_BUSY, "BUSY"), ("sim7600", Cause.USER_BUSY, "BUSY"),
        ("eg25", Cause.USER_BUSY, "BUSY"), ("sim7600", Cause.ALERTING_NO_ANSWER, "NO ANSWER"),
        ("eg25", Cause.ALERTING_NO_ANSWER, "NO CARRIER"),
        ("a7670", Cause.CALL_REJECTED, "NO CARRIER"),
    ],
)  # fmt: skip
def test_a_call_that_fails_ends_with_its_result(
    make_bench: type[Bench], name: str, cause: Cause, result: str
) -> None:
    bench = started(make_bench, name)
    bench.world.network.fates.append(Fate(cause, 1.0))
    bench.dial()
    bench.run_for(2)
    assert f"\r\n{result}\r\n" in bench.line.text
    assert str(cause.value) in bench.at("+CEER")


def test_the_eg25_lists_its_data_bearer_and_tells_calls_by_dsci(make_bench: type[Bench]) -> None:
    bench = started(make_bench, "eg25", answer_mean_s=0.1)
    assert bench.at("+CLCC") == '\r\n+CLCC: 1,0,0,1,0,"",128\r\n\r\nOK\r\n'
    assert "ERROR" in bench.at("+CLCC=1")
    bench.at("^DSCI=1")
    bench.dial()
    bench.run_for(10)
    states = [line.split(",")[2] for line in bench.line.text.split("\r\n") if "^DSCI" in line]
    assert states == ["2", "7", "3"]
    assert '+CLCC: 2,0,0,0,0,"+447700900001",145' in bench.at("+CLCC")
    assert "VOICE CALL" not in bench.line.text


def test_the_eg25_keeps_its_lines_from_the_uart_until_told(make_bench: type[Bench]) -> None:
    bench = make_bench(model="eg25").start_modem()
    assert "RDY" in bench.line.text
    assert "+CPIN" not in bench.line.text
    assert "OK" in bench.at('+QURCCFG="urcport","uart1"')
    bench.world.modem.radio.change_sim(Sim.ABSENT)
    assert "+CPIN: SIM REMOVED" in bench.line.text
    assert '"uart1"' in bench.at('+QURCCFG="urcport"')


@pytest.mark.parametrize("mode", ["0", "2"])
def test_the_eg25_tells_its_position_when_asked(make_bench: type[Bench], mode: str) -> None:
    bench = started(make_bench, "eg25", ttff_median_s=5.0, ttff_sigma=0.01)
    assert bench.at("+QGPSLOC=2") == "\r\n+CME ERROR: 505\r\n"
    assert "OK" in bench.at("+QGPS=1")
    assert bench.at("+QGPS=1") == "\r\n+CME ERROR: 504\r\n"
    assert bench.at(f"+QGPSLOC={mode}") == "\r\n+CME ERROR: 516\r\n"
    bench.run_for(8)
    fields = bench.at(f"+QGPSLOC={mode}").split(": ")[1].split(",")
    if mode == "2":
        assert (float(fields[1]), float(fields[2])) == pytest.approx((50.512, -2.876), abs=0.01)
    else:
        assert (fields[1][-1], fields[2][-1]) == ("N", "W")
    assert "OK" in bench.at("+QGPSEND")


@pytest.mark.parametrize(("name", "fields"), [("+CGNSSINFO", 16), ("+CGPSINFO", 9)])
def test_the_sim7600_reports_positions_as_lines_of_its_own(
    make_bench: type[Bench], name: str, fields: int
) -> None:
    bench = started(make_bench, "sim7600", ttff_median_s=5.0, ttff_sigma=0.01)
    assert "OK" in bench.at("+CGPS=1")
    assert "OK" in bench.at(f"{name}=1")
    bench.run_for(9)
    told = [line for line in bench.line.text.split("\r\n") if line.startswith(f"{name}: ")]
    assert f"{name}: ,,,,,,,," in told
    assert len(told[-1].split(",")) == fields
    assert ",N,00252." in told[-1]
    assert "$" not in bench.line.text


def test_the_sim7600s_receiver_stopped_does_not_start_again_at_once(
    make_bench: type[Bench],
) -> None:
    bench = started(make_bench, "sim7600")
    bench.at("+CGPS=1")
    bench.at("+CGPS=0")
    assert "ERROR" in bench.at("+CGPS=1")
    bench.run_for(31)
    assert "+CGPS: 0" in bench.line.text
    assert "OK" in bench.at("+CGPS=1")


@pytest.mark.parametrize("name", EVERY)
def test_a_call_dropped_after_the_answer_ends_at_both_ends(
    make_bench: type[Bench], name: str
) -> None:
    bench = started(make_bench, name, answer_mean_s=0.1)
    bench.world.network.fates.append(Fate(Cause.NORMAL_CALL_CLEARING, 3.0, CallState.ACTIVE))
    bench.dial()
    bench.run_for(15)
    assert "NO CARRIER" in bench.line.text
    assert len(bench.world.people.released) == 1


@pytest.mark.parametrize("name", EVERY)
def test_it_sleeps_by_its_own_command(make_bench: type[Bench], name: str) -> None:
    bench = started(make_bench, name)
    bench.at("+QSCLK=1" if name == "eg25" else "+CSCLK=1")
    bench.dtr.put(1)
    bench.run_for(11)
    assert bench.at("") == ""


@pytest.mark.parametrize("name", EVERY)
def test_a_reset_line_starts_it_anew(make_bench: type[Bench], name: str) -> None:
    bench = started(make_bench, name)
    bench.reset.put(1)
    bench.run_for(1)
    assert bench.at("") == ""
    bench.reset.put(0)
    bench.run_for(16)
    assert "OK" in bench.at("")


def test_a_modem_nobody_makes_is_refused() -> None:
    with pytest.raises(SettingError, match="no modem 'sim800'"):
        model("sim800")
