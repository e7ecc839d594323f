"""A UART that wakes its reader when the line falls idle, and never reads byte by byte.

A line that is never idle wakes nobody: who may send without a pause is looked for, by `look`.
"""

import asyncio

from machine import UART

_CHUNK_BYTES = 256
# One for all ports: what is read is taken in before anything else is read.
_buffer = bytearray(_CHUNK_BYTES)


class SerialPort:
    """One UART, drained into `buffer`. One task at a time may await `readable`."""

    def __init__(self, uart: UART, baud: int) -> None:
        self.baud = baud
        self._uart = uart
        self._flag = asyncio.ThreadSafeFlag()
        self.buffer = _buffer
        uart.irq(self._on_idle, UART.IRQ_RXIDLE)

    def _on_idle(self, _uart: UART) -> None:
        self._flag.set()

    async def readable(self) -> None:
        """Return once bytes came in and the line fell idle after them."""
        await self._flag.wait()

    def look(self) -> None:
        """Wake the reader if anything has come in, though the line be busy still."""
        if self._uart.any():
            self._flag.set()

    def read(self) -> int:
        """Move what was received into `buffer`, all that fits; how many bytes, 0 for none."""
        return self._uart.readinto(self.buffer) or 0

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        """Queue bytes for sending."""
        self._uart.write(data)

    def drain(self) -> None:
        """Return once the last queued byte has left: 87 us a byte at 115,200 baud."""
        self._uart.flush()
