"""machine.UART of the ESP32 port, reading without waiting (timeout 0)."""

import io
import struct

from micropython import const
from shim.kinds import OVERRUN, UART_OPEN
from shim.kinds import UART as UART_RECORD
from shim.link import Link

_BITS_PER_BYTE = const(10)  # 8 data, start, stop
_FIFO_BYTES = const(128)  # of the ESP32, each way
_MAX_RECORD_BYTES = const(512)
_STREAM_POLL = const(3)
_POLLIN = const(1)
_POLLOUT = const(4)


def make_uart(link: Link) -> type:
    """Return class `UART`."""
    uarts: dict = {}

    class UART(io.IOBase):
        INV_TX = 4
        INV_RX = 8
        IRQ_RXIDLE = 0x1000

        def __init__(self, id: int, baudrate: int = 115200, **settings: object) -> None:
            self._id = id
            self._rx_room = 256 + _FIFO_BYTES
            self._tx_room = 256 + _FIFO_BYTES
            self._handler = None
            self._trigger = 0
            self._sent_us = 0
            self.init(baudrate, **settings)
            uarts[id] = self

        def init(
            self,
            baudrate: int = 115200,
            bits: int = 8,
            parity: "int | None" = None,
            stop: int = 1,
            tx: int = -1,
            rx: int = -1,
            rts: int = -1,
            cts: int = -1,
            txbuf: int = -1,
            rxbuf: int = -1,
            timeout: int = 0,
            timeout_char: int = 0,
            invert: int = 0,
            flow: int = 0,
        ) -> None:
            if timeout:
                raise ValueError("only UART timeout 0 is simulated")
            if txbuf >= 0:
                self._tx_room = txbuf + _FIFO_BYTES
            if rxbuf >= 0:
                self._rx_room = rxbuf + _FIFO_BYTES
            self._baud = baudrate
            self._buffer = bytearray(self._rx_room)
            self._head = self._tail = 0
            link.emit(UART_OPEN, self._id, struct.pack("<I", baudrate))

        def deinit(self) -> None:
            uarts.pop(self._id, None)

        def irq(
            self,
            handler: "Callable[[UART], object] | None" = None,
            trigger: int = 0,
            hard: bool = False,
        ) -> None:
            if trigger & ~UART.IRQ_RXIDLE:
                raise ValueError("trigger 0x%04x unsupported" % trigger)
            self._handler = handler
            self._trigger = trigger

        def _receive(self, data: bytearray, start: int, end: int) -> None:
            size = end - start
            lost = self._tail - self._head + size - self._rx_room
            if lost > 0:
                link.emit(OVERRUN, self._id, struct.pack("<I", lost))
                size -= lost
            if self._tail + size > self._rx_room:
                self._move_to_front()
            tail = self._tail
            self._buffer[tail : tail + size] = memoryview(data)[start : start + size]
            self._tail = tail + size
            if self._trigger and self._handler:
                link.call_soon(self._handler, self)

        def _move_to_front(self) -> None:
            kept = self._tail - self._head
            self._buffer[:kept] = self._buffer[self._head : self._tail]
            self._head = 0
            self._tail = kept

        def any(self) -> int:
            return self._tail - self._head

        def readinto(self, target: "bytearray | memoryview", size: int = -1) -> "int | None":
            head = self._head
            count = self._tail - head
            if not count:
                return None
            count = min(count, len(target)) if size < 0 else min(count, len(target), size)
            target[:count] = memoryview(self._buffer)[head : head + count]
            self._take(count)
            return count

        def _take(self, count: int) -> None:
            self._head += count
            if self._head == self._tail:
                self._head = self._tail = 0

        def read(self, size: int = -1) -> "bytes | None":
            count = self._tail - self._head
            if not count:
                return None
            if 0 <= size < count:
                count = size
            data = bytes(memoryview(self._buffer)[self._head : self._head + count])
            self._take(count)
            return data

        def readline(self) -> "bytes | None":
            end = self._buffer.find(b"\n", self._head, self._tail)
            return self.read(end + 1 - self._head if end >= 0 else -1)

        def write(self, data: "bytes | bytearray | memoryview | str") -> int:
            """Queue for sending; waits, as the port does, while the transmit buffer is full."""
            if isinstance(data, str):
                data = data.encode()
            view = memoryview(data)
            for start in range(0, len(data), _MAX_RECORD_BYTES):
                self._write(view[start : start + _MAX_RECORD_BYTES])
            return len(data)

        def _write(self, data: memoryview) -> None:
            link.emit(UART_RECORD, self._id, data)
            begin_us = max(self._sent_us, link.now_us)
            self._sent_us = begin_us + self._duration_us(len(data))
            self._wait_until(self._sent_us - self._duration_us(self._tx_room))

        def _duration_us(self, count: int) -> int:
            return count * _BITS_PER_BYTE * 1000000 // self._baud

        def _wait_until(self, until_us: int) -> None:
            while link.now_us < until_us:
                link.advance(until_us)

        def txdone(self) -> bool:
            link.spin()
            return link.now_us >= self._sent_us

        def flush(self) -> None:
            self._wait_until(self._sent_us)

        def ioctl(self, request: int, flags: int) -> int:
            if request != _STREAM_POLL:
                return 0
            ready = flags & _POLLOUT
            if self._tail > self._head:
                ready |= flags & _POLLIN
            return ready

    def receive(port: int, buffer: bytearray, start: int, end: int) -> None:
        uart = uarts.get(port)
        if uart:
            uart._receive(buffer, start, end)

    link.receivers[UART_RECORD] = receive
    return UART
