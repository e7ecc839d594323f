"""A receiver that replays a recorded log, paced by the log's own time."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin_sim.world.errors import NotNmeaError
from tocsin_sim.world.gnss.sentences import formatter, is_intact, time_of_day_us
from tocsin_sim.world.interfaces import Event, Kernel

_DAY_US = 86_400_000_000
_SECOND_US = 1_000_000
# Sentences of one epoch may disagree by a second or two; a longer gap than two minutes is a
# receiver setting its clock.
_SAME_EPOCH_US = 2 * _SECOND_US
_LONGEST_GAP_US = 120 * _SECOND_US


@dataclass(frozen=True, slots=True)
class Epoch:
    """Lines sent together, `t_us` after the log began."""

    t_us: int
    chunk: bytes


def read_log(path: Path) -> list[Epoch]:
    """Read a log: lines without a sentence and `#` comments are left out, all others kept whole.

    Sentences that state no time go with the last one that did. A log that states no time at all
    plays one epoch a second, beginning at each repeat of its first sentence type.
    Raises NotNmeaError.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotNmeaError(f"cannot read {path}: {error.strerror}", "give a readable log") from None
    lines = [line for line in data.splitlines() if formatter(line) and not line.startswith(b"#")]
    if not any(is_intact(line) for line in lines):
        raise NotNmeaError(
            f"{path} holds no NMEA 0183 sentence", "give a receiver's log: lines such as $GPGGA,..."
        )
    times = [time_of_day_us(line) for line in lines]
    is_timed = any(time is not None for time in times)
    offsets = _paced(times) if is_timed else _counted(lines)
    return list(_epochs(offsets, lines))


def _paced(times: list[int | None]) -> Iterator[int]:
    """Yield each line's offset, from the time of day it states."""
    offset_us, last_us = 0, None
    for time_us in times:
        if time_us is not None:
            if last_us is None:
                last_us = time_us
            step_us = (time_us - last_us + _DAY_US // 2) % _DAY_US - _DAY_US // 2
            if not -_SAME_EPOCH_US <= step_us <= _LONGEST_GAP_US:
                last_us, offset_us = time_us, offset_us + _SECOND_US
            elif step_us > 0:
                last_us, offset_us = time_us, offset_us + step_us
        yield offset_us


def _counted(lines: list[bytes]) -> Iterator[int]:
    """Yield each line's offset, a second later at each repeat of the first sentence type."""
    first, offset_us = formatter(lines[0]), -_SECOND_US
    for line in lines:
        if formatter(line) == first:
            offset_us += _SECOND_US
        yield offset_us


def _epochs(offsets_us: Iterator[int], lines: list[bytes]) -> Iterator[Epoch]:
    together: dict[int, list[bytes]] = {}
    for offset_us, line in zip(offsets_us, lines, strict=True):
        together.setdefault(offset_us, []).append(line + b"\r\n")
    return (Epoch(t_us, b"".join(chunk)) for t_us, chunk in together.items())


class RecordedReceiver:
    """Replays `epochs` from `origin_us` whether or not it is heard; silent after the last."""

    def __init__(self, kernel: Kernel, epochs: list[Epoch], origin_us: int) -> None:
        self.latest = b""
        self._kernel = kernel
        self._epochs = epochs
        self._origin_us = origin_us
        self._listener: Callable[[bytes], None] | None = None
        self._next: Event | None = None
        self._sees_sky = True

    def on_epoch(self, callback: Callable[[bytes], None]) -> None:
        """Hear each epoch while started."""
        self._listener = callback

    def start(self) -> None:
        """Let it be heard from now on."""
        self.stop()
        elapsed_us = self._kernel.now_us - self._origin_us
        self._schedule(bisect_left(self._epochs, elapsed_us, key=lambda epoch: epoch.t_us))

    def show_sky(self, is_seen: bool) -> None:
        """Let it be heard, or not: what is recorded plays on."""
        self._sees_sky = is_seen

    def stop(self) -> None:
        """Silence it; the log plays on unheard."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
        self.latest = b""

    def _schedule(self, index: int) -> None:
        self._next = None
        if index < len(self._epochs):
            t_us = self._origin_us + self._epochs[index].t_us
            self._next = self._kernel.at(t_us, self._play, index)

    def _play(self, index: int) -> None:
        self.latest = self._epochs[index].chunk if self._sees_sky else b""
        self._schedule(index + 1)
        if self._listener is not None and self.latest:
            self._listener(self.latest)
