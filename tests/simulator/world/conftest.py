"""A bench without a handset: the test types at the modem's line and moves its pins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tocsin_host import wire
from tocsin_host.answerpoint import AnswerPoint, RegisterEntry
from tocsin_host.answerpoint.tag import FROM_HANDSET, seal
from tocsin_sim.kernel import Kernel
from tocsin_sim.world.events import Events
from tocsin_sim.world.modem.pins import ModemPins
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.world import HandsetLines, World

KEY = bytes(range(32))
ORIGIN_US = 60_000_000


class Line:
    """An in-memory serial line; `log` holds what the world sent, with its time."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._callback: Callable[[bytes], None] = lambda data: None
        self.log: list[tuple[int, bytes]] = []

    def on_bytes(self, callback: Callable[[bytes], None]) -> None:
        self._callback = callback

    def send(self, data: bytes) -> None:
        self.log.append((self._kernel.now_us, data))

    def type(self, data: bytes) -> None:
        self._callback(data)

    @property
    def text(self) -> str:
        return b"".join(data for _, data in self.log).decode("latin-1")


class Pin:
    """An in-memory pin: `put` is the handset's side, `drive` the world's."""

    def __init__(self, kernel: Kernel, level: int = 0) -> None:
        self._kernel = kernel
        self._callback: Callable[[int], None] = lambda level: None
        self.level = level
        self.driven: list[tuple[int, int]] = []

    def on_change(self, callback: Callable[[int], None]) -> None:
        self._callback = callback

    def drive(self, level: int) -> None:
        self.level = level
        self.driven.append((self._kernel.now_us, level))

    def put(self, level: int) -> None:
        if level != self.level:
            self.level = level
            self._callback(level)


class Bench:
    """One world, its lines in memory, and what it reported."""

    def __init__(self, seed: int = 1, model: str = "a7670", **setting: Any) -> None:
        self.kernel = Kernel(seed)
        self.setting = Setting(**{"press_at_s": None, **setting})
        self.line = Line(self.kernel)
        self.rail, self.key, self.ring = (Pin(self.kernel) for _ in range(3))
        self.dtr, self.reset = Pin(self.kernel), Pin(self.kernel)
        self.model = model
        self.button, self.haptic = Pin(self.kernel, 1), Pin(self.kernel)
        self.stages: list[tuple[wire.Stage, int, str, str]] = []
        self.notices: list[tuple[wire.Notice | None, int]] = []
        events = Events(
            lambda *stage: self.stages.append(stage),
            lambda *notice: self.notices.append(notice),
        )
        entry = RegisterEntry(self.setting.identity, KEY)
        self.point = AnswerPoint({self.setting.numbers.handset: entry}, events.from_answer_point)
        pins = ModemPins(self.key, self.rail, self.dtr, self.ring, self.reset)
        lines = HandsetLines(self.line, pins, self.button, self.haptic, modem_model=self.model)
        self.world = World(self.kernel, self.setting, lines, self.point, events, ORIGIN_US)

    def run_for(self, seconds: float) -> None:
        self.kernel.run_until(self.kernel.now_us + round(seconds * 1e6))

    def press_key(self, seconds: float = 0.1) -> None:
        self.key.put(1)
        self.run_for(seconds)
        self.key.put(0)

    def start_modem(self) -> Bench:
        """Power the modem and set it up as the firmware does; ends at scenario zero."""
        self.rail.put(1)
        self.press_key(0.1 if self.model == "a7670" else 0.6)
        self.run_for(25)
        for command in ("E0", "+CMEE=1", "+CVHU=0", "+CLCC=1", "+CMGF=0", "+CNMI=2,2,0,0,0"):
            is_known = not (self.model == "eg25" and command == "+CLCC=1")
            assert ("OK" in self.at(command)) is is_known
        assert "OK" in self.at("+CTZU=1")
        self.kernel.run_until(ORIGIN_US)
        return self

    def at(self, body: str, wait_s: float = 0.02) -> str:
        """Type a command and return what came within `wait_s`."""
        return self.said(b"AT" + body.encode() + b"\r", wait_s)

    def said(self, typed: bytes, wait_s: float) -> str:
        start = len(self.line.text)
        self.line.type(typed)
        self.run_for(wait_s)
        return self.line.text[start:]

    def send_message(self, hex_pdu: str) -> str:
        """Submit a PDU and return the modem's final answer."""
        tpdu_bytes = len(hex_pdu) // 2 - 1 - int(hex_pdu[:2], 16)
        assert self.at(f"+CMGS={tpdu_bytes}").endswith("\r\n> ")
        return self.said(hex_pdu.encode() + b"\x1a", 3)

    def send_tag(self, counter: int = 1, port: int = 16200) -> str:
        report = wire.TagReport(activation=1, priority=wire.Priority.EMERGENCY, attempt=1)
        payload = seal(KEY, FROM_HANDSET, self.setting.identity, counter, report)
        return self.send_message(data_pdu(self.setting.numbers.report, payload, port))

    def dial(self, number: str | None = None) -> str:
        return self.at(f"D{number or self.setting.numbers.call};")

    def time_of(self, stage: wire.Stage) -> int | None:
        return next((t_us for each, t_us, _, _ in self.stages if each is stage), None)

    def said_at_us(self, text: str) -> int:
        return next(t_us for t_us, data in self.line.log if text in data.decode("latin-1"))


def data_pdu(number: str, payload: bytes, port: int) -> str:
    """An 8-bit SMS-SUBMIT with a 16-bit port header, written out by hand."""
    return _submit(number, 0x41, 0x04, bytes((6, 5, 4, *divmod(port, 256), 0, 1)) + payload)


def text_pdu(number: str, text: str) -> str:
    """A 7-bit SMS-SUBMIT; `text` is ASCII that the GSM alphabet shares."""
    bits = sum(ord(char) << 7 * i for i, char in enumerate(text))
    packed = bits.to_bytes((7 * len(text) + 7) // 8, "little")
    return _submit(number, 0x01, 0x00, packed, len(text))


def _submit(number: str, kind: int, coding: int, data: bytes, length: int | None = None) -> str:
    digits = number.removeprefix("+")
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))
    head = f"00{kind:02X}00{len(digits):02X}91{swapped}00{coding:02X}"
    return head + f"{len(data) if length is None else length:02X}" + data.hex().upper()


@pytest.fixture
def make_bench() -> type[Bench]:
    """The bench itself, to be made with a setting."""
    return Bench


@pytest.fixture
def bench() -> Bench:
    """A bench with the modem up, at scenario zero."""
    return Bench().start_modem()


@pytest.fixture(scope="session")
def write_text() -> Callable[[str, str], str]:
    """Builds the PDU of a text."""
    return text_pdu


@pytest.fixture(scope="session")
def write_data() -> Callable[[str, bytes, int], str]:
    """Builds the PDU of binary data for a port."""
    return data_pdu
