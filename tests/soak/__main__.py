"""Long proofs, repeatable by their seed: `python -m tests.soak --scale 0.1 --seed 1`."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping

from tests.soak import line

_PROOFS: Mapping[str, Callable[[int, int], dict[str, int]]] = {
    "frames and channel, host with handset": line.host_with_handset,
    "frames and channel, handset with handset on the VM": line.handset_with_handset_on_the_vm,
    "frames after rubbish, host": line.host_after_rubbish,
    "frames after rubbish, handset on the VM": line.handset_after_rubbish_on_the_vm,
}
_BYTES = 10_000_000


def main() -> None:
    """Run every proof at `--scale` of its length; the first that fails ends it, with why."""
    options = _parser().parse_args()
    line_bytes = round(_BYTES * options.scale)
    for title, prove in _PROOFS.items():
        started_s = time.monotonic()
        figures = prove(options.seed, line_bytes)
        _say(f"== {title}: holds, seed {options.seed}, {time.monotonic() - started_s:.0f} s")
        for name, value in sorted(figures.items()):
            _say(f"  {name:32}{value:>12,}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full length")
    parser.add_argument("--seed", type=int, default=1, help="another one, another course")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
