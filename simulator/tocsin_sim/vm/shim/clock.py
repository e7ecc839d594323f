"""What the firmware imports as `time`: virtual, with the tick period and epoch of the ESP32."""

import utime as _host_time  # the built-in one; its clock is never read
from micropython import const
from shim.link import Link

_TICKS_MASK = const(0x3FFFFFFF)
_TICKS_HALF = const(0x20000000)
_UNIX_AT_EPOCH_S = const(946684800)  # 2000-01-01, the ESP32 port's epoch


class Clock:
    """The attributes of module `time`; `ticks_ms` here charges nothing (asyncio's own)."""

    def __init__(self, link: Link, ticks_offset_ms: int) -> None:
        boot_us = link.now_us
        offset_us = ticks_offset_ms * 1000 - boot_us

        def ticks_ms() -> int:
            if link.debt_us:
                link.pay()
            return (link.now_us + offset_us) // 1000 & _TICKS_MASK

        def ticks_us() -> int:
            link.spin()
            if link.debt_us:
                link.pay()
            return (link.now_us + offset_us) & _TICKS_MASK

        def sleep_us(us: int) -> None:
            until_us = link.now_us + us
            while link.now_us < until_us:
                link.advance(until_us)

        def time_ns() -> int:
            link.spin()
            return (link.now_us - boot_us) * 1000

        self.offset_us = offset_us
        self.ticks_ms = ticks_ms
        self.ticks_us = ticks_us
        self.ticks_cpu = ticks_us
        self.sleep_us = sleep_us
        self.sleep_ms = lambda ms: sleep_us(ms * 1000)
        self.sleep = lambda s: sleep_us(int(s * 1000000))
        self.time_ns = time_ns
        self.time = lambda: time_ns() // 1000000000
        self.ticks_diff = _ticks_diff
        self.ticks_add = _ticks_add
        self.gmtime = lambda s=None: _gmtime(self.time() if s is None else s)
        self.localtime = self.gmtime
        self.mktime = _mktime


class ChargingClock(Clock):
    """As the firmware sees it: each look at the clock costs time, so that busy waits end."""

    def __init__(self, link: Link, ticks_offset_ms: int) -> None:
        super().__init__(link, ticks_offset_ms)
        free_ticks_ms = self.ticks_ms

        def ticks_ms() -> int:
            link.spin()
            return free_ticks_ms()

        self.ticks_ms = ticks_ms


def _ticks_diff(end: int, start: int) -> int:
    return ((end - start + _TICKS_HALF) & _TICKS_MASK) - _TICKS_HALF


def _ticks_add(ticks: int, delta: int) -> int:
    if not -_TICKS_HALF < delta < _TICKS_HALF:
        raise OverflowError("ticks interval overflow")
    return (ticks + delta) & _TICKS_MASK


def _gmtime(s: int) -> tuple:
    return _host_time.gmtime(s + _UNIX_AT_EPOCH_S)[:8]


def _mktime(parts: tuple) -> int:
    return int(_host_time.mktime(parts)) - _UNIX_AT_EPOCH_S
