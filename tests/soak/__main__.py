"""Long proofs, repeatable by their seed: `python -m tests.soak --scale 0.1 --seed 1`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.soak import alarm_cuts, cuts, line, month
from tests.soak.alarms import campaign

Rows = Mapping[str, Any]
"""Figures by name: a number, or one for each column."""

_PROOFS: Mapping[str, tuple[Callable[[int, float], Rows], tuple[str, ...]]] = {
    "frames and channel, host with handset": (line.host_with_handset, ()),
    "frames and channel, handset with handset on the VM": (line.handset_with_handset_on_the_vm, ()),
    "frames after rubbish, host": (line.host_after_rubbish, ()),
    "frames after rubbish, handset on the VM": (line.handset_after_rubbish_on_the_vm, ()),
    "power cuts in an alarm": (alarm_cuts.on_every_board, alarm_cuts.COLUMNS),
    "power cuts": (cuts.everywhere, cuts.COLUMNS),
    "thirty days, a press every six hours": (month.on_every_board, month.COLUMNS),
    "alarms over every fault": (campaign.every_fault, campaign.COLUMNS),
}
_NAME_WIDTH = 32


def main() -> None:
    """Run every proof at `--scale` of its length; the first that fails ends it, with why."""
    options = _parser().parse_args()
    for title, (prove, columns) in _PROOFS.items():
        if options.only not in title:
            continue
        started_s = time.monotonic()
        rows = prove(options.seed, options.scale)
        _say(f"== {title}: holds, seed {options.seed}, {time.monotonic() - started_s:.0f} s")
        _tell(rows, columns)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full length")
    parser.add_argument("--seed", type=int, default=1, help="another one, another course")
    parser.add_argument("--only", default="", help="the proofs whose title has this in it")
    return parser


def _tell(rows: Rows, columns: tuple[str, ...]) -> None:
    widths = [max(12, len(column) + 2) for column in columns] or [12]
    if columns:
        _say(" " * (_NAME_WIDTH + 2) + _row(columns, widths))
    for name, value in sorted(rows.items()):
        values = value if columns else (value,)
        _say(f"  {name:{_NAME_WIDTH}}" + _row([f"{each:,}" for each in values], widths))


def _row(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
