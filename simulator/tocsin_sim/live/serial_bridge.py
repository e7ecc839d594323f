"""The USB bridge of the board: carries bytes between a client's port and the handset's UART."""

from tocsin_sim.kernel import Kernel, RealTimeLoop
from tocsin_sim.live.pty import Pty
from tocsin_sim.vm.lines import UartLine

_CHUNK_BYTES = 128
_BITS_PER_BYTE = 10  # 8 data, start, stop


class SerialBridge:
    """Connects `port` and `uart`: a fast client waits, what no client reads is lost."""

    def __init__(self, kernel: Kernel, loop: RealTimeLoop, port: Pty, uart: UartLine) -> None:
        self._kernel = kernel
        self._loop = loop
        self._port = port
        self._uart = uart
        uart.on_bytes(port.write)
        self._listen()

    def _listen(self) -> None:
        self._loop.watch(self._port.fd, self._carry)

    def _carry(self) -> None:
        """Take the next bytes only when the UART will have sent these."""
        data = self._port.read(_CHUNK_BYTES)
        self._uart.send(data)
        self._loop.unwatch(self._port.fd)
        sending_us = len(data) * _BITS_PER_BYTE * 1_000_000 // self._uart.baud
        self._kernel.after(sending_us, self._listen)
