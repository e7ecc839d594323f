"""Who the modem and its SIM are: identity commands."""

from tocsin_sim.world.modem.parser import Command
from tocsin_sim.world.modem.reply import ERROR, Handlers, Reply, info

IMEI = "350000010007016"
"""Made up, with a right check digit (3GPP TS 23.003 annex B)."""
IMSI = "001010000007001"
"""On the test network 001-01."""
_ICCID = "89000000000000070013"
_MODEL = "A7670E-FASE"
_REVISION = "A110B07A7670M7_F"


class Identity:
    """Answers questions of identity."""

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
            "+CIMI": self._imsi,
            "+CICCID": lambda _: info(f"+ICCID: {_ICCID}"),
        }

    def _imsi(self, command: Command) -> Reply:
        return ERROR if command.text else info(IMSI)
