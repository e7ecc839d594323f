"""Recorded answers of modems, given to the real families on a line that breaks them up anywhere.

Run on MicroPython: reads a file of records, one JSON object a line (id, family, command, response,
ask, seed), and prints for each what the firmware made of it, likewise.
"""

import asyncio
import json
import time

from tocsin.guard import DialGuard
from tocsin.location.fix import Fix
from tocsin.location.reading import ReadingParser
from tocsin.modem import answers
from tocsin.modem.a76xx import A76xx
from tocsin.modem.ec25 import Ec25
from tocsin.modem.generic import Generic
from tocsin.modem.sim7600 import Sim7600

FAMILIES = {"a76xx": A76xx, "sim7600": Sim7600, "ec25": Ec25, "generic": Generic}
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tocsin.modem.cellular import CellularModem

    Record = dict[str, Any]
    Made = tuple[int | None, list[int] | None]

NUMBER = "+447700900001"


class Line:
    """A port whose modem says what was recorded, and OK to what was not."""

    def __init__(self, record: "Record") -> None:
        self.baud = 115_200
        self.buffer = bytearray(64)
        self.command = (record["command"] or "").encode()
        self.response = record["response"].encode()
        if record["command"] and b"OK" not in self.response and b"ERROR" not in self.response:
            self.response += b"\r\n\r\nOK\r\n"
        # What a modem says to the body of a message comes after its prompt.
        self.response, _, self._after_body = self.response.partition(b"\x1a")
        self._seed: int = record["seed"]
        self._waiting = b""
        self._flag = asyncio.ThreadSafeFlag()

    async def readable(self) -> None:
        await self._flag.wait()

    def look(self) -> None:
        pass

    def read(self) -> int:
        size = min(self._piece(), len(self._waiting))
        self.buffer[:size] = self._waiting[:size]
        self._waiting = self._waiting[size:]
        if self._waiting:
            self._flag.set()
        return size

    @property
    def is_read(self) -> bool:
        return not self._waiting

    def _piece(self) -> int:
        if not self._seed:
            return 1
        self._seed = self._seed * 1103515245 + 12345 & 0x3FFFFFFF
        return 1 + (self._seed >> 16) % len(self.buffer)

    def says(self, data: bytes) -> None:
        self._waiting += data
        self._flag.set()

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        text = bytes(data)
        if self.command and text.startswith(self.command + b"\r"):
            self.says(b"\r\n" + self.response + b"\r\n")
        elif text == b"\x1a":
            self.says(self._after_body + b"\r\n")
        elif text[-1:] == b"\r":
            self.says(b"\r\nOK\r\n")

    def drain(self) -> None:
        pass


class Power:
    """Power lines that do nothing."""

    def rail_on(self) -> None:
        pass

    async def press_key(self, hold_ms: int) -> None:
        pass

    async def force_off(self) -> None:
        pass

    def wake(self) -> None:
        pass

    def allow_sleep(self) -> None:
        pass


async def outcome(record: "Record") -> "Record":
    line = Line(record)
    fix = Fix()
    heard: "list[bool]" = []
    told: "list[list[int]]" = []
    modem = FAMILIES[record["family"]](
        line,
        Power(),
        time,
        DialGuard(False),
        lambda *_: None,
        lambda buf, start, end: heard.append(positions.feed_line(buf, start, end)),
    )
    # An A76xx is asked for sentences; its positions in words are the SIM7600's.
    positions = ReadingParser(fix, time)
    modem.on_trouble = lambda code, value: told.append([code, value])
    reader = asyncio.create_task(modem.engine.run())
    ask = {each.__name__: each for each in ASKS}[record["ask"]]
    status, value = await ask(modem, line)
    await asyncio.sleep_ms(0)
    reader.cancel()
    place = [fix.lat_deg_e7, fix.lon_deg_e7]
    utc = [fix.year, fix.month, fix.day, fix.hour, fix.minute, fix.second]
    return {
        "id": record["id"],
        "status": status,
        "value": value,
        "registration": modem.registration,
        "call": modem.call_state,
        "ended": modem.call_ended,
        "began": modem.call_state == answers.CALL_ACTIVE,
        "sim": modem.sim,
        "cell": [modem.cell.mcc, modem.cell.mnc, modem.cell.area, modem.cell.cell],
        "fix": [place, utc, fix.radius_m] if heard and heard[-1] else None,
        "error": modem.engine.error.decode(),
        "trouble": told,
    }


# What the firmware does to get an answer, by name: status of the command, and what it read.


async def listen(modem: "CellularModem", line: Line) -> "Made":
    line.says(line.response)
    while not line.is_read:
        await asyncio.sleep_ms(0)
    return None, None


async def registration(modem: "CellularModem", line: Line) -> "Made":
    await modem.ask_registration()
    return None, None


async def calls(modem: "CellularModem", line: Line) -> "Made":
    await modem.poll_call(lambda: None)
    return None, None


async def clock(modem: "CellularModem", line: Line) -> "Made":
    status, lines = await modem.engine.command(line.command, 200, b"+CCLK:")
    civil = answers.parse_clock(lines[0])
    return status, list(civil) if civil else None


async def cell(modem: "CellularModem", line: Line) -> "Made":
    await modem.refresh_cell()
    return None, None


async def sim(modem: "CellularModem", line: Line) -> "Made":
    await modem._ask_sim()
    return None, None


async def message(modem: "CellularModem", line: Line) -> "Made":
    return await modem.engine.message(line.command, b"00", 200), None


async def dial(modem: "CellularModem", line: Line) -> "Made":
    line.command = b"ATD" + NUMBER.encode() + b";"
    modem.prepare([NUMBER], True, [NUMBER])
    modem.dial(0, lambda: None)
    return await modem.engine.dialled(20), None


async def command(modem: "CellularModem", line: Line) -> "Made":
    name = line.command[2:].split(b"=")[0].split(b"?")[0]
    status, lines = await modem.engine.command(line.command, 200, name + b":")
    for each in lines:
        modem._on_sentence(each, 0, len(each))
    return status, None


ASKS = (listen, registration, calls, clock, cell, sim, message, dial, command)


def run(path: str) -> None:
    with open(path) as file:
        for line in file:
            print(json.dumps(asyncio.run(outcome(json.loads(line)))))
