"""Make a firmware tree smaller before it is compiled, without a change of what it does.

Sources stay readable; what a handset carries has short names, and numbers for constants. A `Map`
leads back from what it prints.
"""

import ast
import hashlib
import json
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin_host.bytecode import CompileError, cache_folder
from tocsin_host.shrink.checks import merge
from tocsin_host.shrink.constants import fold
from tocsin_host.shrink.lines import Emitter, number
from tocsin_host.shrink.link import link
from tocsin_host.shrink.map import Map
from tocsin_host.shrink.names import all_names, rename
from tocsin_host.shrink.strip import strip

__all__ = ["Map", "Shrunk", "shrink", "shrunk"]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Sources as they are to be compiled, by path, and the way back to what people wrote."""

    sources: dict[str, bytes]
    map: Map

    @property
    def told_as(self) -> dict[str, str]:
        """What tracebacks are to call each file."""
        return {path: told for told, path in self.map.files.items()}


def shrunk(sources: Mapping[str, bytes], kept: Collection[str], entry: str) -> Shrunk:
    """Return what `shrink` makes of the tree, remembered by content."""
    path = cache_folder() / "shrunk" / f"{_digest(sources, [*kept, entry])}.json"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, shrink(sources, kept, entry))
    content = json.loads(path.read_text())
    texts = {name: text.encode() for name, text in content["sources"].items()}
    return Shrunk(texts, Map.from_json(content["map"]))


def shrink(sources: Mapping[str, bytes], kept: Collection[str], entry: str = "") -> Shrunk:
    """Shrink the tree `sources`, except the files `kept`, whose names all others keep too.

    What is imported with the file `entry` becomes part of it. The same tree gives the same bytes.
    Raises CompileError for what is not Python.
    """
    trees = _parsed(sources)
    fixed = {path: trees.pop(path) for path in kept if path in trees}
    for tree in trees.values():
        strip(tree)
        merge(tree)
    known = {name for tree in fixed.values() for name in all_names(tree)}
    fold(trees, known)
    if entry:
        link(trees, entry, known)
    names = rename(trees, known)
    emitter = Emitter(_parsed(sources))
    emitted = {path: emitter.emit(tree) for path, tree in trees.items() if tree.body}
    return Shrunk(
        {path: sources[path] for path in fixed} | {path: emitted[path].text for path in emitted},
        Map(
            names,
            {str(at): path for at, path in enumerate(emitted)},
            {path: each.lines for path, each in emitted.items()},
            {path: each.functions for path, each in emitted.items()},
        ),
    )


def _parsed(sources: Mapping[str, bytes]) -> dict[str, ast.Module]:
    trees = {path: _tree(path, text) for path, text in sorted(sources.items())}
    number(trees)
    return trees


def _tree(path: str, text: bytes) -> ast.Module:
    try:
        try:
            return ast.parse(text)
        except SystemError:  # python/cpython#106905: a thread that parses meanwhile disturbs it
            return ast.parse(text)
    except SyntaxError as error:
        raise CompileError(f"{path}:{error.lineno} is not Python", "correct the source") from error


def _digest(sources: Mapping[str, bytes], kept: Collection[str]) -> str:
    digest = hashlib.sha256(_own_code() + "\0".join(sorted(kept)).encode())
    for name, source in sorted(sources.items()):
        digest.update(b"%s\0%d\0" % (name.encode(), len(source)) + source)
    return digest.hexdigest()[:32]


@cache
def _own_code() -> bytes:
    """What else the result depends on: this package."""
    return b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))


def _write(path: Path, result: Shrunk) -> None:
    texts = {name: text.decode() for name, text in result.sources.items()}
    content = json.dumps({"sources": texts, "map": result.map.to_json()}, sort_keys=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
