"""SIMCom A76XX (A7670, A7672): its power-on, its call and receiver lines, its serving cell.

A76XX Series AT Command Manual V1.09; hardware times from the A7670 hardware design.
"""

from micropython import const

from tocsin.modem import at
from tocsin.modem.cellular import CALL_ACTIVE, CellularModem

_COMMAND_MS = const(9_000)
# The receiver is controllable about 9 s after power-on (manual, +CGNSSPWR).
_GNSS_READY_MS = const(15_000)


class A76xx(CellularModem):
    """The A76XX family. Its receiver speaks NMEA on the AT line once it has said READY."""

    SETUP = CellularModem.SETUP + (
        b"AT+CNMI=2,2,0,0,0",
        b"AT+CLVL=0",
        b"AT+CSCLK=1",
    )

    _gnss_powered = False
    _gnss_ready = False
    _gnss_routed = False
    _gnss_ticks = 0

    async def start(self) -> None:
        """Bring the modem up; its receiver is off after a power-on."""
        self._gnss_powered = False
        await super().start()

    async def keep_gnss_on(self) -> None:
        """Power the receiver, and once it is READY route its sentences to this line.

        Routes after 15 s even without READY: a receiver that was on does not say it again.
        """
        if not self.is_ready:
            return
        if not self._gnss_powered:
            self._gnss_powered = True
            self._gnss_ready = self._gnss_routed = False
            self._gnss_ticks = self._clock.ticks_ms()
            await self.engine.command(b"AT+CGNSSPWR=1", _COMMAND_MS)
        elif not self._gnss_routed and (self._gnss_ready or self._gnss_is_late()):
            self._gnss_routed = True
            await self.engine.command(b"AT+CGNSSTST=1", _COMMAND_MS)
            await self.engine.command(b"AT+CGNSSPORTSWITCH=0,1", _COMMAND_MS)

    async def gnss_off(self) -> None:
        """Cut the receiver's power."""
        self._gnss_powered = False
        await self.engine.command(b"AT+CGNSSPWR=0", _COMMAND_MS)

    def _gnss_is_late(self) -> bool:
        since_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._gnss_ticks)
        return since_ms > _GNSS_READY_MS

    async def refresh_cell(self) -> None:
        """Read the serving cell from `+CPSI: LTE,Online,234-10,0x230A,175499523,...`."""
        status, info = await self.engine.command(b"AT+CPSI?", _COMMAND_MS, b"+CPSI:")
        fields = info[0].split(b",") if status == at.OK and info else []
        if len(fields) < 5 or b"-" not in fields[2]:
            return
        mcc, mnc = fields[2].split(b"-")
        cell = self.cell
        cell.mcc = mcc.decode()
        cell.mnc = mnc.decode()
        try:
            cell.area = int(fields[3].decode(), 16)
            cell.cell = int(fields[4].decode())
        except ValueError:
            cell.area = cell.cell = 0

    def _on_other(self, line: bytes) -> None:
        if line.startswith(b"VOICE CALL: BEGIN"):
            self.call_began = True
            self.call_state = CALL_ACTIVE
            self.changed.set()
        elif line.startswith(b"VOICE CALL:") and b"END" in line:
            self._on_call_over()
        elif line.startswith(b"+CGNSSPWR: READY"):
            self._gnss_ready = True
        elif b"*ATREADY" in line:  # there may be noise before a first word
            self._on_restarted()
