"""What the real firmware answers in a session, and what it does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from tests.simulator.handset.conftest import CALL_NUMBER, FACTS, Answer, MakePhone, Phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import (
    FACTORY,
    FIXTURE,
    KEYS,
    TECHNICIAN,
    UNCLAIMED,
    code_of,
    on,
)

from tocsin_host import wire
from tocsin_host.channel import ChannelClosedError
from tocsin_host.session import Credential
from tocsin_host.wire import (
    CONFIG,
    FailureCode,
    GnssState,
    JournalKind,
    Outcome,
    Priority,
    Registration,
    Role,
    Stage,
    TimeSource,
    TransferKind,
)

from .asking import (
    FILE,
    FLASH_BYTES,
    MS,
    NOBODY,
    S,
    entry,
    host_of,
    power_cycle,
)

# About


def test_info_and_status_tell_what_is_true(phone: Phone, host: HostOnLine) -> None:
    info = host.ask(wire.InfoGet())
    assert isinstance(info, wire.Info)
    assert (info.identity, info.issued, info.board) == (7001, 1, FACTS.NAME)
    assert info.imei == "861234567890123"
    running_ms = (phone.kernel.now_us - phone.boots_us[0]) // MS
    assert info.uptime_s == info.ticks_ms // 1000
    assert abs(info.ticks_ms - running_ms) < 100
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert (status.battery_mv, status.battery_pct) == (4000, info.battery_pct) == (4000, 82)
    assert (status.registration, status.signal_dbm) == (Registration.HOME, -73)
    assert (status.gnss, status.fix_age_s) == (GnssState.OFF, 65535)
    assert (status.is_open, status.activation, status.faults) == (0, 0, 0)
    assert (status.journal_next, status.journal_acked) == (len(phone.journal()) + 1, 0)
    assert host.ask(wire.JournalAck(1)) == wire.JournalAcked(1)
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert status.journal_acked == 1
    assert 800_000 < status.storage_free_bytes < FLASH_BYTES


def test_status_knows_the_network_by_circuits_alone_and_for_emergencies_only(
    phone: Phone, host: HostOnLine
) -> None:
    phone.modem.answers["AT+CEREG?"] = "+CEREG: 1,0\r\n\r\nOK"
    phone.modem.answers["AT+CREG?"] = "+CREG: 1,5\r\n\r\nOK"
    phone.modem.answers["AT+CSQ"] = "+CSQ: 99,99\r\n\r\nOK"
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert (status.registration, status.signal_dbm) == (Registration.ROAMING, 0)
    phone.modem.answers = {"AT+CEREG?": "+CEREG: 1,11\r\n\r\nOK", "AT+CREG?": "ERROR"}
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert status.registration == Registration.EMERGENCY_ONLY
    phone.modem.answers = {"AT+CEREG?": "ERROR", "AT+CREG?": "ERROR"}
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert status.registration == Registration.UNKNOWN


@pytest.mark.parametrize("command", ["AT+CEREG?", "AT+CSQ"])
def test_a_session_cut_while_the_modem_is_asked_leaves_its_line_in_order(
    phone: Phone, host: HostOnLine, command: str
) -> None:
    def late(answer: Answer) -> Callable[[], None]:
        def say() -> None:
            phone.modem.after(0.6, phone.modem.say, answer)

        return say

    for line in ("AT+CEREG?", "AT+CSQ"):
        phone.modem.answers[line] = late(phone.modem.answers[line])
    asked = len(phone.modem.times_us(command))
    host.send(wire.StatusGet())
    host.run(lambda: len(phone.modem.times_us(command)) > asked)
    host.connect()
    host.open(TECHNICIAN)
    for _ in range(2):
        status = host.ask(wire.StatusGet())
        assert isinstance(status, wire.Status)
        assert (status.registration, status.signal_dbm) == (Registration.HOME, -73)
    phone.press()
    phone.run(3)
    assert len(phone.dialled_us()) == 1
    assert phone.handset.log == ""


def test_status_of_an_alarm_with_a_fix_asks_the_modem_nothing(
    phone: Phone, host: HostOnLine
) -> None:
    phone.press()
    phone.run(5)
    sentences = (
        b"$GNRMC,120003.00,A,5130.0000,N,00007.0000,W,0.0,0.0,010126,,,A*6D",
        b"$GNGGA,120003.00,5130.0000,N,00007.0000,W,1,08,1.0,40.0,M,47.0,M,,*6F",
    )
    for sentence in sentences:
        body = sentence[1:].split(b"*")[0]
        check = 0
        for octet in body:
            check ^= octet
        phone.modem.raw(b"$%s*%02X\r\n" % (body, check))
    phone.run(4)
    asked = len(phone.modem.times_us("AT+CSQ"))
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert len(phone.modem.times_us("AT+CSQ")) == asked
    assert (status.is_open, status.activation) == (1, phone.stages(Stage.DIALLED)[0].value or 1)
    assert status.gnss == GnssState.FIXED
    assert status.fix_age_s in (3, 4)


def test_restart_comes_after_its_answer_and_ends_the_session(
    phone: Phone, host: HostOnLine
) -> None:
    assert isinstance(host.ask(wire.Restart()), wire.Restarting)
    phone.run(5)
    assert phone.handset.stats.boots == 2
    with pytest.raises((ChannelClosedError, TimeoutError)):
        host.ask(wire.InfoGet())


@pytest.mark.parametrize("later_ms", [0, 200, 450, 700])
def test_a_host_that_connects_while_the_handset_restarts_is_served_by_the_new_boot(
    phone: Phone, host: HostOnLine, later_ms: int
) -> None:
    assert isinstance(host.ask(wire.Restart()), wire.Restarting)
    host.send(wire.SessionEnd())
    host.run(lambda: host.channel.is_idle)
    host.fall_silent()
    phone.run(later_ms / 1000)
    other = on(phone)
    other.open(TECHNICIAN)
    assert phone.handset.stats.boots == 2
    assert isinstance(other.ask(wire.InfoGet()), wire.Info)


def test_a_restart_that_an_alarm_puts_off_keeps_no_host_out(phone: Phone, host: HostOnLine) -> None:
    assert isinstance(host.ask(wire.Restart()), wire.Restarting)
    host.fall_silent()
    phone.press()
    phone.run(3)
    assert phone.dialled_us()
    other = on(phone)
    other.open(TECHNICIAN)
    status = other.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert (status.is_open, phone.handset.stats.boots) == (1, 1)


# Settings


def test_settings_are_changed_told_reset_and_kept(phone: Phone, host: HostOnLine) -> None:
    change = wire.ConfigSet([entry("hold_ms", 700), entry("text_number", NOBODY)])
    assert host.ask(change) == wire.ConfigApplied(2)
    value = host.ask(wire.ConfigGet(CONFIG["hold_ms"].key))
    assert value == wire.ConfigValue(CONFIG["hold_ms"].key, 0, CONFIG["hold_ms"].encode(700))
    pressed_us = phone.press(hold_s=0.8)
    phone.run(1)
    assert 0.7 * S < phone.dialled_us()[0] - pressed_us < 0.8 * S
    power_cycle(phone, host)
    diff = host.ask(wire.ConfigDiffGet(0))
    assert isinstance(diff, wire.ConfigDiff)
    told = {each.key: each.value for each in diff.entries}
    assert told[CONFIG["text_number"].key] == NOBODY.encode()
    assert told[CONFIG["factory_key"].key] == b""
    assert list(told) == sorted(told)
    assert not diff.more


def test_reset_leaves_the_handset_itself(phone: Phone, host: HostOnLine) -> None:
    host.ask(wire.ConfigSet([entry("hold_ms", 700)]))
    assert isinstance(host.ask(wire.ConfigReset(b"")), wire.ConfigApplied)
    assert isinstance(host.ask(wire.ConfigReset(bytes([CONFIG["issued"].key]))), wire.Failure)
    power_cycle(phone, host)
    info = host.ask(wire.InfoGet())
    assert isinstance(info, wire.Info)
    assert (info.identity, info.issued) == (7001, 1)
    number = host.ask(wire.ConfigGet(CONFIG["call_number"].key))
    assert isinstance(number, wire.ConfigValue)
    assert (number.is_default, number.value) == (1, b"")


@pytest.mark.parametrize("name", ["identity", "issued", "report_key", "factory_key"])
def test_only_the_factory_sets_what_makes_it_this_handset(phone: Phone, name: str) -> None:
    value: dict[str, bool | int | bytes] = {"identity": 7002, "issued": False}
    change = wire.ConfigSet([entry("hold_ms", 700), entry(name, value.get(name, bytes(32)))])
    host = host_of(phone)
    assert code_of(host.ask(change)) == FailureCode.READ_ONLY
    assert host.ask(wire.ConfigGet(CONFIG["hold_ms"].key)) == wire.ConfigValue(
        CONFIG["hold_ms"].key, 1, CONFIG["hold_ms"].encode(1000)
    )
    host.connect()
    host.open(FACTORY)
    assert isinstance(host.ask(change), wire.ConfigApplied)


def test_not_even_the_factory_takes_the_factorys_key_away(phone: Phone) -> None:
    host = host_of(phone, FACTORY)
    key = CONFIG["factory_key"].key
    for request in (
        wire.ConfigSet([wire.ConfigEntry(key, b"")]),
        wire.ConfigReset(bytes([key])),
    ):
        assert code_of(host.ask(request)) == FailureCode.READ_ONLY
    assert isinstance(
        host.ask(wire.ConfigSet([entry("factory_key", bytes(32))])), wire.ConfigApplied
    )
    host.connect()
    host.open(Credential(Role.FACTORY, bytes(32)))


LISTS_AREAS = """
import asyncio, sys
async def tell():
    while True:
        await asyncio.sleep_ms(100)
        print([name for name in sys.modules if name.startswith("tocsin.link.handlers.")])
asyncio.create_task(tell())
from board import run
run()
"""


def test_what_a_role_may_not_ask_is_not_even_loaded(make_phone: MakePhone) -> None:
    phone = make_phone(LISTS_AREAS, config=dict(KEYS))
    host = host_of(phone, FIXTURE)
    change = wire.ConfigSet([entry("hold_ms", 700)])
    assert code_of(host.ask(change)) == FailureCode.NOT_ALLOWED
    phone.run(1)
    assert "handlers.quiet" in phone.handset.log
    assert "handlers.config" not in phone.handset.log
    assert isinstance(host.ask(wire.ConfigGet(CONFIG["hold_ms"].key)), wire.ConfigValue)
    phone.run(1)
    assert "handlers.config" in phone.handset.log


def test_a_refused_setting_is_answered_by_its_cause(host: HostOnLine) -> None:
    too_short = wire.ConfigEntry(CONFIG["hold_ms"].key, b"\x01")
    for request, code in (
        (wire.ConfigSet([too_short]), FailureCode.OUT_OF_RANGE),
        (wire.ConfigGet(99), FailureCode.UNKNOWN_KEY),
        (wire.ConfigReset(b"\x63"), FailureCode.UNKNOWN_KEY),
        (wire.ConfigGet(CONFIG["report_key"].key), FailureCode.SECRET),
    ):
        assert code_of(host.ask(request)) == code


# While an alarm is open


@pytest.mark.parametrize(
    "request_",
    [
        wire.ConfigSet([entry("hold_ms", 700)]),
        wire.ConfigReset(b""),
        wire.Restart(),
        wire.JournalAck(1),
        wire.TransferOpen(TransferKind.UPDATE, len(FILE), hashlib.sha256(FILE).digest()),
        wire.TestCall(60, 0),
        wire.UpdateApply(),
    ],
    ids=lambda request: type(request).__name__,
)
def test_what_touches_flash_is_refused_during_an_alarm(
    phone: Phone, request_: wire.Message
) -> None:
    phone.modem.fates = ["is_answered"]
    phone.press()
    phone.run(5)
    host = host_of(phone)
    assert code_of(host.ask(request_)) == FailureCode.BUSY
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    assert (state.is_open, state.priority) == (1, Priority.EMERGENCY)


# The journal


def test_journal_is_read_on_from_where_a_host_stopped_and_acknowledged(
    phone: Phone, host: HostOnLine
) -> None:
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(90)
    power_cycle(phone, host)
    lines: list[wire.JournalLine] = []
    following, oldest = 0, 1
    while True:
        reply = host.ask(wire.JournalGet(following))
        assert isinstance(reply, wire.JournalEntries)
        if not reply.entries:
            break
        assert len(reply.entries) <= 16
        lines += reply.entries
        following, oldest = reply.next_sequence, reply.oldest
    assert [line.sequence for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) > 16
    assert [line.kind for line in lines] == phone.journal()[: len(lines)]
    assert lines[0].kind == JournalKind.BOOT
    dialled = next(line for line in lines if line.kind == JournalKind.DIALLED)
    assert abs(dialled.utc_s - 1_767_268_800) < 100, "UTC of the network"
    assert oldest == 1
    assert code_of(host.ask(wire.JournalAck(9999))) == FailureCode.BUSY
    host.ask(wire.ActivationCancel(1))
    phone.run(30)
    assert host.ask(wire.JournalAck(9)) == wire.JournalAcked(9)
    assert host.ask(wire.JournalAck(3)) == wire.JournalAcked(9)
    assert code_of(host.ask(wire.JournalAck(9999))) == FailureCode.OUT_OF_RANGE


# The clock


def test_a_hosts_time_counts_until_there_is_a_better_one(make_phone: MakePhone) -> None:
    phone = make_phone(config=dict(KEYS), settle_s=0)
    phone.modem.answers["AT+CCLK?"] = '+CCLK: "80/01/06,00:00:00+00"\r\n\r\nOK'
    phone.run(3)
    host = host_of(phone)
    reply = host.ask(wire.TimeGet())
    assert isinstance(reply, wire.TimeReply)
    assert (reply.utc_s, reply.source) == (0, TimeSource.NONE)
    reply = host.ask(wire.TimeSet(1_800_000_000))
    assert isinstance(reply, wire.TimeReply)
    assert (reply.utc_s, reply.source) == (1_800_000_000, TimeSource.HOST)
    phone.run(10)
    reply = host.ask(wire.TimeGet())
    assert isinstance(reply, wire.TimeReply)
    assert 1_800_000_010 <= reply.utc_s <= 1_800_000_011


def test_a_host_does_not_overrule_the_network(host: HostOnLine) -> None:
    reply = host.ask(wire.TimeSet(1_800_000_000))
    assert isinstance(reply, wire.TimeReply)
    assert reply.source == TimeSource.NETWORK
    assert abs(reply.utc_s - 1_767_268_800) < 100


# Claim and return


def test_a_blank_handset_is_claimed_once_and_then_goes_by_its_own_keys(
    make_phone: MakePhone,
) -> None:
    phone = make_phone(config={"issued": False, "identity": 0})
    host = host_of(phone, UNCLAIMED)
    claim = wire.Claim(7002, FACTORY.key, TECHNICIAN.key, FIXTURE.key)
    claimed = host.ask(claim)
    assert isinstance(claimed, wire.Claimed)
    assert claimed.identity == 7002
    assert code_of(host.ask(claim)) == FailureCode.CLAIMED
    for credential in (FACTORY, TECHNICIAN, FIXTURE):
        host.connect()
        host.open(credential)
        info = host.ask(wire.InfoGet())
        assert isinstance(info, wire.Info)
        assert info.identity == 7002
    power_cycle(phone, host, FACTORY)
    assert code_of(host.ask(claim)) == FailureCode.CLAIMED


def test_a_returned_handset_knows_nothing_and_nobody(phone: Phone) -> None:
    phone.modem.fates = ["is_refused"]
    phone.press()
    phone.run(5)
    host = host_of(phone)
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    first_number = state.activation
    host.ask(wire.ActivationCancel(first_number))
    phone.run(15)
    host.connect()
    host.open(FACTORY)
    assert code_of(host.ask(wire.Wipe(7002))) == FailureCode.WRONG_IDENTITY
    assert host.ask(wire.Wipe(7001)) == wire.Wiped()
    dialled = len(phone.dialled_us())
    phone.press()
    phone.run(8)
    assert phone.handset.stats.boots == 2
    assert len(phone.dialled_us()) == dialled
    assert phone.journal() == [JournalKind.REFUSED, JournalKind.BOOT]
    host.connect()
    assert isinstance(host.greet(Role.TECHNICIAN), wire.Failure)
    host.connect()
    host.open(UNCLAIMED)
    info = host.ask(wire.InfoGet())
    assert isinstance(info, wire.Info)
    assert (info.identity, info.issued) == (0, 0)


# Test calls and cancels


def test_a_test_call_is_told_apart_and_cancelled_by_its_number(
    phone: Phone, host: HostOnLine
) -> None:
    state = host.ask(wire.TestCall(60, 0))
    assert isinstance(state, wire.ActivationState)
    assert (state.is_open, state.priority, state.attempt) == (1, Priority.TEST, 1)
    phone.run(3)
    assert phone.modem.numbers() == [CALL_NUMBER]
    wrong = wire.ActivationCancel(state.activation + 1)
    assert code_of(host.ask(wrong)) == FailureCode.NO_ACTIVATION
    state = host.ask(wire.ActivationCancel(state.activation))
    assert isinstance(state, wire.ActivationState)
    assert not state.is_open
    phone.run(2)
    assert len(phone.modem.times_us("AT+CHUP")) == 1
    assert [each.value for each in phone.stages(Stage.CLOSED)] == [Outcome.CANCELLED]
    again = wire.ActivationCancel(state.activation)
    assert code_of(host.ask(again)) == FailureCode.NO_ACTIVATION


def test_a_test_call_never_goes_before_a_press_that_is_being_judged(phone: Phone) -> None:
    host = host_of(phone)
    phone.press()
    phone.run(0.3)
    assert code_of(host.ask(wire.TestCall(60, 0))) == FailureCode.BUSY
    state = host.ask(wire.ActivationGet())
    assert isinstance(state, wire.ActivationState)
    assert (state.is_open, state.priority) == (1, Priority.EMERGENCY)


def test_a_handset_without_a_number_to_dial_makes_no_test_call(make_phone: MakePhone) -> None:
    phone = make_phone(config={**KEYS, "issued": False})
    host = host_of(phone)
    assert code_of(host.ask(wire.TestCall(60, 0))) == FailureCode.NOT_READY
    phone.run(5)
    assert phone.modem.numbers() == []
    phone = make_phone(config=dict(KEYS))
    host = host_of(phone)
    assert code_of(host.ask(wire.TestCall(60, 1))) == FailureCode.NOT_READY


def test_nothing_of_it_all_is_a_fault(phone: Phone, host: HostOnLine) -> None:
    for _ in range(3):
        for request in (
            wire.InfoGet(),
            wire.StatusGet(),
            wire.ConfigDiffGet(0),
            wire.TraceSubscribe(1),
            wire.JournalGet(0),
            wire.TransferOpen(TransferKind.DIAGNOSTIC, 10, bytes(32)),
            wire.ActivationGet(),
            wire.TimeGet(),
        ):
            assert not isinstance(host.ask(request), wire.Failure)
        host.connect()
        host.open(TECHNICIAN)
    assert phone.handset.log == ""
