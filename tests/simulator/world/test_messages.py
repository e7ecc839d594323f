"""Messages: the prompt, the network, the answer point and its acknowledgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulator.world.conftest import Bench

AML = (
    'A"ML=1;lt=+50.51234;lg=-2.87654;rd=7;top=20260101120010;lc=68;pm=G;si=001010000000000;'
    "ei=350000010007016;mcc=001;mnc=01;ml=126"
)


def test_a_text_is_accepted_and_read_at_the_answer_point(
    bench: Bench, write_text: Callable[[str, str], str]
) -> None:
    typed_us = bench.kernel.now_us
    said = bench.send_message(write_text("+447700900003", AML))
    assert said == "\r\n+CMGS: 1\r\n\r\nOK\r\n"
    assert 800_000 <= bench.said_at_us("+CMGS: 1") - typed_us <= 2_600_000
    bench.run_for(60)
    [text] = bench.point.incidents[0].texts
    assert (text.sender, text.raw) == ("+447700900701", AML)
    assert [(stage, reporter) for stage, _, reporter, _ in bench.stages] == [
        (Stage.LOCATION_RECEIVED, "answer point")
    ]


def test_escape_cancels_a_message(bench: Bench, write_text: Callable[[str, str], str]) -> None:
    bench.at("+CMGS=20")
    assert bench.said(write_text("+447700900003", "x").encode() + b"\x1b", 0.02) == "\r\nOK\r\n"
    bench.run_for(60)
    assert not bench.point.incidents
    assert not bench.world.witness.messaged_numbers


@pytest.mark.parametrize("damage", [lambda pdu: pdu[:-2], lambda pdu: "ZZ" + pdu[2:], lambda _: ""])
def test_a_damaged_pdu_is_refused(
    bench: Bench, write_text: Callable[[str, str], str], damage: Callable[[str], str]
) -> None:
    pdu = write_text("+447700900003", "hello world")
    bench.at(f"+CMGS={len(pdu) // 2 - 1}")
    assert bench.said(damage(pdu).encode() + b"\x1a", 0.05) == "\r\n+CMS ERROR: 304\r\n"


def test_out_of_service_a_message_is_refused(
    bench: Bench, write_text: Callable[[str, str], str]
) -> None:
    bench.at("+CFUN=4")
    assert "+CMS ERROR: 331" in bench.send_message(write_text("+447700900003", "x"))


def test_commands_wait_while_a_message_is_sent(
    bench: Bench, write_text: Callable[[str, str], str]
) -> None:
    pdu = write_text("+447700900003", "x")
    bench.at(f"+CMGS={len(pdu) // 2 - 1}")
    bench.line.type(pdu.encode() + b"\x1a")
    assert bench.at("+CSQ", 0.5) == ""
    bench.run_for(3)
    assert bench.line.text.index("+CMGS: 1") < bench.line.text.index("+CSQ: 20")


def test_an_answered_call_with_its_tag_is_acknowledged_to_the_handset(bench: Bench) -> None:
    bench.dial()
    bench.send_tag(port=16200)
    bench.run_for(40)
    reported = [stage for stage, _, _, _ in bench.stages]
    assert reported.count(Stage.TAG_RECEIVED) == reported.count(Stage.TAG_SHOWN) == 1
    header, pdu = bench.line.text.split("+CMT: ")[1].split("\r\n")[:2]
    assert header == f'"",{len(pdu) // 2 - 1}'
    assert "0605040001" + "3F48" in pdu, "the answer goes back to the port it came from"


def test_without_an_answer_there_is_no_acknowledgement(make_bench: type[Bench]) -> None:
    bench = make_bench(nobody_answers=True).start_modem()
    bench.dial()
    bench.send_tag()
    bench.run_for(100)
    assert bench.time_of(Stage.TAG_SHOWN) is not None
    assert "+CMT" not in bench.line.text


def test_with_delivery_left_at_its_default_only_the_storing_is_told(bench: Bench) -> None:
    bench.at("+CNMI=2,1,0,0,0")
    bench.dial()
    bench.send_tag()
    bench.run_for(40)
    assert '+CMTI: "SM",1' in bench.line.text
    assert "+CMT:" not in bench.line.text


def test_a_message_for_a_modem_out_of_reach_waits_for_it(bench: Bench) -> None:
    bench.dial()
    bench.send_tag()
    bench.at("+CFUN=4")
    bench.run_for(60)
    assert "+CMT:" not in bench.line.text
    bench.at("+CFUN=1")
    bench.run_for(10)
    assert "+CMT:" in bench.line.text


def test_a_message_to_a_number_outside_the_runs_own_is_witnessed_and_reaches_nobody(
    bench: Bench, write_text: Callable[[str, str], str]
) -> None:
    bench.send_message(write_text("+447700900555", AML))
    bench.run_for(60)
    assert [each.text for each in bench.world.witness.violations] == ["+447700900555"]
    assert not bench.point.incidents
