"""Measure simulator and firmware against the limits of the design: `python -m tests.bench`."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    codec_host,
    codec_time,
    device_time,
    heap,
    launch_time,
    press_time,
    size,
    speed,
    transfer_time,
)
from tests.bench.figures import Figure, table

from tocsin_sim.vm.launch import current_cpu

_REPEATS = 5
_PRESSES = 100
_LAUNCHES = 20
_ROUNDS = 20


def main() -> None:
    """Run the chosen sections and print them; the exit status says only that they ran."""
    options = _parser().parse_args()
    sections: dict[str, tuple[str, Callable[[], list[Figure]]]] = {
        "speed": (speed.TITLE, lambda: speed.measure(options.repeats)),
        "device": (device_time.TITLE, lambda: _device(options.presses)),
        "size": (size.TITLE, size.measure),
        "heap": (heap.TITLE, heap.measure),
        "launch": (launch_time.TITLE, lambda: launch_time.measure(_LAUNCHES)),
        "codec": (codec_time.TITLE, lambda: codec_time.measure(_ROUNDS)),
        "decode": (codec_host.TITLE, lambda: codec_host.measure(_ROUNDS)),
        "transfer": (transfer_time.TITLE, transfer_time.measure),
    }
    if not options.json:
        _say(f"CPU {current_cpu()}: {_cpu_name()}")
    results = {}
    for name in options.only or sections:
        title, measure = sections[name]
        results[name] = measure()
        if not options.json:
            _say(table(title, results[name]))
    if options.json:
        figures = {name: [each.to_json() for each in found] for name, found in results.items()}
        _say(json.dumps({"cpu": _cpu_name(), "sections": figures}, indent=2))


def _device(presses: int) -> list[Figure]:
    return [*device_time.measure(presses), *press_time.measure(presses)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = ("speed", "device", "size", "heap", "launch", "codec", "decode", "transfer")
    parser.add_argument("--only", action="append", choices=names, help="one section; repeatable")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--repeats", type=int, default=_REPEATS, help="runs of the standing load")
    parser.add_argument("--presses", type=int, default=_PRESSES, help="presses for device time")
    return parser


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
