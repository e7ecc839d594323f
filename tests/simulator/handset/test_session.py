"""The session of the real firmware, spoken to by the host's own channel and session.

Acceptance: a session is refused to, or ended by, whatever does not hold the key or is not as it
was sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import random
from collections.abc import Callable

import pytest

from tocsin_host import wire
from tocsin_host.channel import ChannelClosedError
from tocsin_host.session import Credential
from tocsin_host.wire import FailureCode, Role
from tocsin_protocol.frame import encode_frame
from tocsin_sim.vm.flash import create_flash

from .conftest import FACTS, MakePhone, Phone
from .host_on_line import HostOnLine

TECHNICIAN = Credential(Role.TECHNICIAN, bytes(range(32)))
FACTORY = Credential(Role.FACTORY, bytes(range(1, 33)))
FIXTURE = Credential(Role.FIXTURE, bytes(range(2, 34)))
STRANGER = Credential(Role.TECHNICIAN, bytes(32))
UNCLAIMED = Credential(Role.FACTORY, hashlib.sha256(b"tocsin unclaimed handset").digest())
KEYS = {"technician_key": TECHNICIAN.key, "factory_key": FACTORY.key, "fixture_key": FIXTURE.key}
DATA, NORMAL, URGENT = 0x00, 0, 1
SECOND_US = 1_000_000

MakeHost = Callable[[Phone], HostOnLine]


def on(phone: Phone) -> HostOnLine:
    """Return a host that has just been plugged in."""
    return HostOnLine(phone.kernel, phone.handset.uart(FACTS.LINK_UART))


@pytest.fixture
def phone(make_phone: MakePhone) -> Phone:
    """Return a claimed handset."""
    return make_phone(config=dict(KEYS))


@pytest.fixture
def host(phone: Phone) -> HostOnLine:
    """Return a host with a session as technician."""
    host = on(phone)
    host.open(TECHNICIAN)
    return host


def code_of(message: wire.Message) -> FailureCode:
    assert isinstance(message, wire.Failure), message
    return FailureCode(message.code)


def all_is_well(phone: Phone, host: HostOnLine) -> None:
    """See that a new connection is served, and that nothing has gone wrong."""
    host.connect()
    host.open(TECHNICIAN)
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)
    assert phone.handset.log == ""
    assert phone.handset.stats.boots == 1


# Opening


@pytest.mark.parametrize("credential", [TECHNICIAN, FACTORY, FIXTURE])
def test_each_role_opens_a_session_with_its_key(phone: Phone, credential: Credential) -> None:
    host = on(phone)
    reply = host.open(credential)
    check = hmac.digest(credential.key, b"tocsin hello" + reply.salt, "sha256")
    assert reply.key_check == check[:4]
    info = host.ask(wire.InfoGet())
    assert isinstance(info, wire.Info)
    assert info.identity == 7001


def test_no_greeting_is_like_another(phone: Phone) -> None:
    host = on(phone)
    replies = [host.greet(Role.TECHNICIAN) for _ in range(3)]
    assert len({reply.salt for reply in replies if isinstance(reply, wire.HelloReply)}) == 3


def test_another_key_is_refused_and_the_right_one_still_opens(phone: Phone) -> None:
    host = on(phone)
    host.greet(Role.TECHNICIAN)
    assert code_of(host.shake(STRANGER)) is FailureCode.AUTHENTICATION
    assert code_of(host.shake(TECHNICIAN)) is FailureCode.AUTHENTICATION  # a greeting serves once
    host.open(TECHNICIAN)
    all_is_well(phone, host)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_greeting_altered_on_the_way_breaks_the_handshake(phone: Phone, at: int) -> None:
    host = on(phone)
    host.greet(Role.TECHNICIAN)
    host.alter_hello(at)
    assert code_of(host.shake(TECHNICIAN)) is FailureCode.AUTHENTICATION


def test_a_role_without_a_key_is_refused(make_phone: MakePhone) -> None:
    host = on(make_phone(config={"factory_key": FACTORY.key}))
    assert code_of(host.greet(Role.TECHNICIAN)) is FailureCode.NO_KEY
    assert code_of(host.greet(Role.FIXTURE)) is FailureCode.NO_KEY
    host.open(FACTORY)


def test_a_request_without_a_session_is_refused(phone: Phone) -> None:
    host = on(phone)
    assert code_of(host.ask(wire.InfoGet())) is FailureCode.NO_SESSION
    assert code_of(host.ask(wire.HandshakeStart(bytes(48)))) is FailureCode.NO_SESSION
    host.greet(Role.TECHNICIAN)
    assert code_of(host.ask(wire.InfoGet())) is FailureCode.NO_SESSION


def test_another_major_version_is_refused(phone: Phone) -> None:
    host = on(phone)
    assert code_of(host.ask(wire.Hello(2, 0, Role.TECHNICIAN))) is FailureCode.VERSION


def test_an_unclaimed_handset_says_what_it_is_to_whoever_asks_and_nothing_else(
    make_phone: MakePhone,
) -> None:
    host = on(make_phone())
    assert code_of(host.greet(Role.TECHNICIAN)) is FailureCode.NO_KEY
    host.open(UNCLAIMED)
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)
    assert isinstance(host.ask(wire.StatusGet()), wire.Status)
    assert code_of(host.ask(wire.ConfigGet(3))) is FailureCode.UNCLAIMED
    assert code_of(host.ask(wire.TraceSubscribe(1))) is FailureCode.UNCLAIMED


def test_a_handset_with_damaged_settings_is_nobodys_and_says_so_in_its_journal(
    phone: Phone,
) -> None:
    phone.handset.power_cut()
    create_flash(phone.flash_path, {"/config": (phone.stored("/config") or b"")[:-1]})
    phone.handset.power_on()
    phone.run(3)
    host = on(phone)
    assert code_of(host.greet(Role.FACTORY)) is FailureCode.NO_KEY
    assert wire.JournalKind.FAULT in phone.journal()


def test_a_claimed_handset_does_not_know_the_published_key(phone: Phone) -> None:
    host = on(phone)
    host.greet(Role.FACTORY)
    assert code_of(host.shake(UNCLAIMED)) is FailureCode.AUTHENTICATION


# In a session


def test_what_a_role_may_not_send_is_refused_and_the_session_goes_on(phone: Phone) -> None:
    host = on(phone)
    host.open(FIXTURE)
    assert code_of(host.ask(wire.ConfigSet([]))) is FailureCode.NOT_ALLOWED
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)


def test_an_unknown_and_a_broken_message_are_refused_and_the_session_goes_on(
    host: HostOnLine,
) -> None:
    host.send_plain(bytes((0x3F, 200)))
    assert code_of(host.reply_to(200)) is FailureCode.UNKNOWN_MESSAGE
    host.send_plain(bytes((wire.ConfigSet.ID, 201, 9)))
    assert code_of(host.reply_to(201)) is FailureCode.MALFORMED
    host.send_plain(b"")
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)


def test_answers_come_on_the_lane_that_was_asked_on(host: HostOnLine) -> None:
    for urgent in (False, True):
        host.received.clear()
        host.ask(wire.InfoGet(), urgent=urgent)
        assert [each[0] for each in host.received if each[0] in (NORMAL, URGENT)] == [urgent]


def test_an_urgent_answer_waits_behind_one_frame_on_the_line_and_one_handed_over(
    host: HostOnLine,
) -> None:
    for _ in range(12):
        host.send(wire.InfoGet())
    urgent = host.send(wire.InfoGet(), urgent=True)
    host.run(lambda: len(host.arrived_us[URGENT]) > 0)
    asked_us = host.sent_us[URGENT][-1]
    ahead = [t_us for t_us in host.arrived_us[NORMAL] if t_us > asked_us]
    assert len(ahead) <= 2
    assert isinstance(host.reply_to(urgent), wire.Info)
    host.run(lambda: len(host.arrived_us[NORMAL]) >= 12)


def flipped(box: bytes) -> bytes:
    return bytes((box[0] ^ 1,)) + box[1:]


def sealed(host: HostOnLine, lane: wire.Lane = wire.Lane.NORMAL) -> bytes:
    assert host.lanes is not None
    return host.lanes.seal(bytes((wire.InfoGet.ID, 9)), lane)


ATTACKS: dict[str, Callable[[HostOnLine], list[bytes]]] = {
    "a flipped bit": lambda host: [flipped(sealed(host))],
    "a flipped bit in the tag": lambda host: [flipped(sealed(host)[::-1])[::-1]],
    "a cut message": lambda host: [sealed(host)[:-1]],
    "a cut tag": lambda host: [sealed(host)[:15]],
    "nothing": lambda host: [b""],
    "a repeat": lambda host: [sealed(host)] * 2,
    "the wrong order": lambda host: [sealed(host), sealed(host)][::-1],
    "a message left out": lambda host: [sealed(host), sealed(host)][1:],
    "the other lane's": lambda host: [sealed(host, wire.Lane.URGENT)],
    "plain text": lambda host: [bytes((wire.InfoGet.ID, 9))],
    "a greeting": lambda host: [
        bytes((wire.Hello.ID, 9)) + wire.Hello(1, 1, Role.TECHNICIAN).encode()
    ],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_message_that_does_not_open_ends_the_session(
    phone: Phone, host: HostOnLine, attack: str
) -> None:
    for box in ATTACKS[attack](host):
        host.send_box(box)
    with pytest.raises(ChannelClosedError):
        host.run(lambda: False)
    all_is_well(phone, host)


def test_what_a_session_sent_is_worth_nothing_in_the_next(phone: Phone, host: HostOnLine) -> None:
    box = sealed(host)
    host.connect()
    host.open(TECHNICIAN)
    host.send_box(box)
    with pytest.raises(ChannelClosedError):
        host.run(lambda: False)
    all_is_well(phone, host)


def test_used_up_nonces_end_the_session(make_phone: MakePhone) -> None:
    phone = make_phone(FEW_NONCES, config=dict(KEYS))
    host = on(phone)
    host.open(TECHNICIAN)
    for _ in range(3):
        assert isinstance(host.ask(wire.InfoGet()), wire.Info)
    with pytest.raises(ChannelClosedError):
        host.ask(wire.InfoGet())


FEW_NONCES = """
from tocsin.link import lanes
lanes._COUNTER_END = 3
from board import run
run()
"""


# The trace


def test_events_are_told_in_clear_until_a_session_asks_for_them(
    phone: Phone, host: HostOnLine
) -> None:
    phone.press()
    phone.run(5)
    told = len(phone.events)
    assert phone.stages(wire.Stage.DIALLED)
    assert isinstance(host.ask(wire.TraceSubscribe(1)), wire.TraceSubscribed)
    phone.press()
    phone.run(5)
    assert len(phone.events) == told
    assert {each.ID for each in host.events} == {wire.TraceEvent.ID}
    assert host.events
    host.send(wire.SessionEnd())
    phone.run(1)
    phone.press()
    phone.run(5)
    assert len(phone.events) > told


def test_events_have_consecutive_numbers_across_a_subscription(
    phone: Phone, host: HostOnLine
) -> None:
    host.ask(wire.TraceSubscribe(1))
    phone.press()
    phone.run(8)
    host.ask(wire.TraceSubscribe(0))
    phone.press()
    phone.run(8)
    told = [each for each in host.events if isinstance(each, wire.TraceEvent)]
    sequences = [each.sequence for each in (*told, *phone.events)]
    assert sorted(sequences) == list(range(len(sequences)))


# Its end


def test_the_end_of_a_session_is_acknowledged(host: HostOnLine) -> None:
    host.send(wire.SessionEnd())
    host.run(lambda: host.channel.is_idle, SECOND_US)


def test_after_its_end_a_session_answers_nothing(phone: Phone, host: HostOnLine) -> None:
    host.send(wire.SessionEnd())
    host.run(lambda: host.channel.is_idle)
    with pytest.raises(ChannelClosedError):
        host.ask(wire.InfoGet())
    all_is_well(phone, host)


def test_a_silent_host_loses_its_session_after_ten_minutes(host: HostOnLine, phone: Phone) -> None:
    phone.run(590)
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)
    phone.run(610)
    with pytest.raises(ChannelClosedError):
        host.ask(wire.InfoGet())


TELLS_ITS_HEAP = """
import asyncio, gc, sys
async def tell():
    while True:
        await asyncio.sleep(1)
        gc.collect()
        modules = [name for name in sys.modules if name.startswith("tocsin.")]
        if "tocsin.crypto.viper" in modules:  # stays, see test_service_mode.py
            modules.remove("tocsin.crypto.viper")
        print(gc.mem_alloc(), len(modules))
asyncio.create_task(tell())
from board import run
run()
"""


def test_all_memory_comes_back_after_every_session(make_phone: MakePhone) -> None:
    phone = make_phone(TELLS_ITS_HEAP, config=dict(KEYS))

    def told() -> tuple[int, int]:
        phone.run(3)
        octets, modules = phone.handset.log.splitlines()[-1].split()
        return int(octets), int(modules)

    _, resident = told()
    host = on(phone)
    heap = []
    for _ in range(20):
        host.connect()
        host.open(TECHNICIAN)
        host.ask(wire.InfoGet())
        assert told()[1] > resident
        host.send(wire.SessionEnd())
        octets, modules = told()
        assert modules == resident
        heap.append(octets)
    # The first session leaves what MicroPython keeps for good: the names of what was loaded.
    assert sorted(heap[-9:])[4] - sorted(heap[1:10])[4] < 1024


@pytest.mark.parametrize("is_anew", [True, False])
def test_whoever_shows_no_key_is_served_for_a_minute_and_a_technician_afterwards(
    make_phone: MakePhone, *, is_anew: bool
) -> None:
    phone = make_phone(TELLS_ITS_HEAP.replace("sleep(1)", "sleep_ms(100)"), config=dict(KEYS))
    resident = modules_loaded(phone)[-1]
    told = len(modules_loaded(phone))
    host = on(phone)
    for _ in range(13):
        if is_anew:
            host.connect()
        with contextlib.suppress(ChannelClosedError):
            host.greet(Role.TECHNICIAN)
        phone.run(5)
    loaded = [each > resident for each in modules_loaded(phone)[told:]]
    assert loaded.index(False, 10) in range(600, 650)
    phone.run(10)
    host.connect()
    host.open(TECHNICIAN)
    phone.run(90)
    assert isinstance(host.ask(wire.InfoGet()), wire.Info)


def test_a_host_after_a_long_session_has_its_minute_too(phone: Phone, host: HostOnLine) -> None:
    phone.run(120)
    host.connect()
    host.greet(Role.TECHNICIAN)
    phone.run(8)
    host.open(TECHNICIAN)
    phone.run(120)
    host.send(wire.SessionEnd())
    host.run(lambda: host.channel.is_idle)
    began_us = phone.kernel.now_us
    host.connect()
    host.greet(Role.TECHNICIAN)
    assert phone.kernel.now_us - began_us < SECOND_US


def modules_loaded(phone: Phone) -> list[int]:
    """The handset's own modules in memory, each time it told."""
    return [int(line.split()[1]) for line in phone.handset.log.splitlines()]


@pytest.mark.parametrize("is_subscribed", [True, False])
def test_a_host_that_falls_silent_costs_no_fault_and_the_next_one_is_served(
    phone: Phone, *, is_subscribed: bool
) -> None:
    host = on(phone)
    host.open(TECHNICIAN)
    if is_subscribed:
        host.ask(wire.TraceSubscribe(1))
    host.send(wire.InfoGet())
    host.fall_silent()
    phone.press()
    phone.run(60)
    assert phone.handset.log == ""
    assert len(phone.dialled_us()) > 0
    host.connect()
    host.open(TECHNICIAN)
    status = host.ask(wire.StatusGet())
    assert isinstance(status, wire.Status)
    assert status.faults == 0


def test_noise_never_ends_the_link(phone: Phone) -> None:
    dice = random.Random(7)
    host = on(phone)
    for round_number in range(30):
        if round_number % 3 == 0:
            host.connect()
            host.open(TECHNICIAN)
        host.raw(dice.randbytes(dice.randrange(2000)) + b"\0")
        host.raw(encode_frame(dice.randbytes(dice.randrange(64))))
        head = bytes((dice.choice((0, 1, 0x10, 0x40, 0x41, 0x50)), *dice.randbytes(3)))
        host.raw(encode_frame(head + dice.randbytes(dice.randrange(500))))
        phone.run(dice.random())
    phone.run(5)
    all_is_well(phone, host)
