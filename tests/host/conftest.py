"""A scripted handset: a thread that speaks the protocol on a real pty."""

from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Callable, Iterator

import pytest

from tocsin_host import wire
from tocsin_host.answerpoint import parse_aml
from tocsin_host.measure import (
    AcknowledgementSent,
    AtLine,
    LinkMessage,
    NoticeMark,
    RunRecord,
    StageMark,
    TagMark,
    TextMark,
)
from tocsin_host.wire import Reporter, Stage
from tocsin_protocol.frame import FrameDecoder, encode_frame

Script = Callable[["ScriptedHandset", wire.Message, int], None]

_STOP = b"\xff"  # no message: ends the thread


class ScriptedHandset:
    """Answers by `script`, called with each request on the handset's own thread."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self.heard: list[wire.Message] = []
        self.settings: dict[int, bytes] = {
            field.key: field.encode(field.default) for field in wire.CONFIG.values()
        }
        self.generation = 1
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"serial:{self.port}"

    def forbid(self) -> None:
        """Take everybody's permission to open the port."""
        os.fchmod(self._slave, 0)

    def send(self, data: bytes) -> None:
        os.write(self._master, data)

    def reply(self, message: wire.Message, request: int) -> None:
        self.send(encode_frame(bytes((message.ID, request)) + message.encode()))

    def unplug(self) -> None:
        """Vanish as a pulled cable does; only from the script."""
        os.close(self._master)
        self._master = -1

    def stop(self) -> None:
        if self._thread.is_alive():
            os.write(self._slave, encode_frame(_STOP))
        self._thread.join(5)
        os.close(self._slave)
        if self._master >= 0:
            os.close(self._master)

    def _live(self) -> None:
        decoder = FrameDecoder()
        while self._master >= 0:
            for payload in decoder.feed(os.read(self._master, 1024)):
                if payload == _STOP:
                    return
                message = wire.MESSAGES[payload[0]].decode(payload[2:])
                self.heard.append(message)
                self._script(self, message, payload[1])


@pytest.fixture
def obedient() -> Script:
    """The script of a handset that behaves as it should."""
    return _obey


def _obey(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
    match message:
        case wire.Hello():
            handset.reply(wire.HelloReply(major=wire.PROTOCOL_MAJOR), request)
        case wire.InfoGet():
            handset.reply(INFO, request)
        case wire.ConfigGet(key=key):
            default = _field(key).encode(_field(key).default)
            value = handset.settings[key]
            handset.reply(wire.ConfigValue(key, int(value == default), value), request)
        case wire.ConfigSet(entries=entries):
            handset.settings.update({entry.key: entry.value for entry in entries})
            handset.generation += 1
            handset.reply(wire.ConfigApplied(handset.generation), request)
        case wire.Restart():
            handset.reply(wire.Restarting(), request)


def _field(key: int) -> wire.ConfigField:
    return next(field for field in wire.CONFIG.values() if field.key == key)


INFO = wire.Info(
    identity=7001,
    board="lilygo_t_a7670",
    firmware="0.1.0",
    micropython="1.28.0",
    issued=1,
    uptime_s=61,
    battery_pct=255,
    reset_cause=wire.ResetCause.POWER_ON,
    imei="866123040000012",
    config_generation=4,
)

StartHandset = Callable[[Script], ScriptedHandset]


@pytest.fixture
def start_handset() -> Iterator[StartHandset]:
    """Start handsets with a script each; all are gone after the test."""
    started: list[ScriptedHandset] = []

    def start(script: Script) -> ScriptedHandset:
        started.append(ScriptedHandset(script))
        return started[-1]

    yield start
    for handset in started:
        handset.stop()


@pytest.fixture
def handset(start_handset: StartHandset) -> ScriptedHandset:
    return start_handset(_obey)


@pytest.fixture
def passed_run() -> RunRecord:
    """A run in which everything went well; pressed at 15 s after scenario zero."""
    return _passed_run()


_PRESS_US = 15_000_000
_NUMBER, _POINT = "+447700900001", "+447700900112"
_TEXT = (
    'A"ML=1;lt=+50.21734;lg=-1.83021;rd=38;top=20260101120031;lc=68;pm=G;'
    "si=001010000000000;ei=866123040000012;mcc=001;mnc=01;ml=127"
)
_MARKS = (
    (Stage.PRESSED, 0, Reporter.FIXTURE),
    (Stage.PRESSED, 200, Reporter.FIRMWARE),
    (Stage.RECOGNISED, 1_004_000, Reporter.FIRMWARE),
    (Stage.ACKNOWLEDGED, 1_005_000, Reporter.FIRMWARE),
    (Stage.DIALLED, 1_062_000, Reporter.FIRMWARE),
    (Stage.TAG_SENT, 2_800_000, Reporter.FIRMWARE),
    (Stage.ALERTING, 3_301_000, Reporter.FAR_END),
    (Stage.MODEM_CONNECTED, 3_352_000, Reporter.FIRMWARE),
    (Stage.ANSWERED, 4_733_000, Reporter.FAR_END),
    (Stage.TAG_RECEIVED, 5_400_000, Reporter.ANSWER_POINT),
    (Stage.TAG_SHOWN, 5_400_000, Reporter.ANSWER_POINT),
    (Stage.ANSWER_CONFIRMED, 8_120_000, Reporter.FIRMWARE),
    (Stage.FIX_ACQUIRED, 9_930_000, Reporter.FIRMWARE),
    (Stage.LOCATION_SENT, 11_400_000, Reporter.FIRMWARE),
    (Stage.LOCATION_RECEIVED, 14_900_000, Reporter.ANSWER_POINT),
    (Stage.CLOSED, 52_000_000, Reporter.FIRMWARE),
)
_NOTICES = (
    (wire.Notice.RAISED, 1_005_000),
    (wire.Notice.CONNECTED, 3_400_000),
    (wire.Notice.ANSWERED, 8_140_000),
    (wire.Notice.CLOSED, 52_010_000),
)


def _passed_run() -> RunRecord:
    report = wire.TagReport(
        activation=3,
        priority=wire.Priority.EMERGENCY,
        attempt=1,
        battery_pct=83,
        fix_source=wire.FixSource.LAST_KNOWN,
        lat_deg_e7=502_175_000,
        lon_deg_e7=-18_310_000,
        radius_m=120,
        fix_age_s=412,
    )
    received_us = _PRESS_US + 14_900_000
    return RunRecord(
        board="lilygo_t_a7670",
        seed=7,
        scenario="one press",
        vm_version="MicroPython 1.28.0",
        heap_limit_bytes=327_680,
        heap_peak_bytes=141_232,
        digest="9f" * 32,
        outcome=wire.Outcome.ANSWERED,
        marks=[StageMark(stage, _PRESS_US + t_us, who) for stage, t_us, who in _MARKS],
        notices_felt=[NoticeMark(notice, _PRESS_US + t_us) for notice, t_us in _NOTICES],
        notices_claimed=[NoticeMark(notice, _PRESS_US + t_us - 5) for notice, t_us in _NOTICES],
        allowed_numbers=[_POINT],
        dialled_numbers=[_POINT],
        texts=[TextMark(received_us, _NUMBER, _TEXT, parse_aml(_TEXT))],
        tags=[TagMark(_PRESS_US + 5_400_000, _NUMBER, 7001, 257, report)],
        acknowledgements=[AcknowledgementSent(_PRESS_US + 5_410_000, _NUMBER)],
        at_transcript=[AtLine(_PRESS_US + 1_062_000, True, f"ATD{_POINT};")],
        link_transcript=[LinkMessage(_PRESS_US, True, "TraceEvent", "code=1")],
        journal=[wire.JournalEntry(sequence=1, kind=wire.JournalKind.PRESSED)],
    )
