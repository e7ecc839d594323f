"""Reads what crosses the handset's pins: frames on the host link, lines on the modem's UART."""

from tocsin_host import wire
from tocsin_protocol.frame import FrameDecoder
from tocsin_sim.kernel import Direction
from tocsin_sim.recorder import Recorder
from tocsin_sim.vm.shim import kinds

_HEADER_BYTES = 2


class Taps:
    """A trace listener that gives the recorder each line and message as it passes."""

    def __init__(self, recorder: Recorder, modem_uart: int, link_uart: int) -> None:
        self._recorder = recorder
        self._taps = {
            (port, direction): tap(recorder, direction is Direction.FROM_HANDSET)
            for port, tap in ((modem_uart, _LineTap), (link_uart, _LinkTap))
            for direction in Direction
        }

    def hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        """Take one record of the trace."""
        if kind == kinds.UART:
            tap = self._taps.get((port, direction))
            if tap is not None:
                tap.feed(data, t_us)
        elif kind == kinds.BOOT and direction is Direction.FROM_HANDSET:
            self._recorder.booted(t_us)


class _LinkTap:
    def __init__(self, recorder: Recorder, from_handset: bool) -> None:
        self._recorder = recorder
        self._from_handset = from_handset
        self._decoder = FrameDecoder()

    def feed(self, data: bytes, t_us: int) -> None:
        for payload in self._decoder.feed(data):
            message = wire.MESSAGES.get(payload[0]) if len(payload) >= _HEADER_BYTES else None
            if message is not None:
                decoded = message.decode(payload[_HEADER_BYTES:])
                self._recorder.message(decoded, t_us, self._from_handset)


class _LineTap:
    def __init__(self, recorder: Recorder, from_handset: bool) -> None:
        self._recorder = recorder
        self._from_handset = from_handset
        self._rest = b""

    def feed(self, data: bytes, t_us: int) -> None:
        text = self._rest + data.replace(b"\x1a", b" <Ctrl-Z>\r")
        *lines, self._rest = text.replace(b"\r", b"\n").split(b"\n")
        for line in filter(None, lines):
            shown = line.decode("ascii", errors="backslashreplace")
            self._recorder.at_line(shown, t_us, self._from_handset)
