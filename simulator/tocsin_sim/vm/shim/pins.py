"""machine.Pin and machine.ADC of the ESP32 port."""
# ruff: noqa: D101, D102 # MicroPython documents what module machine does

import struct

from micropython import const
from shim.kinds import ADC as ADC_RECORD
from shim.kinds import PIN, PIN_MODE, RELEASED
from shim.link import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

_FULL_SCALE_UV = const(3300000)
_KEEP = const(-1)
_HIGH = b"\x01"
_LOW = b"\x00"

_pins: dict = {}  # by number: one object a pin, as on the port
_driven: dict = {}  # pin number: level the world drives, absent or RELEASED when it does not
_microvolts: dict = {}  # pin number: voltage


class Pin:
    IN = 1
    OUT = 3
    OPEN_DRAIN = 7
    PULL_DOWN = 1
    PULL_UP = 2
    IRQ_RISING = 1
    IRQ_FALLING = 2
    DRIVE_0 = 0
    DRIVE_1 = 1
    DRIVE_2 = 2
    DRIVE_3 = 3

    # By mode and pull as the port numbers them: as they cross the link.
    MODES: "tuple[int, ...]" = (0, IN, 2, OUT, 4, 5, 6, OPEN_DRAIN)
    PULLS: "tuple[int, ...]" = (0, PULL_DOWN, PULL_UP)

    def __new__(cls, id: "int | Pin", *settings: "Any", **named: "Any") -> "Self":
        number = id if isinstance(id, int) else id.number
        pin = _pins.get(number)
        if pin is None:
            pin = _pins[number] = object.__new__(cls)
            pin._begin(number)
        return pin

    def __init__(self, id: "int | Pin", *settings: "Any", **named: "Any") -> None:
        self.init(*settings, **named)

    def _begin(self, number: int) -> None:
        self.number = number
        self._mode = self.IN
        self._pull = 0
        self._out = 0
        self._handler: "Callable[[Pin], object] | None" = None
        self._trigger = 0

    def init(
        self,
        mode: int = _KEEP,
        pull: "int | None" = _KEEP,
        *,
        value: "int | None" = None,
        drive: int = _KEEP,
        hold: "bool | None" = None,
    ) -> None:
        if value is not None:
            self._out = 1 if value else 0
        if mode != _KEEP:
            self._mode = mode
        if pull != _KEEP:
            self._pull = pull or 0
        link.emit(PIN_MODE, self.number, bytes([self.MODES[self._mode], self.PULLS[self._pull]]))
        self._put_out()

    def _put_out(self) -> None:
        if self._mode != self.IN:
            link.emit(PIN, self.number, _HIGH if self._out else _LOW)

    def value(self, level: "int | None" = None) -> "int | None":
        if level is None:
            return self._out if self._mode == self.OUT else self.read()
        level = 1 if level else 0
        if level != self._out:
            self._out = level
            self._put_out()
        return None

    __call__ = value

    def on(self) -> None:
        self.value(1)

    def off(self) -> None:
        self.value(0)

    def toggle(self) -> None:
        self.value(not self._out)

    def read(self) -> int:
        """Return the level on the wire (not part of the port's Pin)."""
        if self._mode == self.OPEN_DRAIN and not self._out:
            return 0
        level = _driven.get(self.number, RELEASED)
        return level if level != RELEASED else int(self._pull == self.PULL_UP)

    def irq(
        self,
        handler: "Callable[[Pin], object] | None" = None,
        trigger: int = 3,
        *,
        wake: "int | None" = None,
        hard: bool = False,
    ) -> None:
        self._handler = handler
        self._trigger = trigger

    def notice(self, before: int) -> None:
        """Call the handler if the level on the wire has changed (not part of the port's Pin)."""
        after = self.read()
        edge = self.IRQ_RISING if after else self.IRQ_FALLING
        if after != before and self._handler and self._trigger & edge:
            link.call_soon(self._handler, self)


def _receive_level(port: int, buffer: bytearray, start: int, end: int) -> None:
    pin = _pins.get(port)
    before = pin.read() if pin else 0
    _driven[port] = buffer[start]
    if pin:
        pin.notice(before)


class ADC:
    """An analogue input; one nobody drives reads 0."""

    ATTN_0DB = 0
    ATTN_2_5DB = 1
    ATTN_6DB = 2
    ATTN_11DB = 3
    WIDTH_12BIT = 3

    def __init__(self, pin: "int | Pin", *, atten: int = 0) -> None:
        self._number = pin if isinstance(pin, int) else pin.number

    def init(self, *, atten: int = 0) -> None:
        pass

    def atten(self, attenuation: int) -> None:
        pass

    def width(self, bits: int) -> None:
        pass

    def read_uv(self) -> int:
        return min(_microvolts.get(self._number, 0), _FULL_SCALE_UV)

    def read_u16(self) -> int:
        return self.read_uv() * 65535 // _FULL_SCALE_UV

    def read(self) -> int:
        return self.read_u16() >> 4


def _receive_voltage(port: int, buffer: bytearray, start: int, end: int) -> None:
    _microvolts[port] = struct.unpack_from("<I", buffer, start)[0]


link.receivers[PIN] = _receive_level
link.receivers[ADC_RECORD] = _receive_voltage
