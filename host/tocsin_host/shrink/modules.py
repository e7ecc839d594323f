"""What the modules of a tree are called, and what their imports bind."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_LEAVES = ("ctx", "op", "ops", "type_comment", "kind", "type_ignores", "lineno")


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node and all in it, outer ones first; as ast.walk, without contexts, faster."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += children(node)


def children(node: ast.AST) -> list[ast.AST]:
    """Return what is directly in a node, without contexts and operators."""
    found: list[ast.AST] = []
    for field in node._fields:
        if field not in _LEAVES:
            value = getattr(node, field, None)
            if isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


def module_name(path: str) -> str:
    """Return the dotted name of the module in file `path`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@dataclass(frozen=True, slots=True)
class Bound:
    """What an import binds a name to: a module of the tree, or, with `name`, a name in one."""

    module: str
    name: str | None = None


def bindings(tree: ast.Module, modules: Collection[str]) -> dict[str, Bound]:
    """Return what the imports of modules of this tree bind, anywhere in one of them."""
    return dict(_bindings(tree, modules))


def _bindings(tree: ast.Module, modules: Collection[str]) -> Iterator[tuple[str, Bound]]:
    for node in walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            if whole in modules:
                yield alias.asname or alias.name, Bound(whole)
            elif node.module in modules:
                yield alias.asname or alias.name, Bound(node.module, alias.name)
