"""A 96 KiB file over a pty: our secured session against mpremote and smpclient, in turns.

What does little but wait for round trips does so side by side, while the others take turns; that
costs the others a little.
"""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

from tests.bench.figures import Figure, median
from tests.bench.transfer.ours import Sending
from tests.bench.transfer.ways import Line, line, mpremote_s, our_sending, smpclient_s

TITLE = "96 KiB over a pty"

_FILE_BYTES = 96 * 1024
_REPEATS = {0: 5, 20: 5, 100: 3}  # by the added round trip in milliseconds
_MPREMOTE = "mpremote fs cp"
# CONFIG_MCUMGR_TRANSPORT_NETBUF_SIZE as Zephyr has it; and a buffer as large as our own window.
_SMP, _LARGE_SMP = "smpclient, buffer 384", "smpclient, buffer 6,096"
_WAYS: dict[str, Callable[[Line, Path], float]] = {
    _MPREMOTE: mpremote_s,
    _SMP: partial(smpclient_s, buffer_bytes=384),
    _LARGE_SMP: partial(smpclient_s, buffer_bytes=6096),
}
_WAITING = {0: [], 20: [_MPREMOTE], 100: [_MPREMOTE, _SMP]}
_SIDE_BY_SIDE = 6
_GOALS = {0: [_MPREMOTE], 20: [_MPREMOTE, _SMP], 100: [_MPREMOTE, _SMP]}
_BAUD = 115_200
_BITS_PER_BYTE = 10
_PACED_GOAL = 90
_PACED_REPEATS = 2
# Architecture section 8: CPU time there, in times of that of the VM.
_FACTORS = {"ESP32": 60, "RP2040": 110}


class Race:
    """What each way took, at each round trip and on a paced line."""

    def __init__(self, file: Path) -> None:
        self.ours: dict[int, list[Sending]] = {rtt_ms: [] for rtt_ms in _REPEATS}
        self.theirs_s: dict[int, dict[str, list[float]]] = {
            rtt_ms: {name: [] for name in _WAYS} for rtt_ms in _REPEATS
        }
        self.paced: list[Sending] = []
        self._file = file

    def run(self) -> None:
        """First without any round trip, where nobody may disturb; then the others."""
        self._take_turns(0)
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            waiting: list[tuple[list[float], Future[float]]] = [
                (self.theirs_s[rtt_ms][name], pool.submit(self._send, name, rtt_ms))
                for rtt_ms in sorted(_REPEATS, reverse=True)  # the longest first
                for name in _WAITING[rtt_ms]
                for _ in range(_REPEATS[rtt_ms])
            ]
            for rtt_ms in filter(None, _REPEATS):
                self._take_turns(rtt_ms)
            for _ in range(_PACED_REPEATS):
                with line(0, _BAUD) as port:
                    self.paced.append(our_sending(port, self._file, _BAUD))
            for found, run in waiting:
                found.append(run.result())

    def _take_turns(self, rtt_ms: int) -> None:
        for _ in range(_REPEATS[rtt_ms]):
            with line(rtt_ms) as port:
                self.ours[rtt_ms].append(our_sending(port, self._file))
            for name, found in self.theirs_s[rtt_ms].items():
                if name not in _WAITING[rtt_ms]:
                    found.append(self._send(name, rtt_ms))

    def _send(self, name: str, rtt_ms: int) -> float:
        with line(rtt_ms) as port:
            return _WAYS[name](port, self._file)


def measure() -> list[Figure]:
    """Send in every way at every round trip, then through a line with the handset's own pace."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(Random(1).randbytes(_FILE_BYTES))
        race = Race(file)
        race.run()
    figures = [each for rtt_ms in _REPEATS for each in _figures(race, rtt_ms)]
    return [*figures, *_paced_figures(race.paced)]


def _figures(race: Race, rtt_ms: int) -> Iterator[Figure]:
    ours_s = [each.transfer_s for each in race.ours[rtt_ms]]
    connecting_s = median([each.connecting_s for each in race.ours[rtt_ms]])
    took_s = median(ours_s)
    detail = f"{_spread(ours_s)}; {_kib_s(took_s):,.1f} KiB/s; connecting {connecting_s:.2f} s more"
    yield Figure(f"{rtt_ms} ms round trip", took_s, "s", detail)
    for name, theirs_s in race.theirs_s[rtt_ms].items():
        goal = 1.0 if name in _GOALS[rtt_ms] else None
        times = median(theirs_s) / took_s
        yield Figure(f"... faster than {name}", times, "x", _spread(theirs_s), at_least=goal)


def _paced_figures(sendings: list[Sending]) -> Iterator[Figure]:
    best = min(sendings, key=lambda each: each.transfer_s)
    share = 100 * _FILE_BYTES * _BITS_PER_BYTE / _BAUD / best.transfer_s
    detail = f"{best.transfer_s:.2f} s; {_kib_s(best.transfer_s):.1f} KiB/s of payload"
    yield Figure(f"of a line at {_BAUD:,} baud", share, "%", detail, at_least=_PACED_GOAL)
    for board, factor in _FACTORS.items():
        busy_s = best.device_cpu_s * factor
        detail = f"estimated: {busy_s:.0f} s of its processor"
        yield Figure(f"... on {board}", _kib_s(max(best.transfer_s, busy_s)), "KiB/s", detail)


def _kib_s(seconds: float) -> float:
    return _FILE_BYTES / 1024 / seconds


def _spread(seconds: list[float]) -> str:
    return f"median of {len(seconds)}, {min(seconds):.2f} .. {max(seconds):.2f} s"
