"""Write a tree as source, and note which line of people's source each of its lines is."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Emitted:
    """Source, and for lines of it, in order, the line of people's source: (its, theirs)."""

    text: bytes
    lines: tuple[tuple[int, int], ...]


def emit(tree: ast.Module) -> Emitted:
    """Write the tree, one simple statement a line."""
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    lines = dict(_pairs(ast.parse(text), tree))
    return Emitted(text.encode(), tuple(sorted(lines.items())))


def _pairs(new: ast.AST, old: ast.AST) -> Iterator[tuple[int, int]]:
    """The lines of statements, walked side by side: both trees have the same."""
    for field in ("body", "handlers", "orelse", "finalbody"):
        for each, other in zip(_children(new, field), _children(old, field), strict=True):
            yield each.lineno, other.lineno
            yield from _pairs(each, other)


def _children(node: ast.AST, field: str) -> list[ast.stmt]:
    found = getattr(node, field, [])
    return found if isinstance(found, list) else []
