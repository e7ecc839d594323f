"""A receiver on a line of its own: NMEA 0183 and nothing else."""

import asyncio

from tocsin.lines import Lines
from tocsin.location.nmea import NmeaParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.location.fix import Fix
    from tocsin.parts import Clock, Port

# NMEA allows 82 characters; some receivers write more.
_LINE_BYTES = 128


class Receiver:
    """Reads `port` for ever, and calls `on_fix()` when the parser has a new one in `fix`."""

    def __init__(
        self,
        port: "Port",
        fix: "Fix",
        clock: "Clock",
        on_fix: "Callable[[], None]",
    ) -> None:
        self._port = port
        self._parser = NmeaParser(fix, clock)
        self._on_fix = on_fix
        self._lines = Lines(_LINE_BYTES, self._on_line)

    async def run(self) -> None:
        """Read for ever."""
        while True:
            await self._port.readable()
            while self._take_in():
                await asyncio.sleep_ms(0)

    def _take_in(self) -> bool:
        """Take in some of what the line has received; whether there may be more."""
        port = self._port
        n = port.read()
        self._lines.feed(port.buffer, n)
        return n == len(port.buffer)

    def _on_line(self, buf: bytearray, start: int, end: int) -> None:
        if self._parser.feed_line(buf, start, end):
            self._on_fix()
