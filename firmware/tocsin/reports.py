"""What goes out beside the call: the sealed tag report at once, the AML text when it is due."""

import asyncio

from micropython import const

from tocsin import tag, wire
from tocsin.location.aml import aml_text
from tocsin.modem import pdu

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from tocsin.activation import Activation
    from tocsin.call import Call
    from tocsin.history import History
    from tocsin.location.locator import Locator
    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import OnFault, Pause
    from tocsin.power import Battery
    from tocsin.storage.config import Config
    from tocsin.storage.counter import CounterLease
    from tocsin.trace import Trace
    from tocsin.utc import UtcClock

_LOOK_MS = const(250)
# Once the first tag and text are out, an update may wait.
_SLOW_LOOK_MS = const(3_000)
# An SMS holds the AT line for seconds: a call being set up goes first, for this long.
_CALL_FIRST_MS = const(8_000)
_RETRY_MS = const(3_000)
_TURN_MS = const(50)
# A report the network has taken may be lost all the same: until one is acknowledged there is
# another, after this time and then twice as long each time, up to eleven minutes.
_AGAIN_MS = const(20_000)
_MAX_DOUBLINGS = const(5)
_LOW_PCT = const(10)
_NO_AGE = const(65_535)
_MAX_RADIUS_M = const(65_535)


class Reports:
    """Sends the tag and the location texts of an activation."""

    def __init__(
        self,
        activation: "Activation",
        call: "Call",
        modem: "CellularModem",
        locator: "Locator",
        battery: "Battery",
        config: "Config",
        counter: "CounterLease",
        utc: "UtcClock",
        trace: "Trace",
        history: "History",
        pause: "Pause",
        on_fault: "OnFault",
    ) -> None:
        self._activation = activation
        self._call = call
        self._modem = modem
        self._locator = locator
        self._battery = battery
        self._config = config
        self._counter = counter
        self._utc = utc
        self._trace = trace
        self._history = history
        self._pause = pause
        self._on_fault = on_fault
        self._number = 0
        # What the report under way says: by the time it is accepted there may be a better fix.
        self._said_source = wire.FIX_NONE
        self._said_radius_m = 0
        self._said_duress = False
        self._told_duress = False
        self._tags_sent = 0
        self._tag_age_ms = 0
        self._text_sent = False
        self._tag_has_turn = False
        self._check_in: Callable[[], None] = self.wake

    def wake(self) -> None:
        """Let the task check in."""
        self._activation.started.set()

    async def run(self, check_in: "Callable[[], None]") -> None:
        """Serve each activation; for ever."""
        self._check_in = check_in
        while True:
            await self._activation.started.wait()
            check_in()
            if not self._activation.is_open:
                self._activation.started.clear()
                continue
            await self._serve()

    async def _serve(self) -> None:
        self._tags_sent = 0
        self._text_sent = False
        self._tag_has_turn = False
        self._number = self._activation.number
        self._locator.begin()
        while self._is_served():
            self._check_in()
            step = self._due()
            if step is None:
                await asyncio.sleep_ms(_SLOW_LOOK_MS if self._has_sent_all() else _LOOK_MS)
            else:
                await self._take(step)
            self._check_end()
        if not self._activation.is_open:
            self._locator.end()
            await self._modem.gnss_off()

    def _check_end(self) -> None:
        """Close an activation that is over its limit, or out of battery with all done for once."""
        activation = self._activation
        activation.check_limit()
        is_spent = self._battery.is_empty() and activation.attempt > 1 and not self._call.is_up
        if is_spent and self._is_served() and not self._is_tag_due() and self._has_texted():
            activation.end(wire.OUTCOME_BATTERY)

    def _is_served(self) -> bool:
        return self._activation.is_open and self._activation.number == self._number

    def _due(self) -> "Callable[[], Coroutine[Any, Any, None]] | None":
        """The next step; tag and text in turn, so that one that fails never starves the other."""
        modem = self._modem
        if self._is_call_only():
            if modem.is_gnss_on:
                return modem.gnss_off
        elif modem.is_gnss_due():
            return modem.keep_gnss_on
        if not self._is_line_free():
            return None
        is_tag_due, is_text_due = self._is_tag_due(), self._is_text_due()
        self._tag_has_turn = is_tag_due and not (self._tag_has_turn and is_text_due)
        if self._tag_has_turn:
            return self._send_tag
        return self._send_text if is_text_due else None

    async def _take(self, step: "Callable[[], Coroutine[Any, Any, None]]") -> None:
        """A report that cannot be made is a fault; it costs neither the call nor the others."""
        try:
            await step()
            # Between two of them others have the line: is the call still there?
            await asyncio.sleep_ms(_TURN_MS)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is reported
            self._on_fault("reports", error)
            await asyncio.sleep_ms(_RETRY_MS)

    def _has_sent_all(self) -> bool:
        is_located = self._text_sent and self._locator.has_told_live
        return (is_located or self._is_call_only()) and not self._is_tag_due()

    def _has_texted(self) -> bool:
        return self._text_sent or not self._config.get("text_number")

    def _is_call_only(self) -> bool:
        """Whether one text is out, and the charge that is left is the call's."""
        return self._has_texted() and self._battery.percent() < _LOW_PCT

    def _is_tag_due(self) -> bool:
        has_number = bool(self._config.get("report_number"))
        is_news = not self._tags_sent or self._told_duress != self._activation.is_duress
        is_wanted = is_news or self._is_unheard()
        return is_wanted and has_number and tag.has_key(self._config)

    def _is_unheard(self) -> bool:
        """Whether a call is up and no report was acknowledged for so long."""
        activation = self._activation
        wait_ms = _AGAIN_MS << min(self._tags_sent - 1, _MAX_DOUBLINGS)
        is_late = activation.age_ms() - self._tag_age_ms >= wait_ms
        return is_late and self._call.is_up and not activation.is_confirmed

    def _is_text_due(self) -> bool:
        if not self._config.get("text_number") or (self._text_sent and self._is_call_only()):
            return False
        return self._locator.is_due(self._activation.age_ms())

    async def _send_tag(self) -> None:
        if await self._sent(await self._tag_pdu()):
            self._tags_sent += 1
            self._told_duress = self._said_duress
            self._tag_age_ms = self._activation.age_ms()
            self._note(wire.STAGE_TAG_SENT, wire.JOURNAL_TAG_SENT)

    async def _send_text(self) -> None:
        if await self._sent(await self._text_pdu()):
            self._text_sent = True
            self._locator.sent(self._said_radius_m)
            self._note(wire.STAGE_LOCATION_SENT, wire.JOURNAL_LOCATION_SENT)

    def _is_line_free(self) -> bool:
        call = self._call
        is_late = call.is_up and call.since_dial_ms() >= _CALL_FIRST_MS
        return self._modem.is_ready and (call.is_settled or is_late)

    def _note(self, stage: int, kind: int) -> None:
        self._trace.stage(stage, self._activation.attempt, self._said_source)
        self._history.note(kind, self._said_source, self._number)

    async def _sent(self, message: "tuple[bytes, int]") -> bool:
        await self._pause()
        pdu_hex, tpdu_bytes = message
        if await self._modem.send(pdu_hex, tpdu_bytes, self._check_in):
            return True
        await asyncio.sleep_ms(_RETRY_MS)
        return False

    async def _tag_pdu(self) -> "tuple[bytes, int]":
        await self._modem.refresh_cell()
        report = self._report()
        await self._pause()
        return await tag.message(report, self._config, self._counter.take(), self._pause)

    def _report(self) -> "wire.TagReport":
        report = wire.TagReport()
        report.activation = self._number
        report.priority = self._activation.priority
        report.attempt = self._activation.attempt
        report.press_age_ms = self._activation.age_ms()
        report.battery_pct = self._battery.percent()
        self._add_position(report)
        cell = self._modem.cell
        report.mcc = int(cell.mcc or "0")
        report.mnc = int(cell.mnc or "0")
        report.area = cell.area & 0xFFFF
        report.cell = cell.cell
        self._said_duress = self._activation.is_duress
        report.duress = int(self._said_duress)
        return report

    def _add_position(self, report: "wire.TagReport") -> None:
        report.fix_source = self._said_source = self._locator.source()
        report.fix_age_s = _NO_AGE
        fix = self._locator.position()
        if fix is None:
            return
        report.lat_deg_e7 = fix.lat_deg_e7
        report.lon_deg_e7 = fix.lon_deg_e7
        report.radius_m = min(fix.radius_m, _MAX_RADIUS_M)
        report.fix_age_s = min(self._locator.age_ms() // 1000, _NO_AGE - 1)

    async def _text_pdu(self) -> "tuple[bytes, int]":
        if not self._utc.is_known:
            civil = await self._modem.utc()
            if civil is not None:
                self._utc.learn(civil)
        modem = self._modem
        self._said_source = self._locator.source()
        self._said_radius_m = self._locator.live_radius_m()
        text = aml_text(
            self._locator.position(),
            self._utc.now(),
            modem.imsi,
            modem.imei,
            modem.cell.mcc or modem.imsi[:3],
            modem.cell.mnc or modem.imsi[3:5],
        )
        await self._pause()
        return pdu.submit_text(self._config.get("text_number"), text)
