"""`python -m tocsin_protocol.generator [--check] [--root DIR]`: write or compare."""

import argparse
import sys
from pathlib import Path

from tocsin_protocol.generator import render


def main() -> int:
    """Write the generated files; with --check, only name those that differ and return 1."""
    parser = argparse.ArgumentParser(description="Write the files generated from the schema.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    parser.add_argument("--root", type=Path, default=Path(), help="root of the checkout")
    options = parser.parse_args()
    stale = [
        (options.root / path, text)
        for path, text in render().items()
        if not (options.root / path).is_file() or (options.root / path).read_text() != text
    ]
    for path, text in stale:
        state = "differs from the schema" if options.check else "written"
        sys.stderr.write(f"{state}: {path}\n")
        if not options.check:
            path.write_text(text)
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
