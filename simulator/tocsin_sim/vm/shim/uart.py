"""machine.UART of the ESP32 port, reading without waiting (timeout 0)."""
# ruff: noqa: D101, D102 # MicroPython documents what module machine does

import io
import struct

from micropython import const
from shim.kinds import OVERRUN, UART_IDLE, UART_OPEN
from shim.kinds import UART as UART_RECORD
from shim.link import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_BITS_PER_BYTE = const(10)  # 8 data, start, stop
_BUFFER_BYTES = const(256)  # the port's default, each way
_MAX_RECORD_BYTES = const(512)
_STREAM_POLL = const(3)
_POLLIN = const(1)
_POLLOUT = const(4)
_KEEP = const(-1)

_uarts: dict = {}  # by number


class UART(io.IOBase):
    INV_TX = 4
    INV_RX = 8
    IRQ_RXIDLE = 0x1000
    FIFO_BYTES = 128  # of the ESP32, each way, beside the buffer

    def __init__(self, id: int, baudrate: int = 115200, **settings: "Any") -> None:
        self._id = id
        self._rx_room = self._tx_room = _BUFFER_BYTES + self.FIFO_BYTES
        self._handler: "Callable[[UART], object] | None" = None
        self._trigger = 0
        self._sent_us = 0
        self.init(baudrate, **settings)
        _uarts[id] = self

    def init(
        self,
        baudrate: int = 115200,
        bits: int = 8,
        parity: "int | None" = None,
        stop: int = 1,
        *,
        tx: "Any" = None,
        rx: "Any" = None,
        rts: int = _KEEP,
        cts: int = _KEEP,
        txbuf: int = _KEEP,
        rxbuf: int = _KEEP,
        timeout: int = 0,
        timeout_char: int = 0,
        invert: int = 0,
        flow: int = 0,
    ) -> None:
        if timeout or (bits, parity, stop) != (8, None, 1):
            raise ValueError("only 8N1 and timeout 0 are simulated")
        if txbuf != _KEEP:
            self._tx_room = txbuf + self.FIFO_BYTES
        if rxbuf != _KEEP:
            self._rx_room = rxbuf + self.FIFO_BYTES
        self._baud = baudrate
        self._buffer = bytearray(self._rx_room)
        self._view = memoryview(self._buffer)
        self._head = self._tail = 0
        link.emit(UART_OPEN, self._id, struct.pack("<I", baudrate))

    def deinit(self) -> None:
        _uarts.pop(self._id, None)

    def irq(
        self,
        handler: "Callable[[UART], object] | None" = None,
        trigger: int = 0,
        hard: bool = False,
    ) -> None:
        if trigger & ~UART.IRQ_RXIDLE:
            raise ValueError("trigger 0x%04x unsupported" % trigger)
        self._handler = handler if trigger else None

    def receive(self, data: bytearray, start: int, end: int) -> None:
        """Take bytes off the wire, as far as there is room (not part of the port's UART)."""
        size = end - start
        tail = self._tail
        if tail + size > self._rx_room:
            size = self._make_room(size)
            tail = self._tail
        self._view[tail : tail + size] = data[start : start + size]
        self._tail = tail + size

    def fall_idle(self) -> None:
        """Tell of the silence after what was received (not part of the port's UART)."""
        if self._handler:
            link.call_soon(self._handler, self)

    def _make_room(self, size: int) -> int:
        kept = self._tail - self._head
        self._buffer[:kept] = self._buffer[self._head : self._tail]
        self._head = 0
        self._tail = kept
        lost = kept + size - self._rx_room
        if lost > 0:
            link.emit(OVERRUN, self._id, struct.pack("<I", lost))
            size -= lost
        return size

    def any(self) -> int:
        return self._tail - self._head

    def readinto(self, target: "bytearray | memoryview", size: int = _KEEP) -> "int | None":
        head = self._head
        count = min(self._tail - head, len(target))
        if 0 <= size < count:
            count = size
        if not count:
            return None
        target[:count] = self._view[head : head + count]
        self._take(count)
        return count

    def _take(self, count: int) -> None:
        self._head += count
        if self._head == self._tail:
            self._head = self._tail = 0

    def read(self, size: int = _KEEP) -> "bytes | None":
        count = self._tail - self._head
        if 0 <= size < count:
            count = size
        if not count:
            return None
        data = bytes(self._view[self._head : self._head + count])
        self._take(count)
        return data

    def readline(self) -> "bytes | None":
        end = self._buffer.find(b"\n", self._head, self._tail)
        return self.read(end + 1 - self._head if end >= 0 else _KEEP)

    def write(self, data: "bytes | bytearray | memoryview | str") -> int:
        """Queue for sending; waits, as the port does, while the transmit buffer is full."""
        if isinstance(data, str):
            data = data.encode()
        size = len(data)
        if size <= _MAX_RECORD_BYTES:
            self._write(data)
        else:
            view = memoryview(data)
            for start in range(0, size, _MAX_RECORD_BYTES):
                self._write(view[start : start + _MAX_RECORD_BYTES])
        return size

    def _write(self, data: "bytes | bytearray | memoryview") -> None:
        link.emit(UART_RECORD, self._id, data)
        begin_us = max(self._sent_us, link.now_us)
        self._sent_us = begin_us + self._duration_us(len(data))
        link.wait_until(self._sent_us - self._duration_us(self._tx_room))

    def _duration_us(self, count: int) -> int:
        return count * _BITS_PER_BYTE * 1000000 // self._baud

    def txdone(self) -> bool:
        link.spin()
        return link.now_us >= self._sent_us

    def flush(self) -> None:
        link.wait_until(self._sent_us)

    def ioctl(self, request: int, flags: int) -> int:
        if request != _STREAM_POLL:
            return 0
        ready = flags & _POLLOUT
        if self._tail > self._head:
            ready |= flags & _POLLIN
        return ready


def _receive(port: int, buffer: bytearray, start: int, end: int) -> None:
    uart = _uarts.get(port)
    if uart:
        uart.receive(buffer, start, end)


def _fall_idle(port: int, buffer: bytearray, start: int, end: int) -> None:
    uart = _uarts.get(port)
    if uart:
        uart.fall_idle()


link.receivers[UART_RECORD] = _receive
link.receivers[UART_IDLE] = _fall_idle
