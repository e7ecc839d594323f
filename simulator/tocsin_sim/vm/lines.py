"""The electrical connections between handset and world, as the world holds them."""

import struct
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from tocsin_sim.kernel import Event, Kernel
from tocsin_sim.vm.shim import kinds

_BITS_PER_BYTE = 10  # 8 data, start, stop
_US_PER_S = 1_000_000
_CHUNK_BYTES = 240  # long transfers arrive in pieces, so that a reader can keep up
_IDLE_BITS = 32  # of silence: the RP2040's receive time-out; the ESP32 port's is no shorter
_DEFAULT_BAUD = 115_200

_OPEN_DRAIN = 7  # pin modes and pulls as the ESP32 port numbers them
_INPUT = 1
_PULL_UP = 2

OnBytes = Callable[[bytes], object]
Deliver = Callable[[int, int, bytes], None]
"""Hands a record to the handset: kind, port, data."""


class _Transfer(NamedTuple):
    begin_us: int
    data: bytes
    end: Event


class UartLine:
    """One UART of the handset, both ways at the handset's baud rate (10 bits a byte).

    The handset's line falls idle after a silence; in a burst without one it never does.
    """

    def __init__(self, kernel: Kernel, port: int, deliver: Deliver) -> None:
        self.baud = _DEFAULT_BAUD
        self.is_open = False
        self._kernel = kernel
        self._port = port
        self._deliver = deliver
        self._from_handset: list[OnBytes] = []
        self._to_handset: list[OnBytes] = []
        self._to_handset_free_us = 0
        self._silence: Event | None = None
        self._waiting = b""  # in the receiver, short of what makes it speak up
        self._to_world_free_us = 0
        self._transfers: deque[_Transfer] = deque()

    def on_bytes(self, callback: OnBytes) -> None:
        """Call `callback` with bytes the handset sent, when their last bit has left."""
        self._from_handset.append(callback)

    def tap(self, from_handset: OnBytes, to_handset: OnBytes) -> None:
        """Call these with the bytes of either direction as they arrive, to listen along."""
        self._from_handset.append(from_handset)
        self._to_handset.append(to_handset)

    def send(self, data: bytes) -> None:
        """Send towards the handset; lost while its UART is not open."""
        for begin in range(0, len(data), _CHUNK_BYTES):
            chunk = data[begin : begin + _CHUNK_BYTES]
            begin_us = max(self._to_handset_free_us, self._kernel.now_us)
            self._to_handset_free_us = begin_us + self._duration_us(len(chunk))
            self._kernel.at(self._to_handset_free_us, self._arrive, chunk)

    def _arrive(self, chunk: bytes) -> None:
        """The last bit of a piece is in: what no other follows shows with the silence after it."""
        if self.is_open:
            self._waiting += chunk
            if self._is_flowing() or len(self._waiting) >= _CHUNK_BYTES:
                self._hand_over()
            self._await_silence()
            for callback in self._to_handset:
                callback(chunk)

    def _is_flowing(self) -> bool:
        return self._to_handset_free_us > self._kernel.now_us

    def _await_silence(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
        silence_us = _IDLE_BITS * _US_PER_S // self.baud
        self._silence = self._kernel.after(silence_us, self._fall_silent)

    def _fall_silent(self) -> None:
        self._hand_over()
        if self.is_open and not self._is_flowing():
            self._deliver(kinds.UART_IDLE, self._port, b"")

    def _hand_over(self) -> None:
        data, self._waiting = self._waiting, b""
        if self.is_open and data:
            self._deliver(kinds.UART, self._port, data)

    def _duration_us(self, count: int) -> int:
        return count * _BITS_PER_BYTE * _US_PER_S // self.baud

    def opened(self, baud: int) -> None:
        """The handset has set up this UART."""
        self.baud = baud
        self.is_open = True

    def sent(self, data: bytes) -> None:
        """The handset has queued `data` for sending."""
        begin_us = max(self._to_world_free_us, self._kernel.now_us)
        self._to_world_free_us = begin_us + self._duration_us(len(data))
        end = self._kernel.at(self._to_world_free_us, self._leave)
        self._transfers.append(_Transfer(begin_us, data, end))

    def _leave(self) -> None:
        self._arrive_outside(self._transfers.popleft().data)

    def _arrive_outside(self, data: bytes) -> None:
        for callback in self._from_handset:
            callback(data)

    def lose_power(self) -> None:
        """The handset stopped: only what had left by now arrives."""
        self.is_open = False
        self._waiting = b""
        self._to_world_free_us = 0
        pending = list(self._transfers)
        self._transfers.clear()
        for transfer in pending:
            transfer.end.cancel()
            elapsed_us = max(0, self._kernel.now_us - transfer.begin_us)
            partial = transfer.data[: elapsed_us * self.baud // (_BITS_PER_BYTE * _US_PER_S)]
            if partial:
                self._arrive_outside(partial)


class PinLine:
    """One pin: driven by the handset or the world, or floating: then high only by pull-up."""

    def __init__(self, port: int, deliver: Deliver) -> None:
        self._port = port
        self._deliver = deliver
        self._callbacks: list[Callable[[int], object]] = []
        self._mode = _INPUT
        self._pull = 0
        self._output = 0
        self._driven: int | None = None
        self._seen = 0

    @property
    def level(self) -> int:
        """The level a probe would see, 0 or 1."""
        if self._mode != _INPUT and not (self._mode == _OPEN_DRAIN and self._output):
            return self._output
        if self._driven is not None:
            return self._driven
        return int(self._pull == _PULL_UP)

    def on_change(self, callback: Callable[[int], object]) -> None:
        """Call `callback(level)` when the handset changes the level."""
        self._callbacks.append(callback)

    def drive(self, level: int | None) -> None:
        """Drive the pin from outside to 0 or 1, or let go of it (None)."""
        if level != self._driven:
            self._driven = level
            self._seen = self.level
            self._deliver(kinds.PIN, self._port, self.record())

    def record(self) -> bytes:
        """What the handset is told about the world's side."""
        return bytes([kinds.RELEASED if self._driven is None else self._driven])

    def configured(self, mode: int, pull: int) -> None:
        """The handset has set mode and pull."""
        self._mode, self._pull = mode, pull
        if mode == _INPUT:
            self._tell()

    def put_out(self, level: int) -> None:
        """The handset drives this level."""
        self._output = level
        self._tell()

    def lose_power(self) -> None:
        """The handset stopped: it drives and pulls nothing."""
        self._output = 0
        self.configured(_INPUT, 0)

    def _tell(self) -> None:
        level = self.level
        if level != self._seen:
            self._seen = level
            for callback in self._callbacks:
                callback(level)


class AdcLine:
    """One analogue input."""

    def __init__(self, port: int, deliver: Deliver) -> None:
        self._port = port
        self._deliver = deliver
        self._microvolts = 0

    def set_uv(self, microvolts: int) -> None:
        """Put this voltage on the input."""
        if microvolts != self._microvolts:
            self._microvolts = microvolts
            self._deliver(kinds.ADC, self._port, self.record())

    def record(self) -> bytes:
        """What the handset is told."""
        return struct.pack("<I", self._microvolts)
