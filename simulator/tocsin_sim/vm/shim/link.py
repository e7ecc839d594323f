"""The handset's end of the lock-step: virtual time, outgoing records, incoming records.

Frame to the simulator: <I length><q now_us><q next_us> records
Frame from the simulator: <I length><q now_us><q horizon_us> records
Record: <B kind><B port><H length> data
"""

import struct
import sys

from micropython import const
from shim.kinds import FLASH, RESET, WDT_RESET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FOREVER_US = const(1 << 60)

_READ_FD = const(3)
_WRITE_FD = const(4)
_HEADER_BYTES = const(20)
_RECORD_BYTES = const(4)
_OUT_BYTES = const(1024)
_IN_BYTES = const(2048)
_SPINS = const(64)
_SCHEDULER_DEPTH = const(8)  # MICROPY_SCHEDULER_DEPTH of the ESP32 port


class Link:
    """Blocks the whole VM whenever time has to pass and the simulator has to say how."""

    def __init__(self) -> None:
        self.now_us = 0
        self.horizon_us = 0  # nothing will arrive before, unless we send something
        self.deadline_us = FOREVER_US  # of the watchdog
        self.every_turn = False  # return to the simulator before each step of a task
        self.debt_us = 0  # time flash operations have taken that has not passed yet
        self.programs = 0
        self.erases = 0
        self.receivers: dict = {}  # record kind: function(port, buffer, start, end)
        self._calls: list = []
        self._spins = 0
        self._reader = open(_READ_FD, "rb")  # noqa: SIM115 # for as long as the VM lives
        self._writer = open(_WRITE_FD, "wb")  # noqa: SIM115 # likewise
        self._out = bytearray(_OUT_BYTES)
        self._out_view = memoryview(self._out)
        self._fill = _HEADER_BYTES
        self._header = bytearray(_HEADER_BYTES)
        self._in = bytearray(_IN_BYTES)
        self._in_view = memoryview(self._in)

    def emit(self, kind: int, port: int, data: "bytes | bytearray | memoryview") -> None:
        """Send a record, of at most 512 bytes, at the present instant."""
        if self.debt_us:
            self.pay()
        size = len(data)
        if self._fill + _RECORD_BYTES + size > _OUT_BYTES:
            self.sync(self.now_us)
        fill = self._fill
        struct.pack_into("<BBH", self._out, fill, kind, port, size)
        fill += _RECORD_BYTES
        self._out[fill : fill + size] = data
        self._fill = fill + size

    def sync(self, next_us: int) -> None:
        """Send what was emitted and wait until `next_us` or the first record from the world."""
        fill = self._fill
        struct.pack_into("<Iqq", self._out, 0, fill - 4, self.now_us, next_us)
        self._writer.write(self._out_view[:fill])
        self._fill = _HEADER_BYTES
        self.receive()

    def receive(self) -> None:
        """Take the simulator's answer: the new time and what arrived."""
        # readinto() of a pipe waits for exactly the buffer's size: header first.
        if self._reader.readinto(self._header) != _HEADER_BYTES:
            sys.exit(1)
        size, self.now_us, self.horizon_us = struct.unpack_from("<Iqq", self._header, 0)
        size -= 16
        if size:
            self._reader.readinto(self._in_view[:size])
            self._dispatch(size)

    def _dispatch(self, size: int) -> None:
        buffer = self._in
        at = 0
        while at < size:
            kind, port, length = struct.unpack_from("<BBH", buffer, at)
            at += _RECORD_BYTES
            self.receivers[kind](port, buffer, at, at + length)
            at += length

    def call_soon(self, function: "Callable", argument: object) -> None:
        """Run an interrupt handler once the frame is taken in; too many at once are lost."""
        if len(self._calls) < _SCHEDULER_DEPTH:
            self._calls.append((function, argument))

    def _run_calls(self) -> None:
        while self._calls:
            function, argument = self._calls.pop(0)
            try:
                function(argument)
            except Exception as error:  # noqa: BLE001 # as a port: told, not passed on
                sys.print_exception(error, sys.stderr)  # type: ignore[arg-type] # the stub's

    def advance(self, until_us: int) -> bool:
        """Let time pass until `until_us` or the first arrival; whether handlers then ran."""
        if self.debt_us:
            self.pay()
        if until_us > self.now_us and not self._calls:
            if until_us > self.deadline_us:
                until_us = self.deadline_us
            if self._fill == _HEADER_BYTES and until_us <= self.horizon_us:
                self.now_us = until_us
            else:
                self.sync(until_us)
            self._spins = 0
            if self.now_us >= self.deadline_us:
                self.reset(WDT_RESET)
        if not self._calls:
            return False
        self._run_calls()
        return True

    def wait_until(self, until_us: int) -> None:
        """Let time pass until `until_us`, whatever arrives meanwhile."""
        while self.now_us < until_us:
            self.advance(until_us)

    def spin(self) -> None:
        """Charge a look at the clock: 1 us each, 64 at a time, so that busy waits end."""
        if self.debt_us:
            self.advance(self.now_us)
        self._spins += 1
        if self._spins >= _SPINS:
            self.advance(self.now_us + _SPINS)

    def pay(self) -> None:
        """Let the time pass that flash operations took; the world goes on, handlers wait."""
        until_us = self.now_us + self.debt_us
        self.debt_us = 0
        self.emit(FLASH, 0, struct.pack("<II", self.programs, self.erases))
        self.programs = self.erases = 0
        if until_us > self.deadline_us:
            until_us = self.deadline_us
        while self.now_us < until_us:
            self.sync(until_us)
        if self.now_us >= self.deadline_us:
            self.reset(WDT_RESET)

    def reset(self, cause: int) -> None:
        """Restart the handset; does not return."""
        self.emit(RESET, 0, bytes([cause]))
        self.stop()

    def stop(self) -> None:
        """Tell the simulator and run no further."""
        while True:
            self.sync(FOREVER_US)


link = Link()
