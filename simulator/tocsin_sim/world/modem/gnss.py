"""The receiver inside a modem: its power, and its last position as modems write it."""

from dataclasses import dataclass
from typing import Self

from tocsin_sim.world.interfaces import Kernel, Receiver
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.reply import Handlers
from tocsin_sim.world.modem.terminal import Terminal


class Gnss:
    """A receiver that the modem powers; families add how it is asked and what it tells."""

    def __init__(
        self, kernel: Kernel, terminal: Terminal, parameters: Parameters, receiver: Receiver
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._receiver = receiver
        self.is_powered = False
        receiver.on_epoch(self._heard)

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {}

    def power_off(self) -> None:
        """Switch the receiver off."""
        self.is_powered = False
        self._receiver.stop()

    def _heard(self, chunk: bytes) -> None:
        """Take an epoch's sentences."""


@dataclass(frozen=True, slots=True)
class Place:
    """An epoch's fix: fields of its RMC and GGA sentences as they stand there."""

    lat: str
    north_south: str
    lon: str
    east_west: str
    date: str
    utc: str
    altitude_m: str
    speed_kn: str
    course_deg: str
    hdop: str
    satellites: str

    @classmethod
    def read(cls, epoch: bytes) -> Self | None:
        """Read an epoch; None without a fix."""
        sentences = {line[3:6]: line.split(",") for line in epoch.decode("latin-1").split("\r\n")}
        rmc, gga = sentences.get("RMC", []), sentences.get("GGA", [])
        if len(rmc) < 10 or rmc[2] != "A" or len(gga) < 10:
            return None
        lat, north_south, lon, east_west, speed_kn, course_deg, date = rmc[3:10]
        return cls(
            lat,
            north_south,
            lon,
            east_west,
            date,
            rmc[1],
            gga[9],
            speed_kn,
            course_deg,
            gga[8],
            gga[7],
        )

    @property
    def lat_deg(self) -> float:
        """Latitude in degrees, without its sign."""
        return _degrees(self.lat, 2)

    @property
    def lon_deg(self) -> float:
        """Longitude in degrees, without its sign."""
        return _degrees(self.lon, 3)


def _degrees(value: str, degree_digits: int) -> float:
    return int(value[:degree_digits]) + float(value[degree_digits:]) / 60
