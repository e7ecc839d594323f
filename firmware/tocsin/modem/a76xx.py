"""SIMCom A76XX (A7670, A7672): its power-on, its call and receiver lines, its serving cell.

A76XX Series AT Command Manual V1.09; hardware times from the A7670 hardware design.
"""

from micropython import const

from tocsin.modem import at
from tocsin.modem.cellular import CALL_ACTIVE, CellularModem

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Ticks

_COMMAND_MS = const(9_000)
# The receiver is controllable about 9 s after power-on (manual, +CGNSSPWR).
_GNSS_READY_MS = const(15_000)
_GNSS_RETRY_MS = const(5_000)
_GNSS_OFF = const(0)
_GNSS_POWERED = const(1)
_GNSS_ROUTED = const(2)


class A76xx(CellularModem):
    """The A76XX family. Its receiver speaks NMEA on the AT line once it has said READY."""

    SETUP = CellularModem.SETUP + (
        b"AT+CNMI=2,2,0,0,0",
        b"AT+CLVL=0",
        b"AT+CSCLK=1",
    )

    _gnss_step = _GNSS_OFF
    _gnss_ready = False
    _gnss_wait_ms = 0
    _gnss_ticks: "Ticks" = 0

    async def start(self) -> None:
        """Bring the modem up; its receiver is off after a power-on."""
        self._forget_gnss()
        await super().start()

    def _on_restarted(self) -> None:
        self._forget_gnss()
        super()._on_restarted()

    def _forget_gnss(self) -> None:
        self._gnss_step = _GNSS_OFF
        self._gnss_wait_ms = 0

    def is_gnss_due(self) -> bool:
        """Whether the receiver is to be powered, or to be routed to this line, now.

        Routed after 15 s even without READY: a receiver that was on does not say it again.
        """
        if not self.is_ready or self._gnss_step == _GNSS_ROUTED:
            return False
        since_ms = self._clock.ticks_diff(self._clock.ticks_ms(), self._gnss_ticks)
        return self._gnss_wait_ms == 0 or since_ms >= self._gnss_wait_ms

    async def keep_gnss_on(self) -> None:
        """Power the receiver, or route its sentences to this line; tried again when refused."""
        self._gnss_ticks = self._clock.ticks_ms()
        self._gnss_wait_ms = _GNSS_RETRY_MS
        if self._gnss_step == _GNSS_OFF:
            self._gnss_ready = False
            if await self._is_ok(b"AT+CGNSSPWR=1"):
                self._gnss_step = _GNSS_POWERED
                self._gnss_wait_ms = 0 if self._gnss_ready else _GNSS_READY_MS
        elif await self._is_ok(b"AT+CGNSSTST=1") and await self._is_ok(b"AT+CGNSSPORTSWITCH=0,1"):
            self._gnss_step = _GNSS_ROUTED

    @property
    def is_gnss_on(self) -> bool:
        """Whether the receiver is switched on."""
        return self._gnss_step != _GNSS_OFF

    async def gnss_off(self) -> None:
        """Cut the receiver's power."""
        self._forget_gnss()
        await self._is_ok(b"AT+CGNSSPWR=0")

    async def _is_ok(self, line: bytes) -> bool:
        status, _ = await self.engine.command(line, _COMMAND_MS)
        return status == at.OK

    def _on_gnss_ready(self) -> None:
        self._gnss_ready = True
        if self._gnss_step == _GNSS_POWERED:
            self._gnss_wait_ms = 0

    async def refresh_cell(self) -> None:
        """Read the serving cell from `+CPSI: LTE,Online,234-10,0x230A,175499523,...`."""
        status, info = await self.engine.command(b"AT+CPSI?", _COMMAND_MS, b"+CPSI:")
        fields = info[0].split(b",") if status == at.OK and info else []
        if len(fields) < 5:
            return
        cell = self.cell
        try:
            mcc, mnc = fields[2].decode().split("-")
            area, number = int(fields[3].decode(), 16), int(fields[4].decode())
        except ValueError:
            return
        is_network = len(mcc) == 3 and len(mnc) in (2, 3) and (mcc + mnc).isdigit()
        if is_network and not (area >> 32 or number >> 32):
            cell.mcc, cell.mnc, cell.area, cell.cell = mcc, mnc, area, number

    def _on_other(self, line: bytes) -> None:
        if line.startswith(b"VOICE CALL: BEGIN"):
            self.call_began = True
            self.call_state = CALL_ACTIVE
            self.changed.set()
        elif line.startswith(b"VOICE CALL:") and b"END" in line:
            self._on_call_over()
        elif line.startswith(b"+CGNSSPWR: READY"):
            self._on_gnss_ready()
        elif b"*ATREADY" in line:  # there may be noise before a first word
            self._on_restarted()
