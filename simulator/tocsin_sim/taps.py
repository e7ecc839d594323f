"""Reads what crosses the handset's pins: frames on the host link, lines on the modem's UART."""

from collections.abc import Iterator

from tocsin_host.trace.eavesdropper import Eavesdropper, Form
from tocsin_host.trace.header import HEADER_BYTES, Kind, header_of
from tocsin_host.trace.pcap import Way
from tocsin_protocol.frame import FrameDecoder
from tocsin_sim.kernel import Direction
from tocsin_sim.recorder import Recorder
from tocsin_sim.vm.shim import kinds

_WAYS = {
    Direction.FROM_HANDSET: Way.TO_HOST,
    Direction.TO_HANDSET: Way.TO_HANDSET,
}


class Taps:
    """A trace listener: tells the recorder each message on the link, and keeps the modem's lines.

    `at_lines` cuts those up when asked: most of them are the receiver's, and seldom read.
    """

    def __init__(self, recorder: Recorder, modem_uart: int, link_uart: int) -> None:
        self._recorder = recorder
        self._modem_uart = modem_uart
        self._link_uart = link_uart
        self._links = {direction: FrameDecoder() for direction in Direction}
        self._eavesdropper = Eavesdropper()
        self._passed: list[tuple[int, Direction, bytes]] = []

    def hear(self, t_us: int, direction: Direction, kind: int, port: int, data: bytes) -> None:
        """Take one record of the trace."""
        if kind == kinds.UART:
            if port == self._modem_uart:
                self._passed.append((t_us, direction, data))
            elif port == self._link_uart:
                self._link(t_us, direction, data)
        elif kind == kinds.BOOT and direction is Direction.FROM_HANDSET:
            self._recorder.booted(t_us)

    def _link(self, t_us: int, direction: Direction, data: bytes) -> None:
        for payload in self._links[direction].feed(data):
            form = self._eavesdropper.take(_WAYS[direction], payload)
            try:
                header = header_of(payload)
            except ValueError:
                continue
            if header.kind in (Kind.DATA, Kind.NOTE):
                is_ours, said = direction is Direction.FROM_HANDSET, payload[HEADER_BYTES:]
                if form is Form.SEALED:
                    self._recorder.sealed(len(said), header.lane, t_us, is_ours)
                else:
                    self._recorder.said(said, t_us, is_ours)

    def at_lines(self) -> Iterator[tuple[int, bool, str]]:
        """Yield every line on the modem's UART: when it ended, whether the handset's, its text."""
        rest = dict.fromkeys(Direction, b"")
        for t_us, direction, data in self._passed:
            text = rest[direction] + data.replace(b"\x1a", b" <Ctrl-Z>\r")
            *lines, rest[direction] = text.replace(b"\r", b"\n").split(b"\n")
            for line in filter(None, lines):
                shown = line.decode("ascii", errors="backslashreplace")
                yield t_us, direction is Direction.FROM_HANDSET, shown
