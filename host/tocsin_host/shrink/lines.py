"""Write a tree as source, and note which lines of people's source each of its lines is.

A line costs bytes in what is compiled, so statements that follow one another share one.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin_host.shrink.modules import walk

Line = tuple[int, str, int, int, str]
"""A line of what is run; of people's source the file, first and last line, and their function."""

Function = tuple[str, str, int, int, str]
"""A function's short name; of people's source the file, first and last line, and its name."""

FILE_LINES = 100_000
"""Trees of several files are told apart by the number of the file, times this, on each line."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_OneLiner = _Function | ast.If | ast.For | ast.While | ast.With
_Compound = _OneLiner | ast.ClassDef | ast.Try | ast.AsyncFor | ast.AsyncWith
_Span = tuple[int, int, int, str]
_Names = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Emitted:
    """Source, and where its lines come from, in order."""

    text: bytes
    lines: tuple[Line, ...]
    functions: tuple[Function, ...]


def number(trees: Mapping[str, ast.Module]) -> None:
    """Tell the trees of several files apart."""
    for at, tree in enumerate(trees.values()):
        ast.increment_lineno(tree, at * FILE_LINES)


class Emitter:
    """Writes trees made of `written`, the numbered trees of what people wrote."""

    def __init__(self, written: Mapping[str, ast.Module]) -> None:
        self._files = list(written)
        self._names = {
            (node.lineno, node.col_offset): node.name
            for tree in written.values()
            for node in walk(tree)
            if isinstance(node, _Function)
        }

    def emit(self, tree: ast.Module) -> Emitted:
        """Write one tree."""
        text = ast.unparse(ast.fix_missing_locations(tree)).splitlines()
        new = ast.parse("\n".join(text))
        joined = set(_joined(new, tree))
        short: list[str] = []
        at = {}
        for row, line in enumerate(text, 1):
            if row in joined:
                short[-1] += ("" if short[-1].endswith(":") else ";") + line.lstrip()
            else:
                # One space a level is enough.
                indent = len(line) - len(line.lstrip())
                short.append(" " * (indent // 4) + line.lstrip())
            at[row] = len(short)
        lines: dict[int, Line] = {}
        for row, first, last, function in _lines(new, tree, "<module>", self._names):
            found = self._line(at[row], first, last, function)
            lines[found[0]] = _merged(lines.get(found[0], found), found)
        return Emitted(
            ("\n".join(short) + "\n").encode(),
            tuple(lines[row] for row in sorted(lines)),
            tuple(self._functions(tree)),
        )

    def _functions(self, tree: ast.Module) -> Iterator[Function]:
        for node in walk(tree):
            if isinstance(node, _Function):
                name = self._names.get((node.lineno, node.col_offset), node.name)
                file, first = divmod(node.lineno, FILE_LINES)
                last = (node.end_lineno or node.lineno) % FILE_LINES
                yield node.name, self._files[file], first, last, name

    def _line(self, at: int, first: int, last: int, function: str) -> Line:
        file, line = divmod(first, FILE_LINES)
        return at, self._files[file], line, last % FILE_LINES, function


def _merged(one: Line, other: Line) -> Line:
    if one[4] != other[4]:  # what a definition's line does is what the function does
        return other
    return (*one[:2], min(one[2], other[2]), max(one[3], other[3]), one[4])


def _joined(new: ast.AST, old: ast.AST) -> Iterator[int]:
    """Lines that can stand on the line before: of simple statements in one block."""
    for field in ("body", "handlers", "orelse", "finalbody"):
        before: ast.stmt | None = None
        file = -1
        block = _children(new, field)
        if field == "body" and isinstance(new, _OneLiner) and not any(map(_is_compound, block)):
            before = new
            file = old.lineno // FILE_LINES  # type: ignore[attr-defined]
        for each, other in zip(block, _children(old, field), strict=True):
            is_same = other.lineno // FILE_LINES == file
            if (
                before is not None
                and is_same
                and not _is_compound(each)
                and _is_short(before, block[0])
            ):
                yield each.lineno
            before = None if _is_compound(each) else each
            file = other.lineno // FILE_LINES
            yield from _joined(each, other)


def _is_compound(node: ast.stmt) -> bool:
    return isinstance(node, _Compound)


def _is_short(node: ast.stmt, body: ast.stmt) -> bool:
    """Whether what is before is on one line."""
    if _is_compound(node):
        decorators = getattr(node, "decorator_list", [])
        return not decorators and body.lineno == node.lineno + 1
    return node.end_lineno == node.lineno


def _lines(new: ast.AST, old: ast.AST, function: str, names: _Names) -> Iterator[_Span]:
    """The lines of statements, walked side by side: both trees have the same."""
    for field in ("body", "handlers", "orelse", "finalbody"):
        for each, other in zip(_children(new, field), _children(old, field), strict=True):
            last = other.lineno if _is_compound(other) else other.end_lineno or other.lineno
            yield each.lineno, other.lineno, last, function
            inner = function
            if isinstance(other, _Function):
                inner = names.get((other.lineno, other.col_offset), other.name)
            yield from _lines(each, other, inner, names)


def _children(node: ast.AST, field: str) -> list[ast.stmt]:
    found = getattr(node, field, [])
    return found if isinstance(found, list) else []
