"""The real firmware on the VM, with a modem on its UART that does whatever a test needs."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tocsin_host import wire
from tocsin_host.firmware_tree import board_facts, firmware_root
from tocsin_protocol.frame import FrameDecoder
from tocsin_sim.kernel import FOREVER_US, Event, Kernel
from tocsin_sim.stored import read_journal
from tocsin_sim.vm.flash import create_flash, read_flash
from tocsin_sim.vm.handset import Handset
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.vm.lines import UartLine
from tocsin_sim.world.haptics import HapticReader

S = 1_000_000
BOARD = "lilygo_t_a7670"
FACTS = board_facts(BOARD)
CALL_NUMBER = "+447700900001"
ALTERNATE_NUMBER = "+447700900002"
KEY = bytes(range(32))
SETTLE_S = 3.0
_NOTE = 0x50
_LONG_KEY_US = 2_500_000
_WAKE_US = 50_000

MAIN = """
with open("/data/program") as file:
    source = file.read()
exec(source)
"""

_FACTS = {
    "AT+CGSN": "861234567890123",
    "AT+CIMI": "234107123456789",
    "AT+CCLK?": '+CCLK: "26/01/01,12:00:00+00"',
    "AT+CPSI?": "+CPSI: LTE,Online,234-10,0x230A,175499523,310,EUTRAN-BAND20,6300,5,5,-94,-850",
}

Answer = str | Callable[[], str | None] | None
Fate = str | Callable[["ScriptedModem"], object]


class ScriptedModem:
    """Says OK to every command unless told otherwise, and does with each call what it is told.

    `answers` gives commands, by how they begin, another final answer: text, a function that
    makes it, or None for silence. `fates` names what becomes of each dial in turn, the last one
    of every later dial too. `calls` holds the states that AT+CLCC lists. While its DTR line is
    high, and for 50 ms after, it sleeps and loses what it is sent. With `is_busy_with_texts` it
    hears nothing else until a text has its result, and then all that came meanwhile.
    """

    def __init__(self, kernel: Kernel, line: UartLine) -> None:
        self.kernel = kernel
        self.heard: list[tuple[int, str]] = []
        self.answers: dict[str, Answer] = {}
        self.fates: list[Fate] = ["rings"]
        self.calls: list[int] = []
        self.is_deaf = False
        self.lost = b""
        self.awake_us = 0
        self.replied_us = 0
        self.greeting = "*ATREADY: 1"
        self._line = line
        self._input = b""
        self.is_prompted = False
        self.reply_s = 0.005
        self.message_s = 0.0
        self.message_result = "+CMGS: 1\r\n\r\nOK"
        self.is_busy_with_texts = False
        self._held: list[tuple[str, int]] | None = None
        self._dials = 0
        line.on_bytes(self._take)

    # What it says

    def say(self, *lines: str) -> None:
        """Send lines at once, as a modem sends unsolicited ones."""
        self._line.send("".join(f"\r\n{line}\r\n" for line in lines).encode())

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._line.send(data)

    def after(self, seconds: float, step: Callable[..., object], *args: Any) -> Event:
        """Take a step later."""
        return self.kernel.after(round(seconds * S), step, *args)

    # What it hears

    def times_us(self, command: str) -> list[int]:
        """When each command that begins so had arrived."""
        return [t_us for t_us, line in self.heard if line.startswith(command)]

    def numbers(self) -> list[str]:
        """Every number dialled, in turn."""
        return [line[3:-1] for _, line in self.heard if line.startswith("ATD")]

    def _take(self, data: bytes) -> None:
        if self.is_deaf or self.kernel.now_us < self.awake_us:
            self.lost += data
            return
        self._input += data
        while self._input:
            ends = (0x1A, 0x1B) if self.is_prompted else (0x0D,)
            end = next((i for i, byte in enumerate(self._input) if byte in ends), None)
            if end is None:
                return
            line, self._input = self._input[: end + 1], self._input[end + 1 :]
            self._heard(line[:-1].decode("latin-1").strip("\x1b\r\n"), line[-1])

    def _heard(self, line: str, end: int) -> None:
        if self._held is not None:
            self._held.append((line, end))
            return
        if line:
            self.heard.append((self.kernel.now_us, line))
        if self.is_prompted:
            self.is_prompted = False
            if end == 0x1B:
                self.after(0.0, self.say, "OK")
                return
            self._held = [] if self.is_busy_with_texts else None
            self.after(self.message_s, self._text_done)
        elif line:
            self.replied_us = max(self.replied_us, self.kernel.now_us) + round(self.reply_s * S)
            self.kernel.at(self.replied_us, self._answer, line)

    def _text_done(self) -> None:
        self.say(self.message_result)
        held, self._held = self._held, None
        for line, end in held or ():
            self._heard(line, end)

    def _answer(self, line: str) -> None:
        known = [start for start in self.answers if line.startswith(start)]
        if known:
            answer = self.answers[max(known, key=len)]
            answer = answer() if callable(answer) else answer
            if answer is not None:
                self.say(answer)
        elif line.startswith("AT+CMGS="):
            self.prompt()
        elif line == "AT+CLCC":
            self.say("\r\n\r\n".join([*map(self._listed, self.calls), "OK"]))
        elif line.startswith("ATD"):
            self.say("OK")
            fate = self.fates[min(self._dials, len(self.fates) - 1)]
            self._dials += 1
            (getattr(type(self), fate) if isinstance(fate, str) else fate)(self)
        elif line in _FACTS:
            self.say(f"{_FACTS[line]}\r\n\r\nOK")
        elif line == "AT+CHUP":
            self.calls = []
            self.say("OK")
        else:
            self.say("OK")

    def prompt(self) -> None:
        """Ask for the body of a message; it is accepted `message_s` later."""
        self.is_prompted = True
        self.raw(b"\r\n> ")

    @staticmethod
    def _listed(state: int) -> str:
        return f'+CLCC: 1,0,{state},0,0,"{CALL_NUMBER}",145'

    # What becomes of a call

    def state(self, state: int) -> None:
        """Let the one call be in this state, and say so."""
        self.calls = [state]
        self.say(self._listed(state))

    def ends(self) -> None:
        """End the call."""
        self.calls = []
        self.say("NO CARRIER")

    def rings(self) -> None:
        """Begin a call that rings for ever."""
        self.state(2)
        self.after(1.0, self.state, 3)

    def is_answered(self) -> None:
        """Begin a call that is connected after two seconds."""
        self.state(2)
        self.after(2.0, self.state, 0)

    def is_refused(self) -> None:
        """Begin a call that ends by itself after a second."""
        self.state(2)
        self.after(1.0, self.ends)

    def sets_up_for_ever(self) -> None:
        """Begin a call that never rings."""
        self.state(2)

    # Its power

    def dtr(self, level: int) -> None:
        """Sleep while the line is high; wake when it goes low."""
        self.awake_us = self.kernel.now_us + _WAKE_US if level == 0 else FOREVER_US

    def dies(self) -> None:
        """Hear and say nothing until its power is cycled."""
        self.is_deaf = True

    def boots(self) -> None:
        """Start afresh: no call, ready to hear."""
        self.calls = []
        self._input = b""
        self._held = None
        self.is_prompted = self.is_deaf = False
        self.say(self.greeting)


@dataclass
class Phone:
    """A handset with its modem and motor, run in virtual time."""

    kernel: Kernel
    handset: Handset
    flash_path: Path
    modem: ScriptedModem
    facts: ModuleType = FACTS
    events: list[wire.TraceEvent] = field(default_factory=list)
    motor: list[tuple[int, int]] = field(default_factory=list)
    felt: list[wire.Notice | None] = field(default_factory=list)
    keyed_us: list[int] = field(default_factory=list)
    boots_us: list[int] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Run on for so long."""
        self.kernel.run_until(self.kernel.now_us + round(seconds * S))

    def press(self, hold_s: float = 1.5, after_s: float = 0.0) -> int:
        """Press cleanly `after_s` from now; returns when that will be."""
        at_us = self.kernel.now_us + round(after_s * S)
        self.contact(at_us, 0)
        self.contact(at_us + round(hold_s * S), 1)
        return at_us

    def contact(self, at_us: int, level: int) -> None:
        """Close (0) or open (1) the button's contact."""
        self.kernel.at(at_us, self.handset.pin(self.facts.BUTTON_PIN).drive, level)

    def stages(self, stage: wire.Stage) -> list[wire.TraceEvent]:
        """The firmware's own reports of a stage."""
        kind = wire.TraceKind.STAGE
        return [each for each in self.events if (each.kind, each.code) == (kind, stage)]

    def notices(self) -> list[wire.Notice]:
        """What the firmware says it told the person."""
        kind = wire.TraceKind.NOTICE
        return [wire.Notice(each.code) for each in self.events if each.kind == kind]

    def journal(self) -> list[wire.JournalKind]:
        """What stands in the journal by now."""
        return [wire.JournalKind(each.kind) for each in read_journal(self.flash_path)]

    def stored(self, path: str) -> bytes | None:
        """What a file on the handset's flash holds; None without one."""
        return read_flash(self.flash_path).get(path)

    def pulses_ms(self) -> list[int]:
        """The lengths of the motor's pulses so far."""
        edges = [t_us for t_us, _ in self.motor]
        return [round((off - on) / 1000) for on, off in zip(edges[::2], edges[1::2], strict=False)]

    def dialled_us(self) -> list[int]:
        """When each dial command had arrived at the modem."""
        return self.modem.times_us("ATD")


MakePhone = Callable[..., Phone]


@pytest.fixture
def make_phone(tmp_path: Path) -> Iterator[MakePhone]:
    """Return a maker of phones, as `settled_phone` makes them; they end with the test."""
    phones: list[Phone] = []

    def make(program: str | None = None, **settings: Any) -> Phone:
        folder = tmp_path / str(len(phones))
        folder.mkdir()
        phone = settled_phone(folder, program, **settings)
        phones.append(phone)
        return phone

    yield make
    for phone in phones:
        phone.handset.close()


def settled_phone(
    folder: Path,
    program: str | None = None,
    config: dict[str, bool | int | str | bytes] | None = None,
    settle_s: float = SETTLE_S,
    every_turn: bool = False,
    board: str = BOARD,
    files: dict[str, bytes] | None = None,
    firmware: Path | None = None,
    **settings: Any,
) -> Phone:
    """Return a phone that has settled, modem awake; whoever asks for it closes its handset.

    `program` runs in place of the firmware's main.py; `config` overrides what was provisioned;
    `every_turn` has the VM return before each step of a task; `files` are on its flash besides;
    `firmware` is another tree of it than the product's.
    On another `board` the modem starts with RDY.
    """
    stored = {"/config": _config_file(config or {}), "/program": (program or "").encode()}
    create_flash(folder / "flash", {**stored, **(files or {})})
    kernel = Kernel(1)
    root = firmware or (firmware_root() if program is None else _firmware(folder))
    image = FirmwareImage.build(root, board, shrinks=program is None)
    handset = Handset(kernel, image, folder / "flash", pin_cpu=False, **settings)
    handset.every_turn = every_turn
    facts = board_facts(board)
    modem = ScriptedModem(kernel, handset.uart(facts.MODEM_UART))
    modem.greeting = modem.greeting if board == BOARD else "RDY"
    phone = Phone(kernel, handset, folder / "flash", modem, facts)
    _watch(phone)
    handset.power_on()
    phone.run(settle_s)
    return phone


def _config_file(changes: dict[str, bool | int | str | bytes]) -> bytes:
    values = {"issued": True, "identity": 7001, "call_number": CALL_NUMBER, **changes}
    entries = [
        wire.ConfigEntry(wire.CONFIG[name].key, wire.CONFIG[name].encode(value))
        for name, value in values.items()
    ]
    content = wire.ConfigFile(1, 1, entries).encode()
    return content + struct.pack("<I", zlib.crc32(content))


def _firmware(folder: Path) -> Path:
    """One image for every program, so that it is compiled but once."""
    root = folder / "firmware"
    shutil.copytree(firmware_root(), root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "main.py").write_text(MAIN)
    return root


def _watch(phone: Phone) -> None:
    handset, kernel, facts = phone.handset, phone.kernel, phone.facts
    decoder = FrameDecoder()

    def link(data: bytes) -> None:
        for payload in decoder.feed(data):
            if payload[0] == _NOTE:
                event = wire.TraceEvent.decode(payload[6:])
                phone.events.append(event)
                if event.kind == wire.TraceKind.BOOT:
                    phone.boots_us.append(kernel.now_us)

    def key(level: int) -> None:
        if level:
            pressed.append(kernel.now_us)
        elif pressed:
            held_us = kernel.now_us - pressed.pop()
            phone.keyed_us.append(held_us)
            if held_us >= _LONG_KEY_US:
                phone.modem.after(8.0, phone.modem.boots)

    def motor(level: int) -> None:
        phone.motor.append((kernel.now_us, level))
        hand.edge(level)

    hand = HapticReader(kernel, lambda notice, _: phone.felt.append(notice))
    pressed: list[int] = []
    handset.pin(facts.BUTTON_PIN).drive(1)
    handset.adc(facts.BATTERY_ADC_PIN).set_uv(2_000_000)
    handset.uart(facts.LINK_UART).on_bytes(link)
    handset.pin(facts.HAPTIC_PIN).on_change(motor)
    handset.pin(facts.MODEM_POWER_KEY_PIN).on_change(key)
    handset.pin(facts.MODEM_DTR_PIN).on_change(phone.modem.dtr)
