"""What of the firmware's tree one board carries."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tocsin_host.errors import UsageError

PROGRAMS = ("boot.py", "main.py")  # a port starts these by name, as source
# What chooses between the flashed firmware and updates, so part of neither.
LOADER = ("slots.py", "slot_image.py")
ENTRY = "board.py"  # what main.py imports
_BOARD_MODULE = "board.py"
# Of these a board carries what it imports; elsewhere modules are loaded by name as well.
_BY_BOARD = ("drivers", "tocsin/location", "tocsin/modem")


def firmware_sources(root: Path, board: str) -> dict[str, bytes]:
    """Return the sources a handset of this board carries, by path: programs, loader, modules.

    Other boards stay out, and so do drivers and families of modems that it does not import;
    `board.py`, which main.py imports to call `run()`, is made here. Raises UsageError.
    """
    if not (root / "main.py").is_file():
        raise UsageError(f"there is no firmware in {root}", "name a folder that holds main.py")
    if not (root / "boards" / board / _BOARD_MODULE).is_file():
        known = sorted(path.parent.name for path in root.glob("boards/*/board.py"))
        raise UsageError(f"there is no board {board!r}", f"boards: {', '.join(known)}")
    sources = {str(path.relative_to(root)): path.read_bytes() for path in _files(root, board)}
    sources[_BOARD_MODULE] = f"from boards.{board}.board import run\n".encode()
    return sources


def _files(root: Path, board: str) -> Iterator[Path]:
    yield from (root / name for name in (*PROGRAMS, *LOADER) if (root / name).is_file())
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


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _modules(child)
