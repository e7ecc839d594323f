"""A cellular modem by 3GPP TS 27.007 and 27.005 alone; families override what they do otherwise."""

import asyncio

from micropython import const

from tocsin.modem import at, pdu
from tocsin.signal import Signal
from tocsin.utc import civil_time, seconds_since_2000

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.guard import DialGuard
    from tocsin.parts import Clock, ModemPower, Port
    from tocsin.utc import Civil

_AT_MS = const(1_000)
_COMMAND_MS = const(9_000)
_DIAL_MS = const(5_000)
# A76XX manual: 40 s; the network's own time limit was seen at 60 s.
_SMS_MS = const(60_000)
_PROBE_MS = const(300)
# One that is on but restarting by itself is silent for 10 s; it is given a part of that.
_PROBE_ON_MS = const(3_000)
_PROBE_OFF_MS = const(900)
_BOOT_MS = const(30_000)
_KEY_ON_MS = const(100)
_KEY_OFF_MS = const(3_000)
# From hanging up until the network has let go of the call.
_RELEASE_MS = const(300)

# States of a call in +CLCC (27.007 clause 7.18), and none at all.
CALL_NONE = const(-1)
CALL_ACTIVE = const(0)
CALL_HELD = const(1)
CALL_DIALLING = const(2)
CALL_ALERTING = const(3)
CALL_DISCONNECTED = const(6)
CALL_UNKNOWN = const(-2)
_CALLS = (CALL_ACTIVE, CALL_HELD, CALL_DIALLING, CALL_ALERTING)

_CALL_OVER = (b"NO CARRIER", b"BUSY", b"NO ANSWER", b"NO DIALTONE")
_OUTGOING = b"0"
_REGISTRATION = (b"+CREG:", b"+CEREG:")
# Home, roaming, and emergency calls only as 27.007 clause 7.2 and the A76XX manual number it.
_IN_SERVICE = (b"1", b"5", b"8", b"11")


class Cell:
    """The serving cell: country, network, area and cell numbers; zero when unknown."""

    def __init__(self) -> None:
        self.mcc = ""
        self.mnc = ""
        self.area = 0
        self.cell = 0


class CellularModem:
    """Calls, texts, identity and time over one AT line.

    `on_data(sender, port, payload)` gets each 8-bit SMS with a port header; `on_sentence` each
    NMEA sentence when the receiver shares the line.
    """

    SETUP: "tuple[bytes, ...]" = (
        b"ATE0",
        b"AT+CMEE=1",
        b"AT+CVHU=0",
        b"AT+CLCC=1",
        b"AT+CMGF=0",
        b"AT+CTZU=1",
        b"AT+CREG=1",
        b"AT+CEREG=1",
    )

    def __init__(
        self,
        port: "Port",
        power: "ModemPower",
        clock: "Clock",
        guard: "DialGuard",
        on_data: "Callable[[str, int, bytes], None]",
        on_sentence: "Callable[[bytearray, int, int], None]",
    ) -> None:
        self._power = power
        self._clock = clock
        self._guard = guard
        self._on_data = on_data
        self.engine = at.AtEngine(port, clock, self._on_line, on_sentence)
        self._lines: list[bytes | None] = [None, None]
        self._pdu_follows = False
        self.call_state = CALL_NONE
        self.call_began = False
        self.call_ended = False
        self.changed = Signal()
        self._deaf = asyncio.Event()
        self._is_on = False
        self._must_cycle = False
        self.is_ready = False
        self.has_service = False
        self.imei = ""
        self.imsi = ""
        self.cell = Cell()

    # -- power

    async def keep(self) -> None:
        """Bring the modem up, and again whenever `restart` asks for it; for ever."""
        while True:
            await self.start()
            await self._deaf.wait()

    def restart(self) -> None:
        """Ask for the modem to be brought up again: it no longer answers, or has forgotten all."""
        self.is_ready = False
        self._deaf.set()

    def cycle(self) -> None:
        """Ask for the modem's power to be cycled: it answers, but does not what it should."""
        self._must_cycle = True
        self.restart()

    async def start(self) -> None:
        """Bring the modem up and set it up, however long that takes; cycles its power if deaf."""
        self.has_service = False
        self._power.wake()
        self._power.rail_on()
        while not self.is_ready:
            self._deaf.clear()
            is_set_up = await self._bring_up() and await self._set_up()
            self.is_ready = is_set_up and not self._deaf.is_set()
        self.imei = self.imsi = ""
        await self.identify()

    def wake(self) -> None:
        """Wake the modem from sleep; it answers some 50 ms later."""
        self._power.wake()

    def allow_sleep(self) -> None:
        """Let the modem sleep; it stays registered and wakes the line for calls and texts."""
        self._power.allow_sleep()

    async def _bring_up(self) -> bool:
        if not self._must_cycle and await self._answers(
            _PROBE_ON_MS if self._is_on else _PROBE_OFF_MS
        ):
            self._is_on = True
            return True
        self._must_cycle = False
        if self._is_on:
            await self._power.press_key(_KEY_OFF_MS)
            await asyncio.sleep_ms(_KEY_OFF_MS)
        await self._power.press_key(_KEY_ON_MS)
        self._is_on = True
        return await self._answers(_BOOT_MS)

    async def _answers(self, within_ms: int) -> bool:
        for _ in range(within_ms // _PROBE_MS):
            status, _ = await self.engine.command(b"AT", _PROBE_MS)
            if status == at.OK:
                return True
        return False

    async def _set_up(self) -> bool:
        for line in self.SETUP:
            status, _ = await self.engine.command(line, _COMMAND_MS)
            if status == at.TIMED_OUT:
                return False
        return True

    async def identify(self) -> None:
        """Ask once more for the identities not known yet: a SIM is busy for a while after start."""
        self.imei = self.imei or await self._digits(b"AT+CGSN")
        self.imsi = self.imsi or await self._digits(b"AT+CIMI")

    async def _digits(self, line: bytes) -> str:
        _, info = await self.engine.command(line, _COMMAND_MS, at.DIGITS)
        return info[0].decode() if info else ""

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
        self.call_began = False
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
        if status != at.OK:
            self.changed.set()

    @property
    def has_call(self) -> bool:
        """Whether a call of ours was listed when last asked or told."""
        return self.call_state in _CALLS

    def adopt_call(self) -> None:
        """Take the listed call for one that was just dialled."""
        self.call_ended = False

    async def poll_call(self, check_in: "Callable[[], None]", is_urgent: bool = False) -> bool:
        """Ask for the list of calls and bring `call_state` up to date; False if deaf.

        Overtakes a text under way when urgent and when the call is said to have ended; a modem
        that cannot list its calls is then believed.
        """

        def on_wait() -> bool:
            check_in()
            return is_urgent or self.call_ended

        status, info = await self.engine.command(b"AT+CLCC", _COMMAND_MS, b"+CLCC:", on_wait)
        if status == at.TIMED_OUT:
            return False
        state = parse_calls(info) if status == at.OK else None
        if state is not None:
            self._on_call(state)
        elif status == at.FAILED and self.call_ended:
            self._on_call(CALL_NONE)
        return True

    async def hang_up(self) -> None:
        """End every call. Never used on a call that may be connected."""
        await self.engine.command(b"AT+CHUP", _COMMAND_MS, on_wait=at.always)
        await asyncio.sleep_ms(_RELEASE_MS)

    # -- texts, time and place

    async def send(self, pdu_hex: bytes, tpdu_bytes: int, on_wait: "Callable[[], None]") -> bool:
        """Submit one SMS; True once the network has accepted it, a minute at most."""
        line = b"AT+CMGS=%d" % tpdu_bytes
        return await self.engine.message(line, pdu_hex, _SMS_MS, on_wait) == at.OK

    async def utc(self) -> "Civil | None":
        """UTC by the network's time and zone (27.007 clause 8.15); None while it is not known."""
        _, info = await self.engine.command(b"AT+CCLK?", _COMMAND_MS, b"+CCLK:")
        return parse_clock(info[0]) if info else None

    async def refresh_cell(self) -> None:
        """Bring `cell` up to date with the serving cell; families that cannot tell keep zeros."""

    def is_gnss_due(self) -> bool:
        """Whether `keep_gnss_on` has a step to take now."""
        return False

    async def keep_gnss_on(self) -> None:
        """Take the next step towards a running receiver."""

    @property
    def is_gnss_on(self) -> bool:
        """Whether the modem's own receiver is switched on."""
        return False

    async def gnss_off(self) -> None:
        """Switch the modem's own receiver off."""

    # -- unsolicited lines

    def _on_line(self, line: bytes) -> None:
        if self._pdu_follows:
            self._pdu_follows = False
            self._on_pdu(line)
        elif line.startswith(b"+CMT:"):
            self._pdu_follows = True
        elif line.startswith(b"+CLCC:"):
            state = parse_call(line)
            if state is not None and state != CALL_NONE:
                self._on_call(state)
        elif line.startswith(_REGISTRATION):
            self.has_service = line.split(b":")[1].split(b",")[0].strip() in _IN_SERVICE
        elif line in _CALL_OVER:
            self._on_call_over()
        else:
            self._on_other(line)

    def _on_other(self, line: bytes) -> None:
        """An unsolicited line that 3GPP does not define; families know theirs."""

    def _on_call_over(self) -> None:
        self.call_ended = True
        self.changed.set()

    def _on_restarted(self) -> None:
        """The modem has started by itself: it has no call and none of its settings."""
        self.call_state = CALL_NONE
        self._on_call_over()
        self.restart()

    def _on_call(self, state: int) -> None:
        if state == CALL_DISCONNECTED:
            self.call_ended = True
            state = CALL_NONE
        if state != self.call_state:
            self.call_state = state
            self.changed.set()

    def _on_pdu(self, line: bytes) -> None:
        data = pdu.deliver_data(line)
        if data is not None:
            self._on_data(*data)


def parse_call(line: bytes) -> "int | None":
    """The state in `+CLCC: id,dir,stat,...`; CALL_NONE for a call not ours, None for garbage."""
    fields = line[6:].split(b",")
    if len(fields) < 3 or not (fields[1].isdigit() and fields[2].isdigit()):
        return None
    return int(fields[2]) if fields[1] == _OUTGOING else CALL_NONE


def parse_calls(lines: "list[bytes]") -> "int | None":
    """The state of the first call of ours, CALL_NONE without one, None if a line is garbage."""
    first = CALL_NONE
    for line in lines:
        state = parse_call(line)
        if state is None:
            return None
        if first == CALL_NONE:
            first = state
    return first


def parse_clock(line: bytes) -> "Civil | None":
    """UTC of `+CCLK: "yy/MM/dd,hh:mm:ss+zz"`, zz in quarters of an hour; None when not plausible.

    A modem that never heard the network's time starts in 1970 or 1980, written 70 or 80.
    """
    text = line[line.find(b'"') + 1 :]
    if len(text) < 20:
        return None
    try:
        local = [int(text[i : i + 2]) for i in (0, 3, 6, 9, 12, 15)]
        quarters = int(text[17:20])
    except ValueError:
        return None
    if not (24 <= local[0] < 70 and 1 <= local[1] <= 12 and 1 <= local[2] <= 31):
        return None
    civil = (2000 + local[0], local[1], local[2], local[3], local[4], local[5])
    return civil_time(seconds_since_2000(civil) - quarters * 900)
