"""What SIMCom's families have in common: call lines of words, the serving cell by +CPSI."""

from tocsin_sim.world.modem.calls import Calls
from tocsin_sim.world.modem.identity import IMEI, Badge
from tocsin_sim.world.modem.parameters import Table
from tocsin_sim.world.modem.radio import AREA, CELL, Radio
from tocsin_sim.world.modem.reply import Handlers, info
from tocsin_sim.world.network import Call, CallState

_SERVING = f"LTE,Online,001-01,0x{AREA:04X},{CELL},432,EUTRAN-BAND20,6225,2,-110,-960,-650,12"
_NO_SERVICE = "NO SERVICE,Online"

PARAMETERS: Table = {
    "+CSDVC": ("1", r"[13]"),
    "+COUTGAIN": ("4", r"[0-8]"),
    "+CMICGAIN": ("4", r"[0-8]"),
    "+CSCLK": ("0", r"[01]"),
    "+CFGRI": ("0", r"[01]"),
}


def badge(maker: str, model: str, revision: str) -> Badge:
    """Return how a SIMCom modem names itself."""
    about = (f"Manufacturer: {maker}", f"Model: {model}", f"Revision: {revision}", f"IMEI: {IMEI}")
    return Badge(maker, model, f"+CGMR: {revision}", about, ("+CICCID", "+ICCID:"))


def serving_cell(radio: Radio) -> Handlers:
    """Return the commands that tell the serving cell, and of IMS (27.007 clause 8.71)."""
    return {
        "+CIREG": lambda _: info(f"+CIREG: 0,{int(radio.is_registered)}"),
        "+CPSI": lambda _: info(f"+CPSI: {_SERVING if radio.is_registered else _NO_SERVICE}"),
    }


class SimcomCalls(Calls):
    """At ring-back the modem may claim that the call is already connected."""

    def _forget(self) -> None:
        super()._forget()
        self._begun_us: int | None = None

    def _changed(self, call: Call) -> None:
        is_begun = call.state is CallState.ACTIVE or (
            call.state is CallState.ALERTING and self.begins_at_ringback
        )
        if is_begun:
            self._begin()
        else:
            super()._changed(call)

    def _begin(self) -> None:
        if self._begun_us is None:
            self._begun_us = self._kernel.now_us
            self._claim(CallState.ACTIVE)
            self._terminal.urc("VOICE CALL: BEGIN")
            is_answered = self._call is not None and self._call.state is CallState.ACTIVE
            self._witness.saw("modem.begin", answered=is_answered)

    def _say_end(self) -> None:
        if self._begun_us is not None:
            seconds = (self._kernel.now_us - self._begun_us) // 1_000_000
            clock = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"
            self._terminal.urc(f"VOICE CALL: END: {clock}")
