"""machine.Pin and machine.ADC of the ESP32 port."""

import struct

from micropython import const
from shim.kinds import ADC as ADC_RECORD
from shim.kinds import PIN, PIN_MODE, RELEASED
from shim.link import Link

_FULL_SCALE_UV = const(3300000)
_HIGH = b"\x01"
_LOW = b"\x00"


def make_pin(link: Link) -> type:
    """Return class `Pin`, one object a pin as on the port."""
    driven: dict = {}  # pin number: level the world drives, absent or RELEASED when it does not
    pins: dict = {}

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

        def __new__(cls, id: int, *args: object, **kwargs: object) -> "Pin":
            if isinstance(id, Pin):
                id = id._id
            pin = pins.get(id)
            if pin is None:
                pin = pins[id] = object.__new__(cls)
                pin._id = id
                pin._mode = Pin.IN
                pin._pull = 0
                pin._out = 0
                pin._handler = None
                pin._trigger = 0
            return pin

        def __init__(self, id: object, *args: object, **kwargs: object) -> None:
            self.init(*args, **kwargs)

        def init(
            self,
            mode: "int | None" = None,
            pull: "int | None" = -1,
            value: "int | None" = None,
            drive: "int | None" = None,
            hold: "bool | None" = None,
        ) -> None:
            if value is not None:
                self._out = 1 if value else 0
            if mode is not None:
                self._mode = mode
            if pull != -1:
                self._pull = pull or 0
            link.emit(PIN_MODE, self._id, bytes([self._mode, self._pull]))
            if self._mode != Pin.IN:
                link.emit(PIN, self._id, _HIGH if self._out else _LOW)

        def value(self, level: "int | None" = None) -> "int | None":
            if level is None:
                return self._out if self._mode == Pin.OUT else self._read()
            level = 1 if level else 0
            if level != self._out:
                self._out = level
                if self._mode != Pin.IN:
                    link.emit(PIN, self._id, _HIGH if level else _LOW)
            return None

        __call__ = value

        def on(self) -> None:
            self.value(1)

        def off(self) -> None:
            self.value(0)

        def toggle(self) -> None:
            self.value(not self._out)

        def _read(self) -> int:
            if self._mode == Pin.OPEN_DRAIN and not self._out:
                return 0
            level = driven.get(self._id, RELEASED)
            return level if level != RELEASED else int(self._pull == Pin.PULL_UP)

        def irq(
            self,
            handler: "Callable[[Pin], object] | None" = None,
            trigger: int = 3,
            wake: "int | None" = None,
            hard: bool = False,
        ) -> None:
            self._handler = handler
            self._trigger = trigger

        def _edge(self, before: int) -> None:
            after = self._read()
            edge = Pin.IRQ_RISING if after else Pin.IRQ_FALLING
            if after != before and self._handler and self._trigger & edge:
                link.call_soon(self._handler, self)

    def receive(port: int, buffer: bytearray, start: int, end: int) -> None:
        pin = pins.get(port)
        before = pin._read() if pin else 0
        driven[port] = buffer[start]
        if pin:
            pin._edge(before)

    link.receivers[PIN] = receive
    return Pin


def make_adc(link: Link) -> type:
    """Return class `ADC`; an input nobody drives reads 0."""
    microvolts: dict = {}

    class ADC:
        ATTN_0DB = 0
        ATTN_2_5DB = 1
        ATTN_6DB = 2
        ATTN_11DB = 3
        WIDTH_12BIT = 3

        def __init__(self, pin: object, atten: int = 0) -> None:
            self._id = pin if isinstance(pin, int) else pin._id

        def init(self, atten: int = 0) -> None:
            pass

        atten = init
        width = init

        def read_uv(self) -> int:
            return min(microvolts.get(self._id, 0), _FULL_SCALE_UV)

        def read_u16(self) -> int:
            return self.read_uv() * 65535 // _FULL_SCALE_UV

        def read(self) -> int:
            return self.read_u16() >> 4

    def receive(port: int, buffer: bytearray, start: int, end: int) -> None:
        microvolts[port] = struct.unpack_from("<I", buffer, start)[0]

    link.receivers[ADC_RECORD] = receive
    return ADC
