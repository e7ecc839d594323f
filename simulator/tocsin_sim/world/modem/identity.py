"""Who the modem and its SIM are: identity commands."""

from collections.abc import Callable
from dataclasses import dataclass

from tocsin_sim.world.modem.reply import Cme, Handlers, Reply, failed, info

IMEI = "350000010007016"
"""Made up, with a right check digit (3GPP TS 23.003 annex B)."""
IMSI = "001010000007001"
"""On the test network 001-01."""
_ICCID = "89000000000000070013"


@dataclass(frozen=True, slots=True)
class Badge:
    """How a family names itself, and `iccid`, the command for the SIM's number with its prefix."""

    maker: str
    model: str
    revision: str
    about: tuple[str, ...]
    iccid: tuple[str, str]


class Identity:
    """Answers questions of identity; the SIM's own only once `sim_error()` is None."""

    def __init__(self, badge: Badge, sim_error: Callable[[], Cme | None]) -> None:
        self._badge = badge
        self._sim_error = sim_error

    def handlers(self) -> Handlers:
        """Return its commands."""
        badge = self._badge
        command, prefix = badge.iccid
        return {
            "I": lambda _: info(*badge.about),
            "+CGMI": lambda _: info(badge.maker),
            "+CGMM": lambda _: info(badge.model),
            "+CGMR": lambda _: info(badge.revision),
            "+CGSN": lambda _: info(IMEI),
            "+CIMI": lambda _: self._from_sim(IMSI),
            command: lambda _: self._from_sim(f"{prefix} {_ICCID}"),
        }

    def _from_sim(self, line: str) -> Reply:
        error = self._sim_error()
        return info(line) if error is None else failed(error)
