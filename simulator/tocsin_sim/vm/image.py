"""The firmware as one board carries it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tocsin_host.errors import UsageError
from tocsin_sim.vm.compile import compile_tree

_PROGRAMS = ("boot.py", "main.py")  # a port starts these by name, as source
_BOARD_MODULE = "board.py"
# Of these a board carries what it imports; elsewhere modules are loaded by name as well.
_BY_BOARD = ("drivers", "tocsin/location", "tocsin/modem")


@dataclass(frozen=True, slots=True)
class FirmwareImage:
    """A folder of .mpy files laid out as on the handset, and the bytes of each module.

    `port` is the MicroPython port of the board, "esp32" or "rp2".
    """

    board: str
    port: str
    path: Path
    module_bytes: dict[str, int]

    @property
    def total_bytes(self) -> int:
        """Size of all modules together."""
        return sum(self.module_bytes.values())

    @classmethod
    def build(cls, root: Path, board: str) -> Self:
        """Compile the firmware tree `root` for one board.

        Other boards stay out, and so do drivers and families of modems that it does not import;
        `board.py`, which main.py imports to call `run()`, is made here.
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
        return cls(board, _port(root, board), folder, sizes)


def _files(root: Path, board: str) -> Iterator[Path]:
    yield from (root / name for name in _PROGRAMS)
    used = _imported(root, board)
    for folder in ("tocsin", "drivers", f"boards/{board}"):
        for path in sorted((root / folder).rglob("*.py")):
            if path in used or path.parent not in {root / each for each in _BY_BOARD}:
                yield path
    yield from sorted((root / "boards").glob("*.py"))


def _imported(root: Path, board: str) -> set[Path]:
    """Return the files that the board's own module and the handset's lead to."""
    found: set[Path] = set()
    waiting = [root / "boards" / board / _BOARD_MODULE, root / "tocsin/handset.py"]
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_file():
            continue
        found.add(path)
        for module in _modules(ast.parse(path.read_text())):
            base = root.joinpath(*module.split("."))
            waiting += [base.with_suffix(".py"), base / "__init__.py"]
    return found


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _port(root: Path, board: str) -> str:
    """Return PORT of the board's facts, which are constants only; without facts, the ESP32's."""
    path = root / "boards" / board / "facts.py"
    for node in ast.parse(path.read_text()).body if path.is_file() else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PORT":
            return str(ast.literal_eval(node.value))
    return "esp32"
