"""The AT engine on the real UART driver, its modem played by the test."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000

HEAD = """
import asyncio, time
from machine import UART
from drivers.serial import SerialPort
from tocsin.modem.at import AtEngine

def sentence(buf, start, end):
    print("sentence", bytes(memoryview(buf)[start:end]).decode())

engine = AtEngine(
    SerialPort(UART(1, 115200, rxbuf=2048, txbuf=512), 115200),
    time,
    lambda line: print("line", line.decode()),
    sentence,
)

async def main():
    asyncio.create_task(engine.run())
    await asyncio.sleep_ms(700)
    print("began")
    await test()
    print("ended")
    await asyncio.sleep_ms(60_000)

async def ask(line, timeout_ms=2000, expects=b"", **how):
    t = time.ticks_ms()
    status, info = await engine.command(line, timeout_ms, expects, **how)
    print(line.decode(), status, info, engine.error, time.ticks_diff(time.ticks_ms(), t) // 100)

async def dial(after_ms):
    await asyncio.sleep_ms(after_ms)
    engine.dial(b"ATD+447700900001;\\r", lambda: print("dialled"))
    print("dial", await engine.dialled(5000))
"""

TAIL = "\nasyncio.run(main())\n"
OK, FAILED, TIMED_OUT = 2, 3, 4
SENTENCE = "$GNGGA,120000.00,5030.74,N,00252.59,W,1,08,1.0,5.0,M,50.0,M,,*5C"
PDU = "07914477581006500A0B91447700090003" + "F5" * 80


def engine(make_phone: MakePhone, test: str) -> Phone:
    return make_phone(HEAD + test + TAIL, settle_s=0.6)


def log(phone: Phone, seconds: float = 20) -> list[str]:
    phone.run(seconds)
    began, _, rest = phone.handset.log.partition("began\n")
    assert not began
    return rest.splitlines()


def every_cut(data: bytes) -> list[tuple[bytes, bytes]]:
    return [(data[:i], data[i:]) for i in range(1, len(data))]


def test_an_answer_is_understood_however_it_is_split(make_phone: MakePhone) -> None:
    reply = b'\r\n+CLCC: 1,0,3,0,0,"+447700900001",145\r\n\r\nOK\r\n'
    cuts = every_cut(reply)
    phone = engine(
        make_phone,
        f"async def test():\n    for _ in range({len(cuts)}):\n"
        "        print(*await engine.command(b'AT+CLCC', 2000, b'+CLCC:'))\n",
    )

    def split() -> None:
        before, after = cuts.pop(0)
        phone.modem.raw(before)
        phone.modem.after(0.03, phone.modem.raw, after)

    phone.modem.answers["AT+CLCC"] = split
    count = len(cuts)
    line = """2 [b'+CLCC: 1,0,3,0,0,"+447700900001",145']"""
    assert log(phone) == [line] * count + ["ended"]


def test_unsolicited_lines_arrive_whole_however_they_are_split(make_phone: MakePhone) -> None:
    data = f"\r\n+CMT: ,24\r\n{SENTENCE}\r\n{PDU}\r\n\r\nNO CARRIER\r\n".encode()
    cuts = every_cut(data)
    phone = engine(make_phone, "async def test():\n    await asyncio.sleep_ms(1)\n")
    for i, (before, after) in enumerate(cuts):
        phone.modem.after(1 + i * 0.1, phone.modem.raw, before)
        phone.modem.after(1.05 + i * 0.1, phone.modem.raw, after)
    expected = ["line +CMT: ,24", f"sentence {SENTENCE}", f"line {PDU}", "line NO CARRIER"]
    assert log(phone, 2 + len(cuts) * 0.1) == ["ended"] + expected * len(cuts)


def test_an_unsolicited_line_between_command_and_answer_is_routed_and_no_answer(
    make_phone: MakePhone,
) -> None:
    phone = engine(make_phone, "async def test():\n    await ask(b'AT+CSQ', 2000, b'+CSQ:')\n")
    phone.modem.answers["AT+CSQ"] = lambda: (
        f"+CREG: 1\r\n\r\n+CSQ: 20,99\r\n\r\nNO CARRIER\r\n\r\n+CMT: ,24\r\n{SENTENCE}\r\n"
        f"{PDU}\r\n\r\nOK"
    )
    assert log(phone) == [
        "line +CREG: 1",
        "line NO CARRIER",
        "line +CMT: ,24",
        f"sentence {SENTENCE}",
        f"line {PDU}",
        "AT+CSQ 2 [b'+CSQ: 20,99'] b'' 0",
        "ended",
    ]


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ("OK", OK, b""),
        ("ERROR", FAILED, b""),
        ("+CME ERROR: 10", FAILED, b"+CME ERROR: 10"),
        ("+CMS ERROR: 332", FAILED, b"+CMS ERROR: 332"),
    ],
)
def test_final_answers_become_a_status(
    make_phone: MakePhone, answer: str, status: int, error: bytes
) -> None:
    phone = engine(make_phone, "async def test():\n    await ask(b'AT+CPIN?')\n")
    phone.modem.answers["AT+CPIN?"] = answer
    assert log(phone) == [f"AT+CPIN? {status} [] {error!r} 0", "ended"]


def test_a_command_without_an_answer_ends_in_time_and_the_next_is_sent(
    make_phone: MakePhone,
) -> None:
    phone = engine(
        make_phone,
        "async def test():\n    await ask(b'AT+COPS?', 3000)\n    await ask(b'AT')\n",
    )
    phone.modem.answers["AT+COPS?"] = None
    assert log(phone) == ["AT+COPS? 4 [] b'' 30", "AT 2 [] b'' 0", "ended"]


def test_commands_of_several_tasks_take_turns(make_phone: MakePhone) -> None:
    phone = engine(
        make_phone,
        "async def test():\n    await asyncio.gather(*[ask(b'AT+T%d' % i) for i in range(4)])\n",
    )
    *answers, end = sorted(log(phone))
    told, waited = zip(*(line.rsplit(" ", 1) for line in answers), strict=True)
    assert [*told, end] == [f"AT+T{i} 2 [] b''" for i in range(4)] + ["ended"]
    assert all(int(tenths) <= 1 for tenths in waited)
    times_us = [t_us for t_us, _ in phone.modem.heard]
    assert all(b - a > 5_000 for a, b in pairwise(times_us))


def test_a_line_longer_than_the_buffer_is_cut_and_the_next_is_whole(make_phone: MakePhone) -> None:
    phone = engine(make_phone, "async def test():\n    pass\n")
    phone.modem.after(1, phone.modem.say, "x" * 900, "+CREG: 1")
    ended, long, short = log(phone)
    assert (ended, short) == ("ended", "line +CREG: 1")
    assert long == "line " + "x" * 400


MESSAGE = """
async def test():
    print("sent", await engine.message(b"AT+CMGS=9", b"00A1", 9000))
"""


@pytest.mark.parametrize(
    "prompt", [b"\r\n> ", b"> ", b"\r\n> " + SENTENCE.encode() + b"\r\n", b">", b"\r\n>\r\n"]
)
def test_a_message_is_sent_once_prompted(make_phone: MakePhone, prompt: bytes) -> None:
    def prompts() -> None:
        phone.modem.raw(prompt)
        phone.modem.is_prompted = True

    phone = engine(make_phone, MESSAGE)
    phone.modem.answers["AT+CMGS="] = prompts
    assert [line for line in log(phone) if "sent" in line] == [f"sent {OK}"]
    assert [line for _, line in phone.modem.heard] == ["AT+CMGS=9", "00A1"]


def test_the_body_waits_for_the_prompt_split_from_it(make_phone: MakePhone) -> None:
    def prompts() -> None:
        phone.modem.raw(b"\r\n")
        phone.modem.after(0.5, phone.modem.raw, b">")
        phone.modem.after(0.6, phone.modem.raw, b" ")
        phone.modem.is_prompted = True

    phone = engine(make_phone, MESSAGE)
    phone.modem.answers["AT+CMGS="] = prompts
    assert f"sent {OK}" in log(phone)
    assert [line for _, line in phone.modem.heard] == ["AT+CMGS=9", "00A1"]


def test_a_message_refused_at_its_prompt_is_not_sent(make_phone: MakePhone) -> None:
    phone = engine(make_phone, MESSAGE)
    phone.modem.answers["AT+CMGS="] = "+CMS ERROR: 500"
    assert log(phone) == [f"sent {FAILED}", "ended"]
    assert [line for _, line in phone.modem.heard] == ["AT+CMGS=9"]


def test_a_late_ok_of_an_earlier_command_does_not_pass_for_a_sent_message(
    make_phone: MakePhone,
) -> None:
    def answers_late() -> None:
        phone.modem.after(1.0, phone.modem.say, "OK")

    phone = engine(
        make_phone, MESSAGE.replace("    print", "    await ask(b'AT+COPS?', 1000)\n    print")
    )
    phone.modem.answers["AT+COPS?"] = answers_late
    phone.modem.answers["AT+CMGS="] = None
    assert f"sent {OK}" not in log(phone)


def test_a_message_without_a_prompt_leaves_no_prompt_open(make_phone: MakePhone) -> None:
    def prompts_late() -> None:
        phone.modem.is_prompted = True
        phone.modem.after(6, phone.modem.raw, b"\r\n> ")

    phone = engine(make_phone, MESSAGE + "    await ask(b'AT+CSQ')\n")
    phone.modem.answers["AT+CMGS="] = prompts_late
    assert log(phone)[0] == f"sent {TIMED_OUT}"
    assert phone.modem.heard[-1][1] == "AT+CSQ"


@pytest.mark.parametrize("line", ["ATD999;", "atd+447700900001;", "ATDT112", "ATD"])
def test_a_dial_command_is_refused_as_an_ordinary_one(make_phone: MakePhone, line: str) -> None:
    phone = engine(
        make_phone,
        f"async def test():\n    try:\n        await ask({line.encode()!r})\n"
        "    except ValueError as error:\n        print(error)\n    await ask(b'AT')\n",
    )
    assert log(phone)[0] == "dial commands leave through dial() only"
    assert [line for _, line in phone.modem.heard] == ["AT"]


DIAL_AMONG_COMMANDS = """
async def test():
    for i in range(3):
        asyncio.create_task(ask(b"AT+T%d" % i, {timeout_ms}))
    await dial({after_ms})
    await asyncio.sleep_ms(10_000)
"""


def test_a_dial_goes_before_every_command_that_waits(make_phone: MakePhone) -> None:
    phone = engine(make_phone, DIAL_AMONG_COMMANDS.format(timeout_ms=2000, after_ms=1))
    log(phone)
    assert [line[:4] for _, line in phone.modem.heard] == ["AT+T", "ATD+", "AT+T", "AT+T"]


@pytest.mark.parametrize("after_ms", [0, 1000, 1990, 2500, 8000])
def test_a_dial_leaves_within_two_seconds_though_the_modem_is_mute(
    make_phone: MakePhone, after_ms: int
) -> None:
    phone = engine(make_phone, DIAL_AMONG_COMMANDS.format(timeout_ms=9000, after_ms=after_ms))
    phone.modem.answers["AT+T"] = None
    log(phone)
    [first_us, *_] = phone.modem.times_us("AT+T")
    [dialled_us] = phone.modem.times_us("ATD")
    waited_s = (dialled_us - first_us) / S - after_ms / 1000
    assert waited_s <= 2.02
    assert waited_s == pytest.approx(max(0, 2 - after_ms / 1000), abs=0.02)


@pytest.mark.parametrize("prompt_s", [0.1, 1.95, None])
@pytest.mark.parametrize("after_ms", [10, 500, 1990])
def test_a_dial_leaves_within_two_seconds_of_a_message_under_way_and_is_no_part_of_it(
    make_phone: MakePhone, prompt_s: float | None, after_ms: int
) -> None:
    def prompts() -> None:
        if prompt_s is not None:
            phone.modem.after(prompt_s, phone.modem.prompt)

    phone = engine(
        make_phone,
        "async def test():\n"
        "    asyncio.create_task(engine.message(b'AT+CMGS=9', b'00A1', 60_000))\n"
        f"    await dial({after_ms})\n",
    )
    phone.modem.answers["AT+CMGS="] = prompts
    phone.modem.message_s = 30
    assert "dialled" in log(phone)
    [asked_us] = phone.modem.times_us("AT+CMGS")
    [dialled_us] = phone.modem.times_us("ATD")
    assert dialled_us - asked_us <= (after_ms + 2020) * 1000
    assert [line for _, line in phone.modem.heard].count("ATD+447700900001;") == 1


def test_a_command_that_overtakes_goes_first_after_two_seconds(make_phone: MakePhone) -> None:
    phone = engine(
        make_phone,
        "async def test():\n"
        "    asyncio.create_task(ask(b'AT+SLOW', 60_000))\n"
        "    asyncio.create_task(ask(b'AT+NEXT'))\n"
        "    await asyncio.sleep_ms(500)\n"
        "    await ask(b'AT+CLCC', on_wait=lambda: True)\n"
        "    await asyncio.sleep_ms(1000)\n",
    )
    phone.modem.answers["AT+SLOW"] = None
    log(phone)
    heard = [line for _, line in phone.modem.heard]
    assert heard == ["AT+SLOW", "AT+CLCC", "AT+NEXT"]
    slow_us, list_us, _ = (t_us for t_us, _ in phone.modem.heard)
    assert (list_us - slow_us) / S == pytest.approx(2, abs=0.03)


def test_a_handler_that_raises_does_not_block_the_line(make_phone: MakePhone) -> None:
    phone = engine(
        make_phone,
        """
def fail(line):
    if line == b"+OTHER: 1":
        raise ValueError("bad handler")
async def reads_nothing():
    pass
engine._on_line = fail
engine.run = reads_nothing

async def test():
    try:
        await ask(b"AT+CSQ")
    except ValueError as error:
        print(error)
    await ask(b"AT")
    await dial(0)
""",
    )
    phone.modem.answers["AT+CSQ"] = "+OTHER: 1"
    assert log(phone) == ["bad handler", "AT 2 [] b'' 2", "dialled", "dial 2", "ended"]
