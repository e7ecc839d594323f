"""Put the numbers of constants where their names stood, across modules."""

import ast
import operator
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from tocsin_host.shrink.modules import Bound, bindings, module_name, walk

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
_Values = dict[str, dict[str, int]]


def fold(trees: Mapping[str, ast.Module], kept: Collection[str]) -> None:
    """Fold whole numbers that a module's top level names once; drop those nobody names any more.

    A name bound a second time anywhere in its module is no constant; one that others may look up
    by way of a variable is not dropped, nor are the names `kept`.
    """
    named = {module_name(path): tree for path, tree in trees.items()}
    found = {name: bindings(tree, named) for name, tree in named.items()}
    values: _Values = {name: {} for name in named}
    count = -1
    while count != (count := sum(map(len, values.values()))):
        for name, tree in named.items():
            _Folder(name, values, found[name]).visit(tree)
            values[name].update(_constants(tree))
    _drop(named, values, set(kept))


def _constants(tree: ast.Module) -> Iterator[tuple[str, int]]:
    bound = Counter(_bound(tree))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            value = _number(statement.value)
            if len(statement.targets) == 1 and bound[name] == 1 and value is not None:
                yield name, value


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def _number(node: ast.expr) -> int | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "const":
        return _number(node.args[0])
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _number(node.left), _number(node.right)
        if left is not None and right is not None:
            return _OPERATORS[type(node.op)](left, right)
    return None


class _Folder(ast.NodeTransformer):
    def __init__(self, module: str, values: _Values, bound: Mapping[str, Bound]) -> None:
        self._own = values[module]
        self._values = values
        self._bound = bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if not isinstance(node.ctx, ast.Load):
            return node
        value = self._own.get(node.id)
        source = self._bound.get(node.id)
        if value is None and source is not None and source.name is not None:
            value = self._values[source.module].get(source.name)
        return node if value is None else _literal(value, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            source = self._bound.get(node.value.id)
            if source is not None and source.name is None:
                value = self._values[source.module].get(node.attr)
                if value is not None:
                    return _literal(value, node)
        return self.generic_visit(node)


def _literal(value: int, place: ast.expr) -> ast.expr:
    node: ast.expr = ast.Constant(abs(value))
    if value < 0:
        node = ast.UnaryOp(ast.USub(), node)
    return ast.copy_location(node, place)


def _drop(named: Mapping[str, ast.Module], values: _Values, kept: set[str]) -> None:
    """Drop what nobody names any more: imports of constants, constants, then other imports."""
    looked_up = kept | _looked_up(named.values())
    for tree in named.values():
        _ImportDropper(named, _loaded(tree) | looked_up).visit(tree)
    wanted = looked_up.union(*map(_loaded, named.values()), *map(_imported, named.values()))
    for module, tree in named.items():
        _unwrap(tree)
        dropped = values[module].keys() - wanted
        tree.body = [each for each in tree.body if not _assigns(each, dropped)]
        _ImportDropper({"micropython"}, _loaded(tree)).visit(tree)


def _unwrap(tree: ast.Module) -> None:
    """Public constants are looked up: mpy-cross is not to take their short names for others."""
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="const"), args=[value]),
            ) if not name.startswith("_"):
                node.value = value


def _loaded(tree: ast.AST) -> set[str]:
    return {
        node.id
        for node in walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _looked_up(trees: Iterable[ast.AST]) -> set[str]:
    nodes = (node for tree in trees for node in walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _imported(tree: ast.AST) -> set[str]:
    nodes = (node for node in walk(tree) if isinstance(node, ast.ImportFrom))
    return {alias.name for node in nodes for alias in node.names}


def _assigns(statement: ast.stmt, names: Collection[str]) -> bool:
    if not isinstance(statement, ast.Assign):
        return False
    target = statement.targets[0]
    return isinstance(target, ast.Name) and target.id in names


class _ImportDropper(ast.NodeTransformer):
    """Drops what is imported from `modules` and not among the names `used`."""

    def __init__(self, modules: Collection[str], used: Collection[str]) -> None:
        self._modules = modules
        self._used = used

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node.module in self._modules:
            node.names = [each for each in node.names if (each.asname or each.name) in self._used]
        return node if node.names else None
