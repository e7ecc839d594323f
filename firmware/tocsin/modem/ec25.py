"""Quectel EC25 and EG25: lines that have to be asked for, a receiver that is polled.

EC25&EC21 AT Commands Manual V1.3, EC2x GNSS AT Commands Manual; power key as on the EG25-G.
"""

from micropython import const

from tocsin.location.reading import ReadingParser
from tocsin.modem import answers, at
from tocsin.modem.cellular import COMMAND_MS, CellularModem

_GNSS_RETRY_MS = const(5_000)
_POLL_MS = const(1_000)
_SESSION_ONGOING = const(504)
_NOT_ACTIVE = const(505)
# ^DSCI counts otherwise than +CLCC.
_DSCI_END = b"6"
_OUTGOING = b"0"


class Ec25(CellularModem):
    """The EC25 family. Its calls are polled when ^DSCI says that something has changed."""

    # Unsolicited lines would go to its USB port.
    SETUP = (
        CellularModem.SETUP.replace(b" ", b' AT+QURCCFG="urcport","uart1" ', 1)
        + b" AT^DSCI=1 AT+QSCLK=1"
    )
    GNSS_PROBE = b"AT+QGPS=?"
    PARSER = ReadingParser
    KEY_OFF_MS = 800
    # It leaves the network first.
    OFF_MS = 15_000

    async def refresh_cell(self) -> None:
        """Read the serving cell."""
        line = b'AT+QENG="servingcell"'
        status, info = await self.engine.command(line, COMMAND_MS, b"+QENG:")
        if status == at.OK and info:
            self._take_cell(info[0])

    def _take_cell(self, line: bytes) -> None:
        """Take `+QENG: "servingcell",state,"LTE",duplex,mcc,mnc,cell,...,tac` or 2G's and 3G's.

        Those have `mcc,mnc,lac,cell` instead; areas and cells are hexadecimal.
        """
        values = answers.fields(line)
        is_lte = len(values) > 12 and values[2] == b"LTE"
        if len(values) < 7 or not values[2]:
            return
        at_mcc, at_area, at_cell = (4, 12, 6) if is_lte else (3, 5, 6)
        self.cell.take(
            values[at_mcc],
            values[at_mcc + 1],
            answers.number(values[at_area], 16),
            answers.number(values[at_cell], 16),
        )

    async def _gnss_step(self) -> int:
        """Start the receiver, then ask it for its position every second."""
        if not self.is_gnss_on:
            self.is_gnss_on = (
                await self._is_ok(b"AT+QGPS=1")
                or answers.error_code(self.engine.error) == _SESSION_ONGOING
            )
            return _POLL_MS if self.is_gnss_on else _GNSS_RETRY_MS
        status, info = await self.engine.command(b"AT+QGPSLOC=2", COMMAND_MS, b"+QGPSLOC:")
        error = self.engine.error
        if answers.error_code(error) == _NOT_ACTIVE:
            self.is_gnss_on = False
        elif status != at.TIMED_OUT:
            told = info[0] if info else error  # which is a receiver's word, too
            self._on_sentence(told, 0, len(told))
        return _POLL_MS

    async def _gnss_stop(self) -> None:
        await self._is_ok(b"AT+QGPSEND")

    def _on_other(self, line: bytes) -> None:
        if line.startswith(b"^DSCI:"):
            self._on_dsci(answers.fields(line))
        elif line == b"POWERED DOWN":
            self._on_restarted()

    def _on_dsci(self, values: "list[bytes]") -> None:
        if len(values) > 2 and values[1:3] == [_OUTGOING, _DSCI_END]:
            self.call_ended = True
        self.changed.set()
