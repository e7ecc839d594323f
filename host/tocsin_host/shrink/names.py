"""Give what the tree itself names short names: the same name everywhere, so that none can clash."""

import ast
import builtins
import io
import itertools
import keyword
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, GeneratorType

from tocsin_host.shrink.modules import module_name
from tocsin_host.shrink.ports import MACHINE_NAMES

_BUILTIN_TYPES = (
    bytes, str, dict, list, set, tuple, int, memoryview, bytearray, Exception, OSError,
    property, object, io.FileIO, FunctionType, GeneratorType,
)  # fmt: skip
_FIRST = string.ascii_letters
_NEXT = string.ascii_letters + string.digits


def rename(trees: Mapping[str, ast.Module], fixed: Iterable[ast.Module]) -> dict[str, str]:
    """Rename in place, and return the short name of each name.

    Names that others know stay: those of Python, of ports, of modules and in the trees `fixed`.
    """
    kept = set(_kept(trees)).union(*map(_all_names, fixed))
    uses = Counter(name for tree in trees.values() for name in set(_all_names(tree)))
    bound = {name for tree in trees.values() for name in _bound(tree)}
    own = {name for name in bound - kept if not _is_special(name)}
    ordered = sorted(own, key=lambda n: (-uses[n], n))
    taken = kept | (uses.keys() - own) | set(keyword.kwlist)
    free = (each for each in _short_names() if each not in taken)
    short = dict(zip(ordered, free, strict=False))
    for tree in trees.values():
        _Renamer(short).visit(tree)
    return short


def _short_names() -> Iterator[str]:
    yield from _FIRST
    for length in itertools.count(1):
        for letters in itertools.product(_FIRST, *[_NEXT] * length):
            yield "".join(letters)


def _is_special(name: str) -> bool:
    return name.startswith("__") or len(name) == 1


def _kept(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    yield from MACHINE_NAMES
    yield from dir(builtins)
    for kind in _BUILTIN_TYPES:
        yield from dir(kind)
    modules = {module_name(path) for path in trees}
    for name in modules:
        yield from name.split(".")
    for tree in trees.values():
        yield from _foreign(tree, modules)


def _foreign(tree: ast.Module, modules: set[str]) -> Iterator[str]:
    """Names of other modules than the tree's, and what is taken from them."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and node.module not in modules
        ):
            bound.update(alias.asname or alias.name for alias in node.names)
    yield from bound
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if _root(node) in bound:
                yield name
            case ast.Call(func=called) if _root(called) in bound:
                yield from (str(each.arg) for each in node.keywords)


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case ast.ExceptHandler(name=str()):
                yield str(node.name)
            case _ if _fields(node):
                yield from (str(each.value) for each in _fields(node))


def _all_names(tree: ast.Module) -> Iterator[str]:
    yield from _bound(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name():
                yield node.id
            case ast.Attribute():
                yield node.attr
            case ast.keyword(arg=str()):
                yield str(node.arg)
            case ast.alias():
                yield from node.name.split(".")
                yield node.asname or node.name


def _fields(node: ast.AST) -> list[ast.Constant]:
    """The names of a namedtuple's fields."""
    match node:
        case ast.Call(func=ast.Name(id="namedtuple"), args=[_, ast.Tuple(elts=elements)]):
            return [each for each in elements if isinstance(each, ast.Constant)]
    return []


class _Renamer(ast.NodeVisitor):
    def __init__(self, short: Mapping[str, str]) -> None:
        self._short = short

    def _of(self, name: str) -> str:
        return self._short.get(name, name)

    def visit(self, node: ast.AST) -> None:
        """Rename what this node names, then what is in it."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                node.name = self._of(node.name)
            case ast.arg() | ast.keyword(arg=str()):
                node.arg = self._of(str(node.arg))
            case ast.Name():
                node.id = self._of(node.id)
            case ast.Attribute():
                node.attr = self._of(node.attr)
            case ast.ExceptHandler(name=str()):
                node.name = self._of(str(node.name))
            case ast.alias():
                node.name = self._of(node.name)
                node.asname = node.asname and self._of(node.asname)
            case ast.Global() | ast.Nonlocal():
                node.names = [self._of(each) for each in node.names]
        for each in _fields(node):
            each.value = self._of(str(each.value))
        self.generic_visit(node)
