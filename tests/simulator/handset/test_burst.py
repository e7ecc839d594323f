"""A served host sends without a pause for as long as it likes: no octet of it is lost."""

from __future__ import annotations

import random

import pytest

from tocsin_host import wire

from .conftest import MakePhone, Phone
from .conversation_on_line import Upload
from .host_on_line import HostOnLine
from .test_session import KEYS, TECHNICIAN, on
from .test_transfer_cut import talk_on

S = 1_000_000
LONGEST_BYTES = 490
WINDOW = 12
UNKNOWN_ID = 0x3F


def test_a_full_window_in_one_burst_is_all_answered(make_phone: MakePhone) -> None:
    phone = make_phone(config=dict(KEYS))
    host = on(phone)
    host.open(TECHNICIAN)
    for _ in range(8):
        burst(host)
    assert phone.handset.stats.overrun_bytes == 0
    assert phone.handset.log == ""


def burst(host: HostOnLine) -> None:
    """Send 6 KB without a pause, 530 ms long; each message is refused, so it has arrived."""
    sent = len(host.sent_us[0])
    for number in range(1, WINDOW + 1):
        host.send_plain(bytes((UNKNOWN_ID, number)) + bytes(LONGEST_BYTES))
    for number in range(1, WINDOW + 1):
        assert isinstance(host.reply_to(number), wire.Failure)
    assert len(host.sent_us[0]) - sent == WINDOW, "none had to be sent again"


FLOODED = """
import asyncio
from boards.lilygo_t_a7670.board import LilygoTA7670
from tocsin.handset import Handset
from tocsin.link.serial import SerialLink
from tocsin.modem.a76xx import A76xx

class Flood:
    buffer = bytes(64)
    reads_left = 200

    async def readable(self):
        if not self.reads_left:
            await asyncio.sleep(3_600)

    def read(self):
        self.reads_left = max(self.reads_left - 1, 0)
        return len(self.buffer) if self.reads_left else 0

async def waits_its_turn():
    port = Flood()
    link = SerialLink(Handset(LilygoTA7670(), A76xx), port, asyncio.Event())
    flood = asyncio.create_task(link.receive())
    turns = 0
    while port.reads_left:
        turns += 1
        await asyncio.sleep_ms(0)
    print(turns)

asyncio.run(waits_its_turn())
"""


def test_rubbish_that_does_not_end_keeps_no_other_task_waiting(make_phone: MakePhone) -> None:
    phone = make_phone(FLOODED, settle_s=1.0)
    assert int(phone.handset.log) > 190


@pytest.mark.parametrize("board", ["lilygo_t_a7670", "pico_w_eg25"])
def test_a_file_at_the_lines_own_pace_is_taken_whole(make_phone: MakePhone, board: str) -> None:
    phone = make_phone(config=dict(KEYS), board=board, settle_s=8.0)
    talk = talk_on(phone)
    talk.open()
    data = random.Random(1).randbytes(60_000)
    upload = Upload(talk, data)
    talk.run(lambda: upload.is_over)
    assert upload.is_done
    assert phone.handset.stats.overrun_bytes == 0


def test_a_handset_nobody_speaks_to_looks_at_no_line(make_phone: MakePhone) -> None:
    phone = make_phone(config=dict(KEYS), look_ahead=False)
    before = woken(phone)
    host = on(phone)
    assert isinstance(host.greet(wire.Role.TECHNICIAN), wire.HelloReply)
    host.fall_silent()
    phone.run(1)
    assert woken(phone) > before + 200, "who is served may begin to send at any instant"
    phone.run(15)
    assert woken(phone) == before


def woken(phone: Phone) -> int:
    """How often it runs in ten seconds."""
    times_us: set[int] = set()
    phone.handset.on_slice(lambda t_us, _: times_us.add(t_us))
    phone.run(10)
    phone.handset.on_slice(lambda t_us, _: None)
    return len(times_us)
