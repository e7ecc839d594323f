"""A scripted handset: a thread that speaks the secured link on a real pty."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent
if "micropython" not in sys.modules:  # which the firmware's channel asks for one name
    stub = ModuleType("micropython")
    stub.const = lambda value: value  # type: ignore[attr-defined]
    sys.modules["micropython"] = stub
for folder in (HERE.parents[1] / "firmware", HERE / "ends"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from handset_end import KEYS, Character, HandsetEnd  # noqa: E402 # the folders come first
from pty_handset import PtyHandset  # noqa: E402

from tocsin_host import wire  # noqa: E402
from tocsin_host.answerpoint import parse_aml  # noqa: E402
from tocsin_host.keys import HandsetKeys, KeyStore  # noqa: E402
from tocsin_host.measure import (  # noqa: E402
    AcknowledgementSent,
    AtLine,
    LinkMessage,
    NoticeMark,
    RunRecord,
    StageMark,
    TagMark,
    TextMark,
)
from tocsin_host.wire import Reporter, Stage  # noqa: E402

Script = Callable[["ScriptedHandset", wire.Message, int], None]


class ScriptedHandset(PtyHandset):
    """Opens a session by itself; `script` is called with each request in one, on its thread."""

    def __init__(self, script: Script, character: Character | None = None) -> None:
        super().__init__()
        self.settings: dict[int, bytes] = {
            field.key: field.encode(field.default) for field in wire.CONFIG.values()
        }
        self.generation = 1
        self.end = HandsetEnd(lambda message, request: script(self, message, request), character)
        self.live(self.end)

    @property
    def asked(self) -> list[wire.Message]:
        """What it was asked in sessions, but for their ends."""
        apart = (wire.Hello, wire.HandshakeStart, wire.SessionEnd)
        return [message for message in self.end.heard if not isinstance(message, apart)]

    def reply(self, message: wire.Message, request: int) -> None:
        self.end.reply(message, request)


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyStore:
    """The user's folder of keys, with those of the scripted handset."""
    monkeypatch.setenv("TOCSIN_KEYS", str(tmp_path / "keys"))
    store = KeyStore(tmp_path / "keys")
    store.save(HandsetKeys(7001, KEYS))
    return store


@pytest.fixture
def obedient() -> Script:
    """The script of a handset that behaves as it should."""
    return _obey


def _obey(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
    answer = _about(message) or _config(handset, message) or _area(handset, message)
    if answer is not None:
        handset.reply(answer, request)


def _about(message: wire.Message) -> wire.Message | None:
    match message:
        case wire.InfoGet():
            return INFO
        case wire.StatusGet():
            return STATUS
        case wire.Restart():
            return wire.Restarting()
        case wire.TimeGet():
            return wire.TimeReply(1_767_268_800, 61_000, wire.TimeSource.NETWORK)
        case wire.TimeSet(utc_s=utc_s):
            return wire.TimeReply(utc_s, 61_000, wire.TimeSource.HOST)
    return None


def _config(handset: ScriptedHandset, message: wire.Message) -> wire.Message | None:
    defaults = {field.key: field.encode(field.default) for field in wire.CONFIG.values()}
    match message:
        case wire.ConfigGet(key=key):
            value = handset.settings[key]
            return wire.ConfigValue(key, int(value == defaults[key]), value)
        case wire.ConfigSet(entries=entries):
            handset.settings.update({entry.key: entry.value for entry in entries})
        case wire.ConfigReset(keys=keys):
            handset.settings.update({key: defaults[key] for key in keys or defaults})
        case wire.ConfigDiffGet(after_key=after):
            changed = [key for key in defaults if handset.settings[key] != defaults[key]]
            (key, *more) = [key for key in changed if key > after] or [0]
            entry = wire.ConfigEntry(key, handset.settings[key] if key else b"")
            return wire.ConfigDiff([entry] if key else [], int(bool(more)))
        case _:
            return None
    handset.generation += 1
    return wire.ConfigApplied(handset.generation)


def _area(handset: ScriptedHandset, message: wire.Message) -> wire.Message | None:
    match message:
        case wire.JournalGet(from_sequence=first):
            page = [line for line in JOURNAL if line.sequence >= first][:2]
            after = page[-1].sequence + 1 if page else first
            return wire.JournalEntries(page, after, JOURNAL[0].sequence)
        case wire.JournalAck(through=through):
            return wire.JournalAcked(through)
        case wire.Claim(identity=identity):
            return wire.Claimed(identity, 1)
        case wire.Wipe(identity=identity):
            wrong = wire.Failure(wire.FailureCode.WRONG_IDENTITY, "not that one")
            return wire.Wiped() if identity == INFO.identity else wrong
    return None


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

STATUS = wire.Status(
    battery_mv=3912,
    battery_pct=255,
    registration=wire.Registration.ROAMING,
    signal_dbm=-91,
    gnss=wire.GnssState.SEARCHING,
    fix_age_s=65535,
    journal_next=7,
    storage_free_bytes=90_112,
)
JOURNAL = [
    wire.JournalLine(3, 800, 0, wire.JournalKind.BOOT, wire.ResetCause.WATCHDOG),
    wire.JournalLine(4, 7_000, 1_767_268_800, wire.JournalKind.PRESSED, 0, 12),
    wire.JournalLine(6, 9_000, 1_767_268_802, wire.JournalKind.CLOSED, wire.Outcome.ANSWERED, 12),
]

StartHandset = Callable[..., ScriptedHandset]


@pytest.fixture
def start_handset() -> Iterator[StartHandset]:
    """Start handsets with a script each; all are gone after the test."""
    started: list[ScriptedHandset] = []

    def start(script: Script, character: Character | None = None) -> ScriptedHandset:
        started.append(ScriptedHandset(script, character))
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
