"""The firmware as one board carries it."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tocsin_host.bytecode import compile_tree
from tocsin_host.firmware_sources import ENTRY, LOADER, PROGRAMS, firmware_sources
from tocsin_host.shrink import Map, shrunk


@dataclass(frozen=True, slots=True)
class FirmwareImage:
    """A folder of .mpy files laid out as on the handset, and the bytes of each module.

    `port` is the MicroPython port of the board, "esp32" or "rp2"; `map` leads back from what it
    prints to the sources.
    """

    board: str
    port: str
    path: Path
    module_bytes: dict[str, int]
    map: Map

    @property
    def total_bytes(self) -> int:
        """Size of all modules together."""
        return sum(self.module_bytes.values())

    @classmethod
    def build(cls, root: Path, board: str, *, shrinks: bool = True) -> Self:
        """Compile the firmware tree `root` for one board.

        Unless it `shrinks`, names stay as in the sources: for programs that look into it.
        Raises UsageError for an unknown board, CompileError for a file that does not compile.
        """
        sources = firmware_sources(root, board)
        way_back = Map({}, {}, {}, {})
        told_as: dict[str, str] = {}
        if shrinks:
            smaller = shrunk(sources, (*PROGRAMS, *LOADER), ENTRY)
            sources, way_back, told_as = smaller.sources, smaller.map, smaller.told_as
        folder = compile_tree(sources, PROGRAMS, told_as=told_as, has_lines=not shrinks)
        sizes = {
            str(path.relative_to(folder)): path.stat().st_size
            for path in sorted(folder.rglob("*.mpy"))
        }
        return cls(board, _port(root, board), folder, sizes, way_back)


def _port(root: Path, board: str) -> str:
    """Return PORT of the board's facts, which are constants only; without facts, the ESP32's."""
    path = root / "boards" / board / "facts.py"
    for node in ast.parse(path.read_text()).body if path.is_file() else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PORT":
            return str(ast.literal_eval(node.value))
    return "esp32"
