"""A 96 KiB file over a pty: our secured session against mpremote and smpclient, in turns.

Wherever there is a round trip to wait for, mpremote waits for thousands: those runs go on side by
side while the others take turns, which costs the others a little.
"""

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.bench.figures import Figure, median
from tests.bench.transfer.ours import Sending
from tests.bench.transfer.ways import line, mpremote_s, our_sending, smpclient_s

TITLE = "96 KiB over a pty"

_FILE_BYTES = 96 * 1024
_REPEATS = {0: 5, 20: 5, 100: 3}  # by the added round trip in milliseconds
_SIDE_BY_SIDE = 5
_BAUD = 115_200
_BYTE_S = 10 / _BAUD
_PACED_GOAL = 90
_PACED_REPEATS = 2
# Architecture section 8: CPU time there, in times of that of the VM.
_FACTORS = {"ESP32": 60, "RP2040": 110}
# CONFIG_MCUMGR_TRANSPORT_NETBUF_SIZE as Zephyr has it, and as large as our own window.
_SMP_BUFFERS_BYTES = (384, 4096)


@dataclass(slots=True)
class Times:
    """What each way took at one round trip."""

    ours: list[Sending] = field(default_factory=list)
    mpremote_s: list[float] = field(default_factory=list)
    smpclient_s: dict[int, list[float]] = field(
        default_factory=lambda: {size: [] for size in _SMP_BUFFERS_BYTES}
    )


def measure() -> list[Figure]:
    """Send in every way at every round trip, then through a line with the handset's own pace."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_bytes(Random(1).randbytes(_FILE_BYTES))
        times = _raced(file)
        paced = [_paced(file) for _ in range(_PACED_REPEATS)]
    figures = [each for rtt_ms, found in times.items() for each in _figures(rtt_ms, found)]
    return [*figures, *_paced_figures(paced)]


def _raced(file: Path) -> dict[int, Times]:
    times = {rtt_ms: Times() for rtt_ms in _REPEATS}
    for _ in range(_REPEATS[0]):
        _turn(0, file, times[0])
        times[0].mpremote_s.append(_mpremote(0, file))
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        waiting: dict[int, list[Future[float]]] = {
            rtt_ms: [pool.submit(_mpremote, rtt_ms, file) for _ in range(_REPEATS[rtt_ms])]
            for rtt_ms in sorted(filter(None, times), reverse=True)  # the longest first
        }
        for rtt_ms in waiting:
            for _ in range(_REPEATS[rtt_ms]):
                _turn(rtt_ms, file, times[rtt_ms])
        for rtt_ms, runs in waiting.items():
            times[rtt_ms].mpremote_s += [each.result() for each in runs]
    return times


def _turn(rtt_ms: int, file: Path, times: Times) -> None:
    with line(rtt_ms) as port:
        times.ours.append(our_sending(port, file))
    for size, found in times.smpclient_s.items():
        with line(rtt_ms) as port:
            found.append(smpclient_s(port, file, size))


def _paced(file: Path) -> Sending:
    with line(0, _BAUD) as port:
        return our_sending(port, file, _BAUD)


def _mpremote(rtt_ms: int, file: Path) -> float:
    with line(rtt_ms) as port:
        return mpremote_s(port, file)


def _figures(rtt_ms: int, times: Times) -> Iterator[Figure]:
    ours_s = [each.transfer_s for each in times.ours]
    connecting_s = median([each.connecting_s for each in times.ours])
    detail = f"{_spread(ours_s)}; {_rate(median(ours_s))}; connecting {connecting_s:.2f} s more"
    yield Figure(f"{rtt_ms} ms round trip", median(ours_s), "s", detail)
    yield _ratio("mpremote fs cp", times.mpremote_s, ours_s, is_goal=True)
    for size, found in times.smpclient_s.items():
        is_goal = rtt_ms > 0 and size == _SMP_BUFFERS_BYTES[0]
        yield _ratio(f"smpclient, buffer {size:,}", found, ours_s, is_goal=is_goal)


def _ratio(name: str, theirs_s: list[float], ours_s: list[float], *, is_goal: bool) -> Figure:
    value = median(theirs_s) / median(ours_s)
    limit = 1.0 if is_goal else None
    return Figure(f"... faster than {name}", value, "x", _spread(theirs_s), at_least=limit)


def _paced_figures(sendings: list[Sending]) -> Iterator[Figure]:
    best = min(sendings, key=lambda each: each.transfer_s)
    line_s = _FILE_BYTES * _BYTE_S
    share = 100 * line_s / best.transfer_s
    detail = f"{best.transfer_s:.2f} s; {_rate(best.transfer_s)} of payload"
    yield Figure(f"of a line at {_BAUD:,} baud", share, "%", detail, at_least=_PACED_GOAL)
    for board, factor in _FACTORS.items():
        busy_s = best.device_cpu_s * factor
        rate = _FILE_BYTES / max(best.transfer_s, busy_s) / 1024
        detail = f"estimated: {busy_s:.1f} s of its processor"
        yield Figure(f"... on {board}", rate, "KiB/s", detail)


def _rate(seconds: float) -> str:
    return f"{_FILE_BYTES / 1024 / seconds:,.1f} KiB/s"


def _spread(seconds: list[float]) -> str:
    return f"median of {len(seconds)}, {min(seconds):.2f} .. {max(seconds):.2f} s"
