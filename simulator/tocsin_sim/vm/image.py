"""The firmware as one board carries it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tocsin_host.errors import UsageError
from tocsin_sim.vm.compile import compile_tree

_PROGRAMS = ("boot.py", "main.py")  # a port starts these by name, as source
_BOARD_MODULE = "board.py"


@dataclass(frozen=True, slots=True)
class FirmwareImage:
    """A folder of .mpy files laid out as on the handset, and the bytes of each module."""

    board: str
    path: Path
    module_bytes: dict[str, int]

    @property
    def total_bytes(self) -> int:
        """Size of all modules together."""
        return sum(self.module_bytes.values())

    @classmethod
    def build(cls, root: Path, board: str) -> Self:
        """Compile the firmware tree `root` for one board.

        Other boards stay out; `board.py`, which main.py imports to call `run()`, is made here.
        Raises UsageError for an unknown board, CompileError for a file that does not compile.
        """
        if not (root / "main.py").is_file():
            raise UsageError(f"there is no firmware in {root}", "name a folder that holds main.py")
        if not (root / "boards" / board / "board.py").is_file():
            known = sorted(path.parent.name for path in root.glob("boards/*/board.py"))
            raise UsageError(f"there is no board {board!r}", f"boards: {', '.join(known)}")
        sources = {str(path.relative_to(root)): path.read_bytes() for path in _files(root, board)}
        sources[_BOARD_MODULE] = f"from boards.{board}.board import run\n".encode()
        folder = compile_tree(sources, kept_as_source=_PROGRAMS)
        sizes = {
            str(path.relative_to(folder)): path.stat().st_size
            for path in sorted(folder.rglob("*.mpy"))
        }
        return cls(board, folder, sizes)


def _files(root: Path, board: str) -> Iterator[Path]:
    yield from (root / name for name in _PROGRAMS)
    for folder in ("tocsin", "drivers", f"boards/{board}"):
        yield from sorted((root / folder).rglob("*.py"))
    yield from sorted((root / "boards").glob("*.py"))
