"""Any modem that keeps to 3GPP TS 27.007 and 27.005; a receiver of its own it has none."""

from tocsin.location.nmea import NmeaParser
from tocsin.modem import answers, at
from tocsin.modem.cellular import COMMAND_MS, CellularModem


class Generic(CellularModem):
    """A modem of no known family. Its board may have a receiver on a line of its own."""

    SETUP = CellularModem.SETUP + b" AT+COPS=3,2"
    PARSER = NmeaParser

    async def refresh_cell(self) -> None:
        """Read network and serving cell by +COPS and +CEREG (27.007 clauses 7.3 and 10.1.22)."""
        operator = await self._ask(b"AT+COPS?", b"+COPS:")
        if not await self._is_ok(b"AT+CEREG=2"):
            return
        place = await self._ask(b"AT+CEREG?", b"+CEREG:")
        await self._is_ok(b"AT+CEREG=1")
        if len(operator) > 2 and len(place) > 3:
            plmn = operator[2]
            area, cell = answers.number(place[2], 16), answers.number(place[3], 16)
            self.cell.take(plmn[:3], plmn[3:], area, cell)

    async def _ask(self, line: bytes, expects: bytes) -> "list[bytes]":
        status, info = await self.engine.command(line, COMMAND_MS, expects)
        return answers.fields(info[-1]) if status == at.OK and info else []
