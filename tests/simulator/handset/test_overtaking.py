"""What is urgent overtakes bulk on the line of the real firmware, either way.

At most one bulk frame begins after an urgent message was queued, whatever else is queued.
"""

from __future__ import annotations

import itertools

import pytest

from tocsin_host import wire
from tocsin_host.conversation.requests import Answer
from tocsin_host.wire import CONFIG, Stage

from .conftest import MakePhone, Phone
from .conversation_on_line import NORMAL, URGENT, ConversationOnLine, Seen, Upload
from .test_session import KEYS
from .test_transfer_cut import file_of, talk_on

S = 1_000_000
MARK_PIN = 15  # of nothing else on this board
LONGEST_FRAME_US = 519 * 87
AHEAD_US = 3_000
ENTRIES = 40

# The firmware as it is, but for a pin that changes when a message of the urgent lane is queued.
MARKS_URGENT = f"""
from machine import Pin
from tocsin.link import channel
pin = Pin({MARK_PIN}, Pin.OUT, value=0)
send = channel.Channel.send
def marked(self, data, n, lane=0):
    is_queued = send(self, data, n, lane)
    if is_queued and lane == channel.URGENT:
        pin.value(not pin.value())
    return is_queued
channel.Channel.send = marked
from board import run
run()
"""


def first_ahead(frames: list[Seen], queued_us: float, which: int = 0) -> tuple[int, Seen]:
    """How many bulk frames begin from then on until an urgent one does, and that."""
    urgent = [each for each in frames if each.lane == URGENT][which]
    ahead = [
        each
        for each in frames
        if each.lane == NORMAL and queued_us <= each.begin_us < urgent.begin_us
    ]
    return len(ahead), urgent


# From the host


@pytest.mark.parametrize("after_us", range(200_000, 300_000, 9_700))
def test_an_urgent_request_overtakes_the_hosts_own_upload(
    make_phone: MakePhone, after_us: int
) -> None:
    phone = make_phone(config=dict(KEYS))
    talk = talk_on(phone)
    talk.open()
    upload = Upload(talk, file_of(1) * 4)
    phone.kernel.run_until(phone.kernel.now_us + after_us)
    assert not upload.is_over
    queued_us = phone.kernel.now_us
    assert isinstance(talk.ask(wire.ActivationGet()), wire.ActivationState)
    assert wire.ActivationGet.LANE is wire.Lane.URGENT
    ahead, urgent = first_ahead(talk.sent, queued_us)
    assert ahead == 0
    assert urgent.begin_us - queued_us <= LONGEST_FRAME_US
    assert phone.kernel.now_us - queued_us < 0.3 * S, "and it is answered before the rest"
    assert not upload.is_over
    talk.run(lambda: upload.is_over)
    assert upload.is_done


# From the handset


def read_for_ever(talk: ConversationOnLine) -> None:
    """Keep a handful of questions for the journal under way."""

    def again(_: Answer) -> None:
        talk.conversation.ask(wire.JournalGet(0), again)

    for _ in range(4):
        talk.put(wire.JournalGet(0), again)


def fill_journal(talk: ConversationOnLine) -> None:
    """Have the handset note so many changes of a setting."""
    field = CONFIG["hold_ms"]
    for number in range(ENTRIES):
        entry = wire.ConfigEntry(field.key, field.encode(1000 + number % 2))
        assert isinstance(talk.ask(wire.ConfigSet([entry])), wire.ConfigApplied)


def marked(phone: Phone) -> list[int]:
    """When urgent messages are queued on the handset, from now on."""
    times_us: list[int] = []
    pin = phone.handset.pin(MARK_PIN)
    pin.on_change(lambda _: times_us.append(phone.kernel.now_us))
    return times_us


@pytest.mark.parametrize("after_s", [0.0, 0.007, 0.013, 0.021, 0.034, 0.055])
def test_events_of_a_press_overtake_a_journal_that_is_being_read(
    make_phone: MakePhone, after_s: float
) -> None:
    phone = make_phone(MARKS_URGENT, config=dict(KEYS))
    talk = talk_on(phone)
    talk.open()
    fill_journal(talk)
    assert isinstance(talk.ask(wire.TraceSubscribe(1)), wire.TraceSubscribed)
    read_for_ever(talk)
    phone.run(0.5 + after_s)
    talk.seen.clear()
    queued_us = marked(phone)
    pressed_us = phone.press()
    phone.run(8)
    stages = [each.code for each in talk.events if isinstance(each, wire.TraceEvent)]
    assert {Stage.PRESSED, Stage.RECOGNISED, Stage.DIALLED} <= set(stages)
    assert 1.0 * S < phone.dialled_us()[0] - pressed_us < 1.1 * S
    assert len([each for each in talk.seen if each.lane == NORMAL]) > 20, "all along"
    for number, each_us in enumerate(queued_us):
        ahead, urgent = first_ahead(talk.seen, each_us, number)
        assert ahead <= 1
        queue_us = urgent.begin_us - each_us
        own_us = (number_before(queued_us, each_us, S // 20)) * LONGEST_FRAME_US
        assert queue_us <= LONGEST_FRAME_US + AHEAD_US + own_us
    assert len(queued_us) == len(stages)
    assert phone.handset.log == ""


def number_before(times_us: list[int], t_us: int, window_us: int) -> int:
    """How many were shortly before."""
    return len(list(itertools.filterfalse(lambda t: not t_us - window_us <= t < t_us, times_us)))


@pytest.mark.parametrize("after_s", [0.0, 0.011, 0.029, 0.047])
def test_events_of_a_press_come_at_once_during_an_upload(
    make_phone: MakePhone, after_s: float
) -> None:
    phone = make_phone(MARKS_URGENT, config=dict(KEYS))
    talk = talk_on(phone)
    talk.open()
    assert isinstance(talk.ask(wire.TraceSubscribe(1)), wire.TraceSubscribed)
    upload = Upload(talk, file_of(1) * 20)
    phone.run(0.3 + after_s)
    queued_us = marked(phone)
    phone.press()
    phone.run(4)
    assert upload.is_over
    assert not upload.is_done
    assert isinstance(upload.refusal, wire.Failure)
    assert upload.refusal.code == wire.FailureCode.BUSY
    stages = [each.code for each in talk.events if isinstance(each, wire.TraceEvent)]
    assert {Stage.PRESSED, Stage.RECOGNISED, Stage.DIALLED} <= set(stages)
    for number, each_us in enumerate(queued_us):
        ahead, _ = first_ahead(talk.seen, each_us, number)
        assert ahead == 0
