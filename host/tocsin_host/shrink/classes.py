"""Which classes of a tree inherit from one another."""

import ast
from collections.abc import Iterator, Mapping

from tocsin_host.shrink.modules import bindings, module_name

Key = tuple[str, str]  # of a class: its module and its name


def families(trees: Mapping[str, ast.Module]) -> dict[Key, Key]:
    """Return for each class on a module's top level the one that stands for all its relatives."""
    parents: dict[Key, Key] = {}

    def eldest(key: Key) -> Key:
        while parents.setdefault(key, key) != key:
            key = parents[key]
        return key

    for child, base in _inheritance(trees):
        one, other = sorted((eldest(child), eldest(base)))
        parents[other] = one
    return {key: eldest(key) for key in list(parents)}


def _inheritance(trees: Mapping[str, ast.Module]) -> Iterator[tuple[Key, Key]]:
    modules = {module_name(path) for path in trees}
    for path, tree in trees.items():
        module = module_name(path)
        bound = bindings(tree, modules)
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            yield (module, node.name), (module, node.name)
            for base in node.bases:
                match base:
                    case ast.Name(id=name) if name in bound:
                        yield (module, node.name), (bound[name].module, bound[name].name or "")
                    case ast.Name(id=name):
                        yield (module, node.name), (module, name)
                    case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in bound:
                        yield (module, node.name), (bound[name].module, attr)
