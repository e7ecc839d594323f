"""SIMCom SIM7600 (SIM7500): its receiver, which tells positions as lines of its own.

SIM7500_SIM7600 Series AT Command Manual V3.00; key and start-up times as on LilyGO's boards.
"""

from micropython import const

from tocsin.location.reading import ReadingParser
from tocsin.modem.cellular import GNSS_DONE
from tocsin.modem.simcom import SimCom

# A receiver just stopped takes 2 to 30 s before it starts again (manual, +CGPS).
_GNSS_RETRY_MS = const(5_000)
_POSITION = (b"+CGNSSINFO:", b"+CGPSINFO:")


class Sim7600(SimCom):
    """The SIM7600 family. Its receiver reports once a second, with its HDOP where it can."""

    SETUP = SimCom.SETUP + b" AT+CSCLK=1"
    GNSS_PROBE = b"AT+CGPS=?"
    PARSER = ReadingParser

    async def _gnss_step(self) -> int:
        """Start the receiver, then have it report."""
        if not self.is_gnss_on:
            # Refused also while it runs already, and then it reports nonetheless; and while it
            # stops, as it then says.
            await self._is_ok(b"AT+CGPS=1")
            self.is_gnss_on = True
        if await self._is_ok(b"AT+CGNSSINFO=1") or await self._is_ok(b"AT+CGPSINFO=1"):
            return GNSS_DONE
        self.is_gnss_on = False
        return _GNSS_RETRY_MS

    async def _gnss_stop(self) -> None:
        await self._is_ok(b"AT+CGNSSINFO=0")
        await self._is_ok(b"AT+CGPS=0")

    def _on_other(self, line: bytes) -> None:
        if line.startswith(_POSITION):
            self._on_sentence(line, 0, len(line))
        elif line == b"+CGPS: 0":
            self._forget_gnss()
        else:
            super()._on_other(line)
