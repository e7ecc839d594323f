"""Contacts as they bounce, stick and are held by unsteady hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.wire import JournalKind, Notice, Stage

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

MS = 1_000
S = 1_000_000
HOLD_MS = 1_000


def train(phone: Phone, count: int, closed_ms: float, open_ms: float, begin_s: float = 0.1) -> int:
    """Close and open the contact so many times; returns when it opens for the last time."""
    t_us = phone.kernel.now_us + round(begin_s * S)
    for _ in range(count):
        phone.contact(t_us, 0)
        phone.contact(t_us + round(closed_ms * MS), 1)
        t_us += round((closed_ms + open_ms) * MS)
    return t_us - round(open_ms * MS)


def assert_nothing_was_raised(phone: Phone) -> None:
    assert phone.dialled_us() == []
    assert phone.notices() == []
    assert phone.motor == []


def test_a_clean_press_dials_when_it_was_held_long_enough(make_phone: MakePhone) -> None:
    phone = make_phone()
    pressed_us = phone.press(hold_s=1.2)
    phone.run(3)
    [dialled_us] = phone.dialled_us()
    assert HOLD_MS * MS <= dialled_us - pressed_us <= HOLD_MS * MS + 20 * MS
    [pressed], [recognised] = phone.stages(Stage.PRESSED), phone.stages(Stage.RECOGNISED)
    assert pressed.t_ms == phone.handset.ticks_ms_at(pressed_us)
    assert 0 <= recognised.t_ms - pressed.t_ms - HOLD_MS <= 10


@pytest.mark.parametrize("bounces", [1, 4, 12])
def test_a_press_that_bounces_at_both_ends_counts_from_its_first_edge(
    make_phone: MakePhone, bounces: int
) -> None:
    phone = make_phone()
    first_us = phone.kernel.now_us + 100 * MS
    closed_us = train(phone, bounces, 0.5, 1.0) + 1 * MS
    phone.contact(closed_us, 0)
    phone.contact(first_us + 1_300 * MS, 1)
    train(phone, bounces, 0.5, 1.0, begin_s=1.401)
    phone.run(4)
    assert phone.stages(Stage.PRESSED)[0].t_ms == phone.handset.ticks_ms_at(first_us)
    assert len(phone.dialled_us()) == 1
    assert phone.notices() == [Notice.RAISED]


@pytest.mark.parametrize("gap_ms", [5, 20, 40])
def test_a_contact_that_opens_shortly_now_and_then_is_still_held(
    make_phone: MakePhone, gap_ms: int
) -> None:
    phone = make_phone()
    train(phone, 8, 170 - gap_ms, gap_ms)
    phone.run(4)
    assert len(phone.dialled_us()) == 1
    assert phone.notices() == [Notice.RAISED]


@pytest.mark.parametrize("hold_s", [0.2, 0.7, 0.93, 0.95, 0.99])
def test_a_press_let_go_before_its_time_raises_nothing_and_is_recorded(
    make_phone: MakePhone, hold_s: float
) -> None:
    phone = make_phone()
    phone.press(hold_s)
    phone.run(3)
    assert_nothing_was_raised(phone)
    assert phone.journal().count(JournalKind.GESTURE_REJECTED) == 1


@pytest.mark.parametrize("open_ms", [3, 7, 12, 17, 22, 25, 27, 30, 47, 100])
def test_a_train_of_40_contacts_of_3_ms_in_a_pocket_raises_nothing(
    make_phone: MakePhone, open_ms: int
) -> None:
    phone = make_phone()
    train(phone, 40, 3, open_ms)
    phone.run(8)
    assert_nothing_was_raised(phone)


def test_a_long_train_in_a_pocket_does_not_fill_the_journal(make_phone: MakePhone) -> None:
    phone = make_phone()
    train(phone, 400, 3, 22)
    phone.run(12)
    assert_nothing_was_raised(phone)
    assert phone.journal().count(JournalKind.GESTURE_REJECTED) <= 1


def test_a_press_right_after_a_train_counts(make_phone: MakePhone) -> None:
    phone = make_phone()
    ended_us = train(phone, 40, 3, 22)
    phone.press(hold_s=1.5, after_s=(ended_us - phone.kernel.now_us) / S + 0.02)
    phone.run(4)
    assert len(phone.dialled_us()) == 1


@pytest.mark.parametrize("gap_ms", [65, 75, 100, 300])
def test_a_press_after_a_slip_of_the_finger_counts_from_the_second_contact(
    make_phone: MakePhone, gap_ms: int
) -> None:
    phone = make_phone()
    phone.press(hold_s=0.3)
    pressed_us = phone.press(hold_s=2.5, after_s=0.3 + gap_ms / 1000)
    phone.run(4)
    [dialled_us] = phone.dialled_us()
    assert 0 <= dialled_us - pressed_us - HOLD_MS * MS <= 110 * MS


def test_a_stuck_button_raises_one_alarm_and_no_more_until_it_was_let_go(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.modem.fates = ["is_answered"]
    phone.press(hold_s=200)
    phone.run(190)
    assert len(phone.dialled_us()) == 1
    assert phone.notices() == [Notice.RAISED, Notice.CONNECTED]
    assert len(phone.boots_us) == 1
    phone.run(15)
    phone.press()
    phone.run(3)
    assert phone.notices()[-1] is Notice.ALREADY_RAISED


def test_a_button_held_while_the_handset_starts_raises_the_alarm(make_phone: MakePhone) -> None:
    phone = make_phone(settle_s=0)
    phone.handset.pin(32).drive(0)
    phone.contact(phone.kernel.now_us + 2 * S, 1)
    phone.run(5)
    assert phone.notices() == [Notice.RAISED]
    assert len(phone.dialled_us()) == 1


def test_a_press_in_its_hold_survives_a_restart_of_the_handset(make_phone: MakePhone) -> None:
    phone = make_phone()
    phone.press(hold_s=4)
    phone.run(0.5)
    phone.handset.power_cut()
    phone.handset.power_on()
    phone.run(5)
    assert len(phone.dialled_us()) == 1


@pytest.mark.parametrize("hold_ms", [500, 3_000])
def test_the_time_to_hold_is_the_configured_one(make_phone: MakePhone, hold_ms: int) -> None:
    phone = make_phone(config={"hold_ms": hold_ms})
    phone.press(hold_s=hold_ms / 1000 - 0.02)
    phone.run(5)
    assert phone.dialled_us() == []
    pressed_us = phone.press(hold_s=hold_ms / 1000 + 0.1)
    phone.run(5)
    [dialled_us] = phone.dialled_us()
    assert 0 <= dialled_us - pressed_us - hold_ms * MS <= 20 * MS


def test_a_second_press_while_an_alarm_is_open_says_so_and_dials_nothing(
    make_phone: MakePhone,
) -> None:
    phone = make_phone()
    phone.press()
    phone.run(5)
    phone.press()
    phone.run(5)
    assert phone.notices() == [Notice.RAISED, Notice.ALREADY_RAISED]
    assert len(phone.dialled_us()) == 1


@pytest.mark.parametrize("ticks_offset_ms", [2**30 - 3_200, 2**29 - 3_200])
def test_a_press_across_the_wrap_of_the_tick_counter_counts(
    make_phone: MakePhone, ticks_offset_ms: int
) -> None:
    phone = make_phone(ticks_offset_ms=ticks_offset_ms)
    pressed_us = phone.press()
    phone.run(3)
    [dialled_us] = phone.dialled_us()
    assert 0 <= dialled_us - pressed_us - HOLD_MS * MS <= 20 * MS
