"""How ready the handset is to raise an alarm, and what a look at all its parts finds."""

import asyncio
import os

from micropython import const

from tocsin import wire
from tocsin.link.handlers.quiet import uncut
from tocsin.refusal import Refusal
from tocsin.storage import fault
from tocsin.storage.erase import MARK
from tocsin.storage.journal_reader import JournalReader
from tocsin.wire_dialogue import FAILURE_BUSY
from tocsin.wire_dialogue.status import (
    GNSS_FIXED,
    GNSS_OFF,
    GNSS_SEARCHING,
    RADIO_ABSENT,
    RADIO_OFF,
    RADIO_ON,
    REGISTRATION_NONE,
    REGISTRATION_UNKNOWN,
    SelfTestFinding,
    SelfTestResult,
    SelfTestRun,
    Status,
    StatusGet,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table

_WAKE_MS = const(100)
_COMMAND_MS = const(1_000)
_NO_AGE = const(65_535)
_STRONGEST = const(31)  # of <rssi> in +CSQ, where 99 is for unknown (27.007 clause 8.5)


def make(handset: "Handset", quiet: "Quiet") -> "StatusArea":
    """The area for one connection."""
    return StatusArea(handset, quiet)


class StatusArea:
    """Answers StatusGet and SelfTestRun."""

    def __init__(self, handset: "Handset", quiet: "Quiet") -> None:
        self._handset = handset
        self._quiet = quiet
        self._registration = REGISTRATION_UNKNOWN
        self._signal_dbm = 0

    def table(self) -> "Table":
        """Which message is answered how."""
        return {
            StatusGet.ID: (StatusGet, self.status),
            SelfTestRun.ID: (SelfTestRun, self.test),
        }

    async def test(self, _request: SelfTestRun, _session: "Session") -> SelfTestResult:
        """Look at everything that makes no sound; an alarm ends it."""
        await self._quiet.turn()
        heartbeat = self._handset.heartbeat
        found = await uncut(heartbeat.have(".selftest"))
        if found is None:
            self._quiet.check()
            raise Refusal(FAILURE_BUSY, "somebody presses, or a health report is being sent")
        return SelfTestResult([SelfTestFinding(*each) for each in found])

    async def status(self, _request: StatusGet, _session: "Session") -> Status:
        """All there is to know; the network as last heard of while an alarm is open."""
        try:
            await self._quiet.turn()
            await self._ask_modem()
        except Refusal:
            pass
        handset = self._handset
        activation = handset.activation
        flash = os.statvfs(handset.board.data_dir)
        fault_uptime_s, fault_utc_s, text = fault.last(handset.board.data_dir)
        return Status(
            battery_mv=handset.board.battery_mv(),
            battery_pct=handset.battery.percent(),
            registration=self._registration,
            signal_dbm=self._signal_dbm,
            gnss=self._gnss(),
            fix_age_s=self._fix_age_s(),
            is_open=int(activation.is_open),
            activation=activation.number if activation.is_open else activation.latest,
            journal_next=handset.journal.next_sequence,
            storage_free_bytes=flash[1] * flash[3],
            faults=handset.faults,
            journal_acked=JournalReader(handset.journal, self._quiet.turn).acknowledged(),
            is_erasing=int(MARK in os.listdir(handset.board.data_dir)),
            radio=self._radio(),
            reset_cause=handset.board.reset_cause,
            fault_uptime_s=fault_uptime_s,
            fault_utc_s=fault_utc_s,
            fault=text,
        )

    def _radio(self) -> int:
        if self._handset.link.is_service_mode:
            return RADIO_ON
        return RADIO_ABSENT if self._handset.board.radio() is None else RADIO_OFF

    def _gnss(self) -> int:
        handset = self._handset
        if not handset.modem.is_gnss_on:
            return GNSS_OFF
        is_live = handset.locator.source() == wire.FIX_GNSS
        return GNSS_FIXED if is_live else GNSS_SEARCHING

    def _fix_age_s(self) -> int:
        locator = self._handset.locator
        if locator.position() is None:
            return _NO_AGE
        return min(locator.age_ms() // 1000, _NO_AGE - 1)

    # -- what only the modem knows

    async def _ask_modem(self) -> None:
        self._registration, self._signal_dbm = REGISTRATION_UNKNOWN, 0
        modem = self._handset.modem
        if not modem.is_ready:
            return
        modem.wake()
        await asyncio.sleep_ms(_WAKE_MS)
        await uncut(modem.ask_registration())
        if modem.registration >= REGISTRATION_NONE:
            self._registration = modem.registration
        self._signal_dbm = signal_dbm(await self._fields(b"AT+CSQ", b"+CSQ:"))

    async def _fields(self, line: bytes, expects: bytes) -> "list[bytes]":
        engine = self._handset.modem.engine
        _, info = await uncut(engine.command(line, _COMMAND_MS, expects))
        return info[0][len(expects) :].split(b",") if info else []


def signal_dbm(fields: "list[bytes]") -> int:
    """What `+CSQ: rssi,ber` says, -113..-51 dBm; 0 when unknown."""
    rssi = _number(fields, 0)
    return 2 * rssi - 113 if 0 <= rssi <= _STRONGEST else 0


def _number(fields: "list[bytes]", place: int) -> int:
    text = fields[place].strip() if place < len(fields) else b""
    return int(text) if text.isdigit() else -1
