"""The AT engine: lines from split reads, one command at a time, unsolicited lines always routed.

3GPP TS 27.007 and 27.005; V.250 for result codes. A dial overtakes every waiting command: it is
written the moment the modem has answered the one in progress, at the latest two seconds after that
one began. A modem that is given up on may answer late, and that answer then passes for the next
command's: no single OK or ERROR is proof of anything.
"""

import asyncio

from micropython import const

from tocsin.lines import Lines
from tocsin.signal import Signal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.parts import Clock, OnWait, Port, Ticks

# A `+CMT` line carries at most 178 octets in hex; NMEA allows 82 characters.
_LINE_BYTES = const(400)
_POLL_MS = const(25)
# An answer is told of by the line itself; besides, it is looked for this often.
_LOOK_MS = const(250)
_DOLLAR = const(36)
_PROMPT = b">"
# With a line end, so that it is a line of its own when there is no prompt to leave.
_ESCAPE = b"\x1b\r"
_SUBSTITUTE = b"\x1a"
_PROMPT_MS = const(5_000)
# Who overtakes waits no longer than this for the answer to another command, whatever its limit.
_OVERTAKE_MS = const(2_000)

IDLE = const(0)
PENDING = const(1)
OK = const(2)
FAILED = const(3)
TIMED_OUT = const(4)
PROMPTED = const(5)

_FINAL = {b"OK": OK, b"ERROR": FAILED, b"COMMAND NOT SUPPORT": FAILED}
# What the modem says instead of OK when a dial fails at once (V.250 clause 6.3.1).
CALL_OVER = (b"NO CARRIER", b"BUSY", b"NO ANSWER", b"NO DIALTONE")

# The network's word on a text (27.005 clause 3.5.1).
_TEXT_REF = b"+CMGS:"
_TEXT_ERROR = b"+CMS ERROR"
_ERRORS = (b"+CME ERROR", _TEXT_ERROR)
_MODEM_ERROR = b"MODEM ERROR: "

# As `expects`: any line of digits (`AT+CGSN` and `AT+CIMI` answer without a prefix).
DIGITS = b"0"
# Any line of words (`AT+CGMM`); lines of many makers' own begin otherwise.
WORDS = b"A"


def always() -> bool:
    """As `on_wait`: of a command that may not wait for texts."""
    return True


class AtEngine:
    """One modem's AT line.

    `on_line(line)` gets every unsolicited line; `on_sentence(buf, start, end)` every line that
    starts with '$', without a copy being made; `on_bytes()` is called when bytes arrived at all.
    """

    def __init__(
        self,
        port: "Port",
        clock: "Clock",
        on_line: "Callable[[bytes], None]",
        on_sentence: "Callable[[bytes | bytearray, int, int], None]",
    ) -> None:
        self._port = port
        self._clock = clock
        self._on_line = on_line
        self._on_sentence = on_sentence
        self._lines = Lines(_LINE_BYTES, self._take)
        self.status = IDLE
        self._settled = Signal()
        self.error = b""
        self._expects = b""
        self._info: list[bytes] = []
        self._begun_ticks = clock.ticks_ms()
        self._is_urged = False
        self._dial: bytes | None = None
        self._dialling = False
        self._on_dialled: Callable[[], None] | None = None
        self.owed_until: Ticks | None = None
        self._late = b""

    def owes_text(self) -> bool:
        """Whether the word on a text that was overtaken may come yet; the modem is busy with it."""
        until, clock = self.owed_until, self._clock
        return until is not None and clock.ticks_diff(until, clock.ticks_ms()) > 0

    @property
    def has_dial(self) -> bool:
        """Whether a dial command waits for the modem's answer to another."""
        return self._dial is not None

    async def run(self) -> None:
        """Read for ever."""
        while True:
            await self._port.readable()
            while self._take_in():
                await asyncio.sleep_ms(0)  # a second's sentences in one go would hold a press up

    def _take_in(self) -> bool:
        """Take in some of what the line has received; whether there may be more."""
        port = self._port
        n = port.read()
        if n:
            self._feed(port.buffer, n)
        return n == len(port.buffer)

    def dial(self, line: bytes, on_dialled: "Callable[[], None]") -> None:
        """Write a dial command now, or as soon as the command in progress is answered.

        Calls `on_dialled()` once its last byte has left. Allocates nothing.
        """
        self._dial = line
        self._on_dialled = on_dialled
        if self.status == IDLE:
            self._write_dial()
        else:
            self._settled.set()

    async def command(
        self,
        line: bytes,
        timeout_ms: int,
        expects: bytes = b"",
        on_wait: "OnWait | None" = None,
        gives_way: bool = False,
    ) -> "tuple[int, list[bytes]]":
        """Send one command; its status and the lines of its answer that start with `expects`.

        OK, FAILED (`error` then holds the modem's words) or TIMED_OUT; that at once, and unsent, if
        it `gives_way` and there is a dial: who follows dials would wait for itself. `on_wait()` is
        called again and again meanwhile: by it a vital task checks in, and while it returns True
        the command goes before all others but a dial, as a dial does. One task at a time may use
        that. The task must not be cancelled: the answer would pass for the next command's.
        """
        if line[:3].upper() == b"ATD":
            raise ValueError("dial commands leave through dial() only")
        if not await self._turn(on_wait, gives_way):
            return TIMED_OUT, []
        self._begin(line, expects)
        try:
            status = await self._answer(timeout_ms, on_wait)
            return status, self._info
        finally:
            self._end()

    async def message(
        self,
        line: bytes,
        body: bytes,
        timeout_ms: int,
        on_wait: "OnWait | None" = None,
    ) -> int:
        """Send a command that prompts for a body (AT+CMGS, 27.005 clause 3.5.1); its status.

        Also that which comes late, behind what overtook it.
        """
        await self._turn(on_wait)
        self._begin(line, _PROMPT)
        try:
            status = await self._deliver(body, timeout_ms, on_wait)
        finally:
            self._end()
        while self.owes_text():
            if on_wait is not None:
                on_wait()
            await asyncio.sleep_ms(_LOOK_MS)
        if self._late:
            self.error = self._late
            return OK if self._late.startswith(_TEXT_REF) else FAILED
        return status

    async def dialled(self, timeout_ms: int) -> int:
        """Wait for the modem's answer to the dial command; its status, OK if there is none."""
        while self._dial is not None:
            await asyncio.sleep_ms(_POLL_MS)
        if not self._dialling:
            return OK
        try:
            return await self._answer(timeout_ms)
        finally:
            self._end()

    # -- one command in progress

    async def _turn(self, on_wait: "OnWait | None", gives_way: bool = False) -> bool:
        """Wait until the line is free; False if a dial comes before one that gives way."""
        has_urged = False
        while True:
            is_urgent = on_wait is not None and bool(on_wait())
            # Who no longer goes before all others must not keep them back.
            if is_urgent != has_urged:
                has_urged = self._is_urged = is_urgent
                self._settled.set()
            is_free = self._is_free(is_urgent)
            if is_free or (gives_way and (self._dialling or self._dial is not None)):
                break
            await asyncio.sleep_ms(_POLL_MS)
        if has_urged:
            self._is_urged = False
        return is_free

    def _is_free(self, is_urgent: bool) -> bool:
        is_outdone = self._dial is not None or (self._is_urged and not is_urgent)
        return self.status == IDLE and not is_outdone

    def _begin(self, line: bytes, expects: bytes) -> None:
        self.status = PENDING
        self.error = b""
        self._expects = expects
        self._info = []
        self._begun_ticks = self._clock.ticks_ms()
        self._port.write(line + b"\r")

    async def _deliver(self, body: bytes, timeout_ms: int, on_wait: "OnWait | None") -> int:
        self._late = b""
        status = await self._answer(_PROMPT_MS, on_wait)
        if status == FAILED:
            return FAILED
        if status != PROMPTED or self._dial is not None:
            # Left open, a prompt would take the next command, a dial even, for the text.
            self._port.write(_ESCAPE)
            return TIMED_OUT
        self.status = PENDING
        self._expects = b""
        self._port.write(body)
        self._port.write(_SUBSTITUTE)
        until = self._clock.ticks_add(self._clock.ticks_ms(), timeout_ms)
        status = await self._answer(timeout_ms, on_wait)
        if status == TIMED_OUT:
            self.owed_until = until
        return status

    async def _answer(self, timeout_ms: int, on_wait: "OnWait | None" = None) -> int:
        clock = self._clock
        deadline = clock.ticks_add(clock.ticks_ms(), timeout_ms)
        while self.status == PENDING:
            left_ms = self._left_ms(deadline)
            if left_ms <= 0:
                return TIMED_OUT
            if on_wait is not None:
                on_wait()
            self._settled.clear()
            await self._settled.wait_ms(min(left_ms, _LOOK_MS))
            while not self._settled.is_set and self._take_in():
                await asyncio.sleep_ms(0)
        return self.status

    def _left_ms(self, deadline: "Ticks") -> int:
        clock = self._clock
        now = clock.ticks_ms()
        left_ms = clock.ticks_diff(deadline, now)
        if self._dial is None and not self._is_urged:
            return left_ms
        return min(left_ms, _OVERTAKE_MS - clock.ticks_diff(now, self._begun_ticks))

    def _end(self) -> None:
        self._dialling = False
        self.status = IDLE
        if self._dial is not None:
            self._write_dial()

    def _write_dial(self) -> None:
        line = self._dial
        if line is None:
            return
        self._dial = None
        self.status = PENDING
        self._dialling = True
        self._expects = b""
        self._begun_ticks = self._clock.ticks_ms()
        self._port.write(line)
        self._port.drain()
        if self._on_dialled is not None:
            self._on_dialled()

    # -- lines

    def _feed(self, buf: bytearray, n: int) -> None:
        lines = self._lines
        lines.feed(buf, n)
        if lines.held_n == 0 or lines.held[0] != _PROMPT[0]:
            return
        if self.status == PENDING and self._expects == _PROMPT:
            lines.held_n = 0
            self.status = PROMPTED
            self._settled.set()

    def _take(self, buf: bytearray, start: int, end: int) -> None:
        if buf[start] == _DOLLAR:
            self._on_sentence(buf, start, end)
        else:
            self._text(bytes(memoryview(buf)[start:end]))

    def _text(self, line: bytes) -> None:
        if self.owed_until is not None and line.startswith((_TEXT_REF, _TEXT_ERROR)):
            self.owed_until = None
            self._late = line
            if line.startswith(_TEXT_ERROR):
                return  # no answer to what was sent since
        if self.status == PENDING:
            is_answer = self._is_answer(line)
            if self.status != PENDING:
                self.owed_until = None  # it hears again: the text is done with, or forgotten
                self._settled.set()
            if is_answer:
                return
        self._on_line(line)

    def _is_answer(self, line: bytes) -> bool:
        final = _FINAL.get(line)
        if final is not None:
            self.status = final
            return True
        if line.startswith(_ERRORS) or (line.startswith(_MODEM_ERROR) and line[-1:].isdigit()):
            self.error = line
            self.status = FAILED
            return True
        if self._dialling and line in CALL_OVER:
            self.status = FAILED
            return False
        if self._expects and self._is_expected(line):
            if self._expects == _PROMPT:
                self.status = PROMPTED
            self._info.append(line)
            return True
        return False

    def _is_expected(self, line: bytes) -> bool:
        if self._expects == DIGITS:
            return line.isdigit()
        if self._expects == WORDS:
            return not self._info and line[0] not in b"+*^"
        return line.startswith(self._expects)
