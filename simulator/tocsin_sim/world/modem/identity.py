"""Who the modem and its SIM are: identity commands."""

from collections.abc import Callable

from tocsin_sim.world.modem.reply import Cme, Handlers, Reply, failed, info

IMEI = "350000010007016"
"""Made up, with a right check digit (3GPP TS 23.003 annex B)."""
IMSI = "001010000007001"
"""On the test network 001-01."""
_ICCID = "89000000000000070013"
_MODEL = "A7670E-FASE"
_REVISION = "A110B07A7670M7_F"


class Identity:
    """Answers questions of identity; the SIM's own only once `is_sim_ready()`."""

    def __init__(self, is_sim_ready: Callable[[], bool]) -> None:
        self._is_sim_ready = is_sim_ready

    def handlers(self) -> Handlers:
        """Return its commands."""
        about = ("Manufacturer: INCORPORATED", f"Model: {_MODEL}", f"Revision: {_REVISION}")
        return {
            "I": lambda _: info(*about, f"IMEI: {IMEI}"),
            "+SIMCOMATI": lambda _: info(*about, f"IMEI: {IMEI}"),
            "+CGMI": lambda _: info("INCORPORATED"),
            "+CGMM": lambda _: info(_MODEL),
            "+CGMR": lambda _: info(f"+CGMR: {_REVISION}"),
            "+CGSN": lambda _: info(IMEI),
            "+CIMI": lambda _: self._from_sim(IMSI),
            "+CICCID": lambda _: self._from_sim(f"+ICCID: {_ICCID}"),
        }

    def _from_sim(self, line: str) -> Reply:
        return info(line) if self._is_sim_ready() else failed(Cme.SIM_BUSY)
