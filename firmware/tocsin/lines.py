"""Lines out of bytes that come in any pieces, in memory that does not grow."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_LF = b"\n"
_CR = 13


class Lines:
    """`on_line(buf, start, end)` gets each line that is not empty, without its CR and LF.

    What is not yet a line stands in held[:held_n]; a line longer than `size` octets loses its end.
    """

    def __init__(self, size: int, on_line: "Callable[[bytearray, int, int], None]") -> None:
        self.held = bytearray(size)
        self.held_n = 0
        self._on_line = on_line

    def feed(self, buf: bytearray, n: int) -> None:
        """Take in buf[:n]."""
        start = 0
        while start < n:
            end = buf.find(_LF, start, n)
            if end < 0:
                self._hold(buf, start, n)
                return
            if self.held_n:
                self._hold(buf, start, end)
                held_n = self.held_n
                self.held_n = 0
                self._take(self.held, 0, held_n)
            else:
                self._take(buf, start, end)
            start = end + 1

    def _hold(self, buf: bytearray, start: int, end: int) -> None:
        held_n = self.held_n
        length = min(end - start, len(self.held) - held_n)
        self.held[held_n : held_n + length] = memoryview(buf)[start : start + length]
        self.held_n = held_n + length

    def _take(self, buf: bytearray, start: int, end: int) -> None:
        while end > start and buf[end - 1] == _CR:
            end -= 1
        while start < end and buf[start] == _CR:
            start += 1
        if start < end:
            self._on_line(buf, start, end)
