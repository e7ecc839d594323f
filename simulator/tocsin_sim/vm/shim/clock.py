"""What the firmware imports as `time`: virtual, with the tick period and epoch of the ESP32."""
# ruff: noqa: D103 # MicroPython documents what module time does

import utime as _host_time  # the built-in one; its clock is never read
from micropython import const
from shim.link import link

_TICKS_MASK = const(0x3FFFFFFF)
_TICKS_HALF = const(0x20000000)
_UNIX_AT_EPOCH_S = const(946684800)  # 2000-01-01, the ESP32 port's epoch

_boot_us = 0
_offset_us = 0


def _begin(ticks_offset_ms: int) -> None:
    """Start the clocks now, the tick counter from `ticks_offset_ms`."""
    global _boot_us, _offset_us
    _boot_us = link.now_us
    _offset_us = ticks_offset_ms * 1000 - _boot_us


def _after_ticks(delay_ms: int) -> int:
    """Return the instant in us at which the tick counter has advanced by `delay_ms`."""
    return ((link.now_us + _offset_us) // 1000 + delay_ms) * 1000 - _offset_us


def _due_us(ticks: int) -> int:
    """Return the instant in us at which the tick counter shows `ticks`, past or to come."""
    if link.debt_us:
        link.pay()
    now_ms = (link.now_us + _offset_us) // 1000
    delay_ms = ((ticks - now_ms + _TICKS_HALF) & _TICKS_MASK) - _TICKS_HALF
    return (now_ms + delay_ms) * 1000 - _offset_us


def _free_ticks_ms() -> int:
    """As ticks_ms, but costs nothing: what asyncio's own loop reads."""
    if link.debt_us:
        link.pay()
    return (link.now_us + _offset_us) // 1000 & _TICKS_MASK


def ticks_ms() -> int:
    link.spin()
    return (link.now_us + _offset_us) // 1000 & _TICKS_MASK


def ticks_us() -> int:
    link.spin()
    return (link.now_us + _offset_us) & _TICKS_MASK


ticks_cpu = ticks_us


def ticks_diff(end: int, start: int) -> int:
    return ((end - start + _TICKS_HALF) & _TICKS_MASK) - _TICKS_HALF


def ticks_add(ticks: int, delta: int) -> int:
    if not -_TICKS_HALF < delta < _TICKS_HALF:
        raise OverflowError("ticks interval overflow")
    return (ticks + delta) & _TICKS_MASK


def sleep_us(us: int) -> None:
    link.wait_until(link.now_us + us)


def sleep_ms(ms: int) -> None:
    link.advance(link.now_us)  # handlers that are due run, however short it is
    link.wait_until(link.now_us + ms * 1000)


def sleep(s: float) -> None:
    link.wait_until(link.now_us + int(s * 1000000))


def time_ns() -> int:
    link.spin()
    return (link.now_us - _boot_us) * 1000


def time() -> int:
    return time_ns() // 1000000000


def gmtime(s: "int | None" = None) -> tuple:
    return _host_time.gmtime((time() if s is None else s) + _UNIX_AT_EPOCH_S)[:8]


localtime = gmtime


def mktime(parts: tuple) -> int:
    return int(_host_time.mktime(parts)) - _UNIX_AT_EPOCH_S
