"""SIMCom A76XX (A7670, A7672): its power-on and its receiver.

A76XX Series AT Command Manual V1.09; hardware times from the A7670 hardware design.
"""

from micropython import const

from tocsin.location.nmea import NmeaParser
from tocsin.modem.cellular import GNSS_DONE
from tocsin.modem.simcom import SimCom

# The receiver is controllable about 9 s after power-on (manual, +CGNSSPWR).
_GNSS_READY_MS = const(15_000)
_GNSS_RETRY_MS = const(5_000)


class A76xx(SimCom):
    """The A76XX family. Its receiver speaks NMEA on the AT line once it has said READY."""

    SETUP = SimCom.SETUP + b" AT+CSCLK=1"
    GNSS_PROBE = b"AT+CGNSSPWR=?"
    PARSER = NmeaParser
    KEY_ON_MS = 100

    _gnss_ready = False

    async def _gnss_step(self) -> int:
        """Power the receiver, then route its sentences to this line.

        Routed after 15 s even without READY: a receiver that was on does not say it again.
        """
        if not self.is_gnss_on:
            self._gnss_ready = False
            self.is_gnss_on = await self._is_ok(b"AT+CGNSSPWR=1")
            if not self.is_gnss_on:
                return _GNSS_RETRY_MS
            return 0 if self._gnss_ready else _GNSS_READY_MS
        if await self._is_ok(b"AT+CGNSSTST=1") and await self._is_ok(b"AT+CGNSSPORTSWITCH=0,1"):
            return GNSS_DONE
        return _GNSS_RETRY_MS

    async def _gnss_stop(self) -> None:
        await self._is_ok(b"AT+CGNSSPWR=0")

    def _on_other(self, line: bytes) -> None:
        if line.startswith(b"+CGNSSPWR: READY"):
            self._gnss_ready = True
            if self.is_gnss_on:
                self._gnss_wait_ms = 0
        elif b"*ATREADY" in line:  # there may be noise before a first word
            self._on_restarted()
        else:
            super()._on_other(line)
