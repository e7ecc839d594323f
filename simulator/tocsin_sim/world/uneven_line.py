"""A modem's line that does not deliver in one piece: cut up, with lines between lines."""

from collections.abc import Callable, Iterator

from tocsin_sim.world.interfaces import Kernel, SerialLine
from tocsin_sim.world.laws import uniform_us
from tocsin_sim.world.witness import Witness

_FINAL = b"\r\n\r\nOK\r\n"
_SMALL_BYTES = 16
_CHATTER = (b"\r\n+CGEV: EPS PDN ACT 1\r\n", b"\r\nRING\r\n", b'\r\n+CMTI: "SM",9\r\n')


class UnevenLine:
    """Passes everything on as it is, until told to `split` or to `interleave`."""

    def __init__(self, kernel: Kernel, line: SerialLine, witness: Witness) -> None:
        self._kernel = kernel
        self._line = line
        self._witness = witness
        self._cuts = kernel.stream("modem-line.cuts")
        self._chatter = kernel.stream("modem-line.chatter")
        self._max_gap_s = 0.0
        self._interleaves = False
        self._free_us = 0

    def on_bytes(self, callback: Callable[[bytes], None]) -> None:
        """Hear what the handset sends."""
        self._line.on_bytes(callback)

    def split(self, max_gap_s: float) -> None:
        """Cut everything into pieces of 1 to 16 bytes, up to so far apart; 0 ends it."""
        self._max_gap_s = max_gap_s

    def interleave(self, is_on: bool) -> None:
        """Put an unsolicited line between the lines of every answer and its OK."""
        self._interleaves = is_on

    def send(self, data: bytes) -> None:
        """Send towards the handset, after whatever is still on its way."""
        if self._interleaves and _FINAL in data:
            data = data.replace(_FINAL, b"\r\n" + self._chatter.choice(_CHATTER) + _FINAL[2:])
            self._witness.saw("modem.interleaved")
        if not self._max_gap_s:
            self._at(data, 0)
            return
        for piece in self._pieces(data):
            self._at(piece, uniform_us(self._cuts, 0, self._max_gap_s))
        self._witness.saw("modem.split", size=len(data))

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        at = 0
        while at < len(data):
            size = self._cuts.randint(1, _SMALL_BYTES)
            yield data[at : at + size]
            at += size

    def _at(self, data: bytes, gap_us: int) -> None:
        """Send after a gap, and never before what was sent earlier."""
        t_us = max(self._kernel.now_us, self._free_us) + gap_us
        if t_us <= self._kernel.now_us:
            self._line.send(data)
            return
        self._free_us = t_us
        self._kernel.at(t_us, self._line.send, data)
