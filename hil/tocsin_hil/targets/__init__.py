"""The targets a contract test can run on, by name; each is imported only when it is asked for."""

from importlib import import_module
from pathlib import Path

from tocsin_hil.bench import Bench

TARGETS = {
    "sim": "tocsin_hil.targets.simulated:SimulatedBench",
    "vm": "tocsin_hil.targets.virtual:VirtualBench",
}
"""`sim`: in virtual time, in this process. `vm`: in real time, in another, over serial ports."""


def open_bench(target: str, board: str, firmware: Path | None) -> Bench:
    """Return the bench of `target` with `board` on it, running `firmware` or the installed one."""
    module, _, name = TARGETS[target].partition(":")
    bench: Bench = getattr(import_module(module), name)(board, firmware)
    return bench
