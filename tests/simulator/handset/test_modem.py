"""What the handset makes of its modem: silent, without receiver or SIM, refusing texts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tocsin_host.firmware_tree import firmware_root
from tocsin_host.wire import JournalKind, Notice, Stage
from tocsin_sim.stored import read_journal

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
DTR_PIN = 25
TEXT_NUMBER = "+447700900003"
RAIL_PIN, RESET_PIN = 12, 20


def faults(phone: Phone) -> list[tuple[int, int]]:
    """Code and value of every fault in the journal."""
    entries = read_journal(phone.flash_path)
    return [(each.code, each.value) for each in entries if each.kind == JournalKind.FAULT]


def test_a_silent_modems_key_is_tried_twice_and_then_its_supply_is_taken(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(settle_s=5)
    rail: list[tuple[int, int]] = []
    phone.handset.pin(RAIL_PIN).on_change(lambda level: rail.append((phone.kernel.now_us, level)))
    phone.modem.boots = lambda: None  # type: ignore[method-assign]
    phone.modem.dies()
    phone.press()
    phone.run(200)
    off, on = rail[:2]
    assert (off[1], on[1]) == (0, 1)
    assert on[0] - off[0] == pytest.approx(3 * S, rel=0.01)
    long_presses = [held for held in phone.keyed_us if held >= 2.5 * S]
    assert len(long_presses) == 2


def test_a_modem_with_a_reset_line_is_reset_in_the_end(make_phone: MakePhone) -> None:
    phone = make_phone(board="pico_w_eg25", settle_s=5)
    reset: list[int] = []
    phone.handset.pin(RESET_PIN).on_change(reset.append)
    phone.modem.dies()
    phone.press()
    phone.run(250)
    assert reset[:2] == [1, 0]


def test_a_modem_that_stays_silent_is_told_of_once(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=5)
    phone.modem.boots = lambda: None  # type: ignore[method-assign]
    phone.modem.dies()
    phone.press()
    phone.run(400)
    assert phone.notices().count(Notice.NOT_READY) == 1
    assert faults(phone) == [(2, 0)]
    assert len(phone.boots_us) == 1


def test_an_alarm_that_meets_a_modem_found_silent_before_is_told_of_it(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(settle_s=0.0)
    phone.modem.boots = lambda: None  # type: ignore[method-assign]
    phone.modem.dies()
    phone.run(600)
    assert phone.notices() == [Notice.NOT_READY]
    phone.press()
    phone.run(600)
    assert phone.notices()[1:] == [Notice.RAISED, Notice.NOT_READY]


def test_a_modem_that_answers_but_cannot_be_set_up_is_started_anew_and_told_of(
    make_phone: MakePhone,
) -> None:
    def rail(level: int) -> None:
        if not level:
            phone.modem.answers.clear()

    phone = make_phone(settle_s=0.0)
    phone.modem.answers["AT+CLCC=1"] = None
    phone.handset.pin(RAIL_PIN).on_change(rail)
    phone.press()
    phone.run(120)
    assert phone.notices() == [Notice.RAISED, Notice.NOT_READY]
    assert len(phone.dialled_us()) == 1


def test_a_modem_that_never_answers_a_line_of_its_set_up_dials_all_the_same(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(settle_s=0.0)
    phone.modem.answers["AT+CLCC=1"] = None
    phone.press()
    phone.run(120)
    assert len(phone.dialled_us()) == 1
    assert phone.notices()[:2] == [Notice.RAISED, Notice.NOT_READY]


def test_a_modem_without_a_receiver_is_not_asked_for_one(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=0.3)
    phone.modem.answers["AT+CGNSSPWR"] = "ERROR"
    phone.run(3)
    phone.press()
    phone.run(60)
    assert phone.modem.times_us("AT+CGNSSPWR=?")
    assert not phone.modem.times_us("AT+CGNSSPWR=1")


@pytest.mark.parametrize("line", ["AT+CNMI", "AT+CGNSSPWR=?"])
def test_what_a_modem_refuses_as_it_starts_is_sent_again(make_phone: MakePhone, line: str) -> None:
    """Without the one no text is told of, without the other there is no receiver."""
    phone = make_phone(settle_s=0.3)
    phone.modem.answers[line] = "+CMS ERROR: 314"
    phone.run(12)
    assert len(phone.modem.times_us(line)) >= 2
    del phone.modem.answers[line]
    phone.run(10)
    sent = len(phone.modem.times_us(line))
    phone.run(60)
    assert len(phone.modem.times_us(line)) == sent
    phone.press()
    phone.run(20)
    assert phone.modem.times_us("AT+CGNSSPWR=1")


def test_a_modem_that_always_refuses_a_line_is_asked_for_it_half_a_minute_long(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(settle_s=0.3)
    phone.modem.answers["AT+CVHU"] = "ERROR"
    phone.run(300)
    assert len(phone.modem.times_us("AT+CVHU")) == 8
    assert phone.handset.pin(DTR_PIN).level == 1


def test_a_sim_that_starts_slowly_is_not_told_of(make_phone: MakePhone) -> None:
    def starts() -> str:
        answers.pop("AT+CPIN?")
        return "+CME ERROR: 13\r\n\r\n+CPIN: READY"

    phone = make_phone(settle_s=0.3)
    answers = phone.modem.answers
    answers["AT+CIMI"] = "+CME ERROR: 14"
    answers["AT+CPIN?"] = starts
    phone.run(15)
    answers.pop("AT+CIMI")
    phone.run(30)
    assert phone.notices() == []
    assert faults(phone) == []


def test_a_missing_sim_is_told_of_once_while_nothing_changes(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=0.3)
    phone.modem.answers["AT+CIMI"] = "+CME ERROR: 10"
    phone.modem.answers["AT+CPIN?"] = "+CME ERROR: 10"
    phone.run(300)
    assert phone.notices() == [Notice.NOT_READY]
    assert faults(phone) == [(1, 2)]
    assert not phone.modem.times_us("AT+CPIN=")


@pytest.mark.parametrize(
    ("error", "changes"), [(332, True), (500, True), (38, True), (304, False), (322, False)]
)
def test_another_bearer_is_tried_when_it_may_be_the_bearers_fault(
    make_phone: MakePhone, error: int, changes: bool
) -> None:
    phone = make_phone(config={"text_number": TEXT_NUMBER, "first_text_ms": 5000})
    phone.modem.fates = ["is_answered"]
    phone.modem.answers["AT+CMGS="] = f"+CMS ERROR: {error}"
    phone.press()
    phone.run(20)
    asked = [line for _, line in phone.modem.heard if line.startswith("AT+CGSMS=")]
    assert asked[:3] == (["AT+CGSMS=1", "AT+CGSMS=0", "AT+CGSMS=2"] if changes else [])
    assert not phone.stages(Stage.LOCATION_SENT)


def test_a_call_that_dsci_ends_is_dialled_again_at_once(make_phone: MakePhone) -> None:
    phone = make_phone(board="pico_w_eg25")
    phone.modem.answers["AT+CLCC=1"] = "ERROR"
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(20.5)
    phone.modem.calls = []
    phone.modem.say("^DSCI: 2,0,6,0,+447700900001,145")
    ended_us = phone.kernel.now_us
    phone.run(3)
    assert 0 < phone.dialled_us()[1] - ended_us < 0.2 * S


def test_a_data_bearer_in_the_list_of_calls_is_no_call(make_phone: MakePhone) -> None:
    phone = make_phone(board="pico_w_eg25")
    phone.modem.fates = ["is_refused", "is_answered"]
    listed = phone.modem._listed

    def with_bearer() -> str:
        return "\r\n\r\n".join(['+CLCC: 1,0,0,1,0,"",128', *map(listed, phone.modem.calls), "OK"])

    phone.modem.answers["AT+CLCC"] = with_bearer
    phone.press()
    phone.run(20)
    assert len(phone.dialled_us()) == 2
    assert phone.notices() == [Notice.RAISED, Notice.RETRYING, Notice.CONNECTED]


WITH_RECEIVER = """
import time
from machine import UART
from drivers.serial import SerialPort
from tocsin.location.receiver import Receiver

class WithReceiver(LilygoTA7670):
    def receiver(self, fix, on_fix):
        uart = UART(2, baudrate=9600, tx=Pin(21), rx=Pin(22), rxbuf=1024)
        return Receiver(SerialPort(uart, 9600), fix, time, on_fix)

def build():
    return Handset(WithReceiver(), A76xx)
"""
EPOCH = (
    "$GNRMC,120000.00,A,5030.7404,N,00252.5924,W,0.0,,010126,,,A*%s\r\n"
    "$GNGGA,120000.00,5030.7404,N,00252.5924,W,1,09,0.9,1.0,M,47.0,M,,*%s\r\n"
)


def test_a_receiver_on_its_own_line_gives_the_fix_and_the_modems_stays_off(
    make_phone: MakePhone, tmp_path: Path
) -> None:
    root = tmp_path / "firmware"
    shutil.copytree(firmware_root(), root)
    board = root / "boards/lilygo_t_a7670/board.py"
    board.write_text(board.read_text() + WITH_RECEIVER)
    phone = make_phone(firmware=root, config={"text_number": TEXT_NUMBER})
    phone.press()
    for second in range(12):
        lines = EPOCH.replace("120000", f"1200{second:02d}").split("\r\n")
        data = "".join(f"{line[:-2]}{checksum(line)}\r\n" for line in lines if line)
        phone.kernel.after(second * S, phone.handset.uart(2).send, data.encode())
    phone.modem.fates = ["is_answered"]
    phone.run(15)
    assert phone.stages(Stage.FIX_ACQUIRED)
    assert phone.stages(Stage.LOCATION_SENT)
    assert not phone.modem.times_us("AT+CGNSSPWR")


def checksum(line: str) -> str:
    total = 0
    for char in line[1 : line.index("*")]:
        total ^= ord(char)
    return f"{total:02X}"
