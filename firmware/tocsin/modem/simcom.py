"""What SIMCom's families have in common: their call lines and their serving cell."""

from tocsin.modem import answers, at
from tocsin.modem.cellular import COMMAND_MS, CellularModem


class SimCom(CellularModem):
    """A SIMCom modem (A76XX manual V1.09, SIM7500/SIM7600 manual V3.00)."""

    AUDIO = CellularModem.AUDIO + b" AT+CSDVC=1 AT+COUTGAIN=0"

    async def refresh_cell(self) -> None:
        """Read the serving cell."""
        status, info = await self.engine.command(b"AT+CPSI?", COMMAND_MS, b"+CPSI:")
        if status == at.OK and info:
            self._take_cell(info[0])

    def _take_cell(self, line: bytes) -> None:
        """Take `+CPSI: LTE,Online,234-10,0x230A,175499523,...` of any of its system modes."""
        values = answers.fields(line)
        if len(values) < 5 or b"-" not in values[2]:
            return
        mcc, mnc = values[2].split(b"-", 1)
        self.cell.take(mcc, mnc, answers.number(values[3], 16), answers.number(values[4]))

    def _on_other(self, line: bytes) -> None:
        if line.startswith(b"VOICE CALL: BEGIN"):
            self._on_call(answers.CALL_ACTIVE)
        elif line.startswith(b"VOICE CALL:") and b"END" in line:
            self._on_call_over()
