"""A receiver under a synthetic sky: a time to first fix, then a noisy position every second."""

from collections.abc import Callable
from math import cos, radians

from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.gnss.sentences import fix_epoch, void_epoch
from tocsin_sim.world.interfaces import Event, Kernel
from tocsin_sim.world.laws import lognormal_us
from tocsin_sim.world.setting import Setting

_SECOND_US = 1_000_000
_M_PER_DEG = 111_320


class SyntheticReceiver:
    """Sends four sentences at each UTC second while started; each start draws a time to fix."""

    def __init__(self, kernel: Kernel, setting: Setting, clock: UtcClock) -> None:
        self.latest = b""
        self._kernel = kernel
        self._setting = setting
        self._clock = clock
        self._ttff = kernel.stream("gnss.ttff")
        self._noise = kernel.stream("gnss.noise")
        self._fix_us = 0
        self._sees_sky = True
        self._listener: Callable[[bytes], None] | None = None
        self._next: Event | None = None

    def on_epoch(self, callback: Callable[[bytes], None]) -> None:
        """Hear each epoch while started."""
        self._listener = callback

    def start(self) -> None:
        """Search for satellites from now on."""
        self.stop()
        self._search()
        into_second_us = self._clock.at(self._kernel.now_us).microsecond
        self._next = self._kernel.after(_SECOND_US - into_second_us, self._tick)

    def show_sky(self, is_seen: bool) -> None:
        """Let it see satellites or none; it searches anew once it sees them again."""
        self._sees_sky = is_seen
        self._search()

    def _search(self) -> None:
        setting = self._setting
        ttff_us = lognormal_us(self._ttff, setting.ttff_median_s, setting.ttff_sigma)
        self._fix_us = self._kernel.now_us + ttff_us

    def stop(self) -> None:
        """Switch it off."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        self.latest = b""

    def _tick(self) -> None:
        self._next = self._kernel.after(_SECOND_US, self._tick)
        self.latest = self._epoch()
        if self._listener is not None:
            self._listener(self.latest)

    def _epoch(self) -> bytes:
        utc = self._clock.at(self._kernel.now_us)
        if not self._sees_sky or self._kernel.now_us < self._fix_us:
            return void_epoch(utc)
        place, noise_m = self._setting.position, self._setting.noise_m
        lat_deg = place.lat_deg + self._noise.gauss(0, noise_m) / _M_PER_DEG
        east_m_per_deg = max(_M_PER_DEG * cos(radians(place.lat_deg)), 1.0)
        lon_deg = place.lon_deg + self._noise.gauss(0, noise_m) / east_m_per_deg
        return fix_epoch(utc, lat_deg, lon_deg, self._setting.hdop)
