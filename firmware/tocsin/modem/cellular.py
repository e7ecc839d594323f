"""A cellular modem by 3GPP TS 27.007 and 27.005 alone; families override what they do otherwise."""

import asyncio

from micropython import const

from tocsin.modem import answers, at, pdu
from tocsin.modem.answers import CALL_DISCONNECTED, CALL_NONE, CALL_UNKNOWN
from tocsin.modem.ladder import Ladder
from tocsin.signal import Signal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.guard import DialGuard
    from tocsin.parts import Clock, ModemPower, OnWait, Port, PositionParser, Ticks
    from tocsin.utc import Civil

COMMAND_MS = const(9_000)
_DIAL_MS = const(5_000)
# A76XX manual: 40 s; the network's own time limit was seen at 60 s, and its word then counts.
_SMS_MS = const(65_000)
_SIM_MS = const(2_000)
_PROBE_MS = const(300)
# A SIM that starts is busy for up to 30 s (domain 7).
_INSIST_MS = const(5_000)
_INSISTENCES = const(7)
# What never answers one line of its set-up may dial all the same.
_TRIES = const(3)
# From hanging up until the network has let go of the call.
_RELEASE_MS = const(300)
# What `_gnss_step` returns when there is none after it.
GNSS_DONE = const(-1)

# Codes of JOURNAL_FAULT: 0 is a task that failed.
_TROUBLE_SIM = const(1)  # value: answers.SIM_*
_TROUBLE_SILENT = const(2)  # it does not answer, and its power key did not help

_CLCC = b"+CLCC:"
_CPIN = b"+CPIN:"
_REGISTRATION = (b"+CREG:", b"+CEREG:")
# Faults of modem, PDU, SIM and memory (27.005 clause 3.2.5).
_NOT_THE_WAY = range(300, 330)
# A modem that never heard the network's time starts in 1970 or 1980, written 70 or 80.
_YEARS = range(2024, 2070)


class Cell:
    """The serving cell: country, network, area and cell numbers; zero when unknown."""

    def __init__(self) -> None:
        self.mcc = ""
        self.mnc = ""
        self.area = 0
        self.cell = 0

    def take(self, mcc: bytes, mnc: bytes, area: int, cell: int) -> None:
        """Take these, if they are a cell at all."""
        is_network = len(mcc) == 3 and len(mnc) in (2, 3) and (mcc + mnc).isdigit()
        if is_network and 0 <= area < 1 << 32 and 0 <= cell < 1 << 32:
            self.mcc, self.mnc, self.area, self.cell = mcc.decode(), mnc.decode(), area, cell


class CellularModem:
    """Calls, texts, identity and time over one AT line.

    `on_data(sender, port, payload)` gets each 8-bit SMS with a port header; `on_sentence` each
    position its own receiver tells, as a line for a `PARSER`. `on_trouble(code, value)` hears of
    what the modem cannot mend by itself, `code` as in JOURNAL_FAULT: once each time it changes, and
    once more in an alarm that meets it.
    """

    # The order counts: nothing is told before it is asked for. In one piece: each command of its
    # own would take two blocks of the heap.
    SETUP = (
        b"ATE0 AT+CMEE=1 AT+CVHU=0 AT+CLCC=1 AT+CMGF=0 AT+CNMI=2,2,0,0,0 AT+CTZU=1"
        b" AT+CREG=1 AT+CEREG=1"
    )
    # Who raises an alarm may be overheard: the microphone is open, the earpiece silent.
    AUDIO = b" AT+CLVL=0 AT+CMUT=0"
    # Ways for a text, one after the other while the network refuses: circuit switched, packet
    # switched, packet switched preferred (27.005 clause 3.4.5, +CGSMS).
    BEARERS = b"\x01\x00\x02"
    GNSS_PROBE = b""
    PARSER: "Callable[..., PositionParser]"
    on_trouble: "Callable[[int, int], None]"
    # How long its power key is pressed to start and to stop it, the time from the latter until
    # it can be started, and until it hears once started.
    KEY_ON_MS = 600
    KEY_OFF_MS = 3_000
    OFF_MS = 5_000
    BOOT_MS = 30_000

    def __init__(
        self,
        port: "Port",
        power: "ModemPower",
        clock: "Clock",
        guard: "DialGuard",
        on_data: "Callable[[str, int, bytes], None]",
        on_sentence: "Callable[[bytes | bytearray, int, int], None]",
    ) -> None:
        self._power = power
        self._clock = clock
        self._guard = guard
        self._on_data = on_data
        self._on_sentence = on_sentence
        self.engine = at.AtEngine(port, clock, self._on_line, on_sentence)
        self._lines: list[bytes | None] = [None, None]
        self._pdu_follows = False
        self.call_state = CALL_NONE
        self.call_ended = False
        self._is_listed = False  # since the modem last said that the call was over
        self._is_late = False
        self._is_refused = False  # the list, when last asked for
        self.changed = Signal()
        self._deaf = asyncio.Event()
        self._ladder = Ladder(power, self)
        self.is_ready = False
        self._registrations = [answers.NO_CODE, answers.NO_CODE]
        self.model = ""
        self.refused: list[bytes] = []
        self.uses_gnss = True
        self.has_gnss = False
        self.sim = self._doubted_sim = answers.SIM_UNKNOWN
        self.imei = ""
        self.imsi = ""
        self.cell = Cell()
        self._bearer = 0
        self._gnss_wait_ms = 0
        self._gnss_ticks: Ticks = 0
        self.is_gnss_on = False

    # -- power

    async def keep(self) -> None:
        """Bring the modem up, and again whenever `restart` asks for it; for ever."""
        while True:
            await self.start()
            for _ in range(_INSISTENCES):
                if self.refused and not self._deaf.is_set():
                    await asyncio.sleep_ms(_INSIST_MS)
                    await self._set_up()
            self.refused = []
            await self._deaf.wait()

    def restart(self) -> None:
        """Ask for the modem to be brought up again: it no longer answers, or has forgotten all.

        Not while it is busy with a text: it hears nothing else then, and may hold a live call.
        """
        if not self.engine.owes_text():
            self.is_ready = False
            self._deaf.set()

    def cycle(self) -> None:
        """Ask for the modem's power to be cycled: it answers, but does not what it should."""
        self._ladder.must_cycle = True
        self.restart()

    async def start(self) -> None:
        """Bring the modem up and set it up, however long that takes; the ladder ends nowhere."""
        self._registrations = [answers.NO_CODE, answers.NO_CODE]
        self._forget_gnss()
        self._power.wake()
        self._power.rail_on()
        while not self.is_ready:
            self._deaf.clear()
            is_up = await self._ladder.climb()
            is_set_up = is_up and await self._set_up()
            self._ladder.count(is_up, is_set_up)
            self.is_ready = is_set_up and not self._deaf.is_set()
            if self._ladder.in_vain == 1 + is_up:
                self.tell_if_silent()
        self.imei = self.imsi = ""
        await self.identify()

    def tell_if_silent(self) -> None:
        """Tell, of a modem that does not answer, that it does not."""
        if self._ladder.in_vain:
            self.on_trouble(_TROUBLE_SILENT, 0)

    def wake(self) -> None:
        """Wake the modem from sleep; it answers some 50 ms later."""
        self._power.wake()

    def allow_sleep(self) -> None:
        """Let the modem sleep once set up whole; it stays registered, tells of calls and texts."""
        if not self.refused:
            self._power.allow_sleep()

    async def answers(self, within_ms: int) -> bool:
        """Whether the modem answers within that time."""
        for _ in range(within_ms // _PROBE_MS):
            status, _ = await self.engine.command(b"AT", _PROBE_MS)
            if status == at.OK:
                return True
        return False

    # -- set-up, identity, SIM and service

    async def _set_up(self) -> bool:
        """Set the modem up and ask what it can; `refused` is what it does not take as yet."""
        refused = []
        for line in (self.SETUP + self.AUDIO).split():
            status, _ = await self.engine.command(line, COMMAND_MS)
            if status == at.TIMED_OUT and self._ladder.in_vain < _TRIES:
                return False
            if status != at.OK:
                refused.append(line)
        _, info = await self.engine.command(b"AT+CGMM", COMMAND_MS, at.WORDS)
        self.model = info[0].decode() if info else ""
        probe = self.GNSS_PROBE if self.uses_gnss else b""
        self.has_gnss = bool(probe) and await self._is_ok(probe)
        if probe and not self.has_gnss:
            refused.append(probe)
        self.refused = refused
        return True

    async def identify(self) -> None:
        """Ask once more for what is not known yet: a SIM is busy for a while after start."""
        self.imei = self.imei or await self._digits(b"AT+CGSN")
        self.imsi = self.imsi or await self._digits(b"AT+CIMI")
        if not self.imsi or self.doubts_sim:
            await self._ask_sim()
        if not self.has_service:
            await self.ask_registration()

    async def _digits(self, line: bytes) -> str:
        _, info = await self.engine.command(line, COMMAND_MS, at.DIGITS)
        return info[0].decode() if info else ""

    async def _is_ok(self, line: bytes) -> bool:
        status, _ = await self.engine.command(line, COMMAND_MS)
        return status == at.OK

    async def check_sim(self, check_in: "Callable[[], None]", is_told: bool) -> None:
        """Look whether it is the SIM that calls fail for; tell it anew unless it is told."""
        was_without = self.is_without_sim
        await self._ask_sim(check_in)
        if was_without and not is_told:
            self._tell_of_sim()

    async def _ask_sim(self, on_wait: "OnWait | None" = None) -> None:
        """Ask for the SIM's state. No PIN is ever entered: three wrong ones lock the SIM."""
        status, info = await self.engine.command(
            b"AT+CPIN?", _SIM_MS, _CPIN, on_wait, gives_way=on_wait is not None
        )
        if status == at.FAILED:
            self._take_sim(answers.sim_of_error(self.engine.error))
        elif info:
            self._take_sim(answers.parse_sim(info[0]))

    def _take_sim(self, state: int) -> None:
        """A SIM that starts says for a moment that it is missing or faulty: once is no proof."""
        if state == answers.SIM_UNKNOWN:
            return
        is_sure = state in (answers.SIM_READY, self._doubted_sim)
        self._doubted_sim = answers.SIM_UNKNOWN
        if state == self.sim:
            return
        if not is_sure:
            self._doubted_sim = state
            return
        self.sim = state
        self._tell_of_sim()

    def _tell_of_sim(self) -> None:
        if self.is_without_sim:
            self.on_trouble(_TROUBLE_SIM, self.sim)

    @property
    def is_without_sim(self) -> bool:
        """Whether the SIM was found to be missing, locked or faulty."""
        return self.sim > answers.SIM_READY

    @property
    def doubts_sim(self) -> bool:
        """Whether the SIM is to be asked for again."""
        return self.is_without_sim or self._doubted_sim != answers.SIM_UNKNOWN

    async def ask_registration(self) -> None:
        """Bring `registration` up to date: a modem that stayed on does not tell it again."""
        for place, name in enumerate(_REGISTRATION):
            line = b"AT" + name[:-1] + b"?"
            _, info = await self.engine.command(line, COMMAND_MS, name)
            told = answers.parse_registration(info[-1]) if info else answers.NO_CODE
            self._registrations[place] = told

    @property
    def registration(self) -> int:
        """Home 1, roaming 5, emergency calls only 8, else what is short of that (27.007 7.2)."""
        for state in answers.REGISTERED:
            if state in self._registrations:
                return state
        return max(self._registrations)

    @property
    def has_service(self) -> bool:
        """Whether a call can be expected to go out, an emergency call at least."""
        return self.registration in answers.CAN_CALL

    # -- calls

    def prepare(self, numbers: "list[str]", issued: bool, allowed: "list[str]") -> None:
        """Make the dial commands for the numbers the guard permits; the others dial nothing."""
        self._lines = [
            b"ATD" + number.encode() + b";\r"
            if self._guard.permits(number, issued, allowed)
            else None
            for number in numbers
        ]

    def can_dial(self, choice: int) -> bool:
        """Whether a dial command exists for this choice of number."""
        return choice < len(self._lines) and self._lines[choice] is not None

    def dial(self, choice: int, on_dialled: "Callable[[], None]") -> bool:
        """Dial a prepared number; False if there is none. Allocates nothing."""
        if not self.can_dial(choice):
            return False
        self.call_state = CALL_UNKNOWN
        self.call_ended = False
        line = self._lines[choice]
        if line is not None:
            self.engine.dial(line, on_dialled)
        return True

    async def dialled(self) -> None:
        """Wait for the modem's answer to the dial command; a refusal ends the call."""
        status = await self.engine.dialled(_DIAL_MS)
        if status == at.FAILED:
            self.call_ended = True
            self._take_sim(answers.sim_of_error(self.engine.error))
        if status != at.OK:
            self.changed.set()

    @property
    def has_call(self) -> bool:
        """Whether a call of ours was listed when last asked or told."""
        return self.call_state in answers.CALLS

    def adopt_call(self) -> None:
        """Take the listed call for one that was just dialled."""
        self.call_ended = False

    async def poll_call(self, check_in: "Callable[[], None]", is_urgent: bool = False) -> bool:
        """Ask for the list of calls and bring `call_state` up to date; False if deaf.

        Overtakes a text under way when urgent and when the call is said to have ended, until it is
        listed all the same; a modem that cannot list its calls is then believed. What answers a
        text that was overtaken is no list.
        """

        def on_wait() -> bool:
            check_in()
            return is_urgent or (self.call_ended and not self._is_listed)

        self._is_late = False
        status, info = await self.engine.command(
            b"AT+CLCC", COMMAND_MS, _CLCC, on_wait, gives_way=True
        )
        if status == at.TIMED_OUT:
            return False
        is_list = status == at.OK and (info or not self._is_late)
        state = answers.parse_calls(info) if is_list else None
        if state is not None:
            self._on_call(state)
        elif status == at.FAILED and self.call_ended:
            # Once, that may be the late answer to a text that was overtaken.
            if self._is_refused:
                self._on_call(CALL_NONE)
            self._is_refused = not self._is_refused
        return True

    async def hang_up(self) -> None:
        """End every call. Never used on a call that may be connected."""
        await self.engine.command(b"AT+CHUP", COMMAND_MS, on_wait=at.always)
        await asyncio.sleep_ms(_RELEASE_MS)

    # -- texts, time and place

    async def send(self, pdu_hex: bytes, tpdu_bytes: int, on_wait: "Callable[[], None]") -> bool:
        """Submit one SMS; True once the network has accepted it, a minute at most."""
        line = b"AT+CMGS=%d" % tpdu_bytes
        status = await self.engine.message(line, pdu_hex, _SMS_MS, on_wait)
        if status == at.OK:
            return True
        await self._change_bearer(status)
        return False

    async def _change_bearer(self, status: int) -> None:
        """Have the next text go another way, unless it was not the way that failed."""
        code = answers.error_code(self.engine.error)
        if status != at.FAILED or code in _NOT_THE_WAY:
            return
        line = b"AT+CGSMS=%d" % self.BEARERS[self._bearer]
        self._bearer = (self._bearer + 1) % len(self.BEARERS)
        await self.engine.command(line, COMMAND_MS)

    async def utc(self) -> "Civil | None":
        """UTC by the network's time and zone (27.007 clause 8.15); None while it is not known."""
        _, info = await self.engine.command(b"AT+CCLK?", COMMAND_MS, b"+CCLK:")
        civil = answers.parse_clock(info[0]) if info else None
        return civil if civil is not None and civil[0] in _YEARS else None

    async def refresh_cell(self) -> None:
        """Bring `cell` up to date with the serving cell; families that cannot tell keep zeros."""

    def is_gnss_due(self) -> bool:
        """Whether `keep_gnss_on` has a step to take now."""
        if not (self.is_ready and self.has_gnss) or self._gnss_wait_ms == GNSS_DONE:
            return False
        since_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._gnss_ticks)
        return self._gnss_wait_ms == 0 or since_ms >= self._gnss_wait_ms

    async def keep_gnss_on(self) -> None:
        """Take the next step towards a running receiver, or ask it for a position."""
        self._gnss_ticks = self._clock.ticks_ms()
        self._gnss_wait_ms = GNSS_DONE
        self._gnss_wait_ms = await self._gnss_step()

    async def _gnss_step(self) -> int:
        """Milliseconds until the next step, GNSS_DONE when there is none."""
        return GNSS_DONE

    def _forget_gnss(self) -> None:
        self.is_gnss_on = False
        self._gnss_wait_ms = 0

    async def gnss_off(self) -> None:
        """Switch the modem's own receiver off."""
        if self.has_gnss:
            self._forget_gnss()
            await self._gnss_stop()

    async def _gnss_stop(self) -> None:
        """Tell the receiver to stop."""

    # -- unsolicited lines

    def _on_line(self, line: bytes) -> None:
        if self._pdu_follows:
            self._pdu_follows = False
            self._on_pdu(line)
        elif line.startswith(b"+CMT:"):
            self._pdu_follows = True
        elif line.startswith(_CLCC):
            state = answers.parse_call(line)
            if state is not None and state != CALL_NONE:
                self._on_call(state)
        elif line.startswith(_REGISTRATION):
            place = int(line.startswith(_REGISTRATION[1]))
            self._registrations[place] = answers.parse_registration(line)
        elif line.startswith(_CPIN):
            self._take_sim(answers.parse_sim(line))
        elif line.startswith(b"+CMGS:"):
            self._is_late = True
        elif line in at.CALL_OVER:
            self._on_call_over()
        elif line == b"RDY":
            self._on_restarted()
        else:
            self._on_other(line)

    def _on_other(self, line: bytes) -> None:
        """An unsolicited line that 3GPP does not define; families know theirs."""

    def _on_call_over(self) -> None:
        self.call_ended = True
        self._is_listed = False
        self.changed.set()

    def _on_restarted(self) -> None:
        """The modem has started by itself: it has no call and none of its settings."""
        self._forget_gnss()
        self.call_state = CALL_NONE
        self._on_call_over()
        self.engine.owed_until = None
        self.restart()

    def _on_call(self, state: int) -> None:
        if state == CALL_DISCONNECTED:
            self.call_ended = True
            state = CALL_NONE
        self._is_refused = False
        self._is_listed = state != CALL_NONE
        if state != self.call_state:
            if state in (answers.CALL_ALERTING, answers.CALL_ACTIVE):
                self.call_ended = False  # it has gone on: what was said of its end was not true
            self.call_state = state
            self.changed.set()

    def _on_pdu(self, line: bytes) -> None:
        data = pdu.deliver_data(line)
        if data is not None:
            self._on_data(*data)
