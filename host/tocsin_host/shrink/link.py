"""Put all modules that are in memory from the start on into the one that is imported first.

What one has of its own costs: its names anew, its import by others, and an object with its names.
Modules that are imported later, or handed on as objects, stay apart.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from tocsin_host.errors import TocsinError
from tocsin_host.shrink.modules import Bound, bindings, module_name, walk
from tocsin_host.shrink.scopes import Place, places


@dataclass(slots=True)
class _Module:
    path: str
    tree: ast.Module
    bound: dict[str, Bound]
    changing: set[str]  # what a function binds anew
    globals: list[Place] = field(default_factory=list)

    @property
    def defined(self) -> set[str]:
        """The names of what it has on its top level itself."""
        return {place.name for place in self.globals if _defines(place)}

    @property
    def loads(self) -> set[int]:
        """The nodes that look up a name on the top level."""
        return {id(place.node) for place in self.globals if isinstance(place.node, ast.Name)}


def link(trees: dict[str, ast.Module], entry: str, known: Collection[str]) -> None:
    """Link in place, into the file `entry`; the other files it takes in are no longer there.

    Raises TocsinError for what it cannot tell apart.
    """
    modules = _modules(trees, known)
    first = module_name(entry)
    order = list(_closure(first, modules, _objects(modules)))
    _Linker(modules, first, order).link()
    for name in order:
        if name != first:
            del trees[modules[name].path]


def _modules(trees: Mapping[str, ast.Module], known: Collection[str]) -> dict[str, _Module]:
    names = {module_name(path): path for path in trees}
    modules = {
        name: _Module(path, trees[path], bindings(trees[path], names), _changing(trees[path]))
        for name, path in names.items()
    }
    for place in places(trees, known):
        if place.is_global:
            modules[place.module].globals.append(place)
    return modules


def _changing(tree: ast.Module) -> set[str]:
    found = (node.names for node in walk(tree) if isinstance(node, ast.Global))
    return {name for names in found for name in names}


def _objects(modules: Mapping[str, _Module]) -> set[str]:
    """Modules that somebody hands on: their names may be looked up anywhere."""
    found = set()
    for module in modules.values():
        looked_into = {
            id(node.value) for node in walk(module.tree) if isinstance(node, ast.Attribute)
        }
        for place in module.globals:
            source = module.bound.get(place.name)
            is_module = source is not None and source.name is None
            is_load = isinstance(place.node, ast.Name) and id(place.node) not in looked_into
            if is_module and is_load and source is not None:
                found.add(source.module)
    return found


def _closure(
    name: str, modules: Mapping[str, _Module], apart: Collection[str], seen: set[str] | None = None
) -> Iterator[str]:
    """The modules that importing `name` imports, each after all that it needs itself."""
    seen = set() if seen is None else seen
    seen.add(name)
    for node in modules[name].tree.body:
        if isinstance(node, ast.ImportFrom):
            for needed in _sources(node, modules):
                if needed not in seen and needed not in apart:
                    yield from _closure(needed, modules, apart, seen)
    yield name


def _sources(node: ast.ImportFrom, modules: Collection[str]) -> Iterator[str]:
    for alias in node.names:
        whole = f"{node.module}.{alias.name}"
        if whole in modules:
            yield whole
        elif node.module in modules:
            yield str(node.module)


class _Linker:
    def __init__(self, modules: Mapping[str, _Module], first: str, order: list[str]) -> None:
        self._modules = modules
        self._first = first
        self._order = order
        self._number = {name: number for number, name in enumerate(order)}

    def link(self) -> None:
        body: list[ast.stmt] = []
        for name in self._order:
            module = self._modules[name]
            _Joined(self, module).visit(module.tree)
            self._rename(name, module)
            body += module.tree.body
        for name, module in self._modules.items():
            if name not in self._number:
                _Apart(self, module, self._first).visit(module.tree)
        entry = self._modules[self._first]
        body += [
            ast.parse(f"{alias} = {self.now(source)}").body[0]
            for alias, source in entry.bound.items()
            if source.module in self._number
        ]
        entry.tree.body = list(_once(body))

    def has(self, module: str) -> bool:
        return module in self._number

    def now(self, source: Bound) -> str:
        """Return the name on the common top level of what a module called so."""
        while True:
            module = self._modules[source.module]
            further = module.bound.get(source.name or "")
            name = source.name or ""
            if name in module.changing:
                problem = f"{module.path}: {name} is bound anew, and another module names it"
                raise TocsinError(problem, "have a function tell it")
            if further is None:
                return self.own(source.module, name) if name in module.defined else name
            if further.name is None or further.module not in self._number:
                return str(source.name)
            source = further

    def own(self, module: str, name: str) -> str:
        return f"{name}__{self._number[module]}"

    def _rename(self, name: str, module: _Module) -> None:
        for place in module.globals:
            source = module.bound.get(place.name)
            if source is not None and source.module in self._number and source.name is not None:
                place.put(self.now(source))
            elif source is None and place.name in module.defined:
                place.put(self.own(name, place.name))


def _defines(place: Place) -> bool:
    match place.node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Name(ctx=ast.Store()):
            return True
    return False


def _once(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Imports of what other modules than the tree's bring, each but once."""
    seen: dict[str, str] = {}
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            source = getattr(statement, "module", "")
            statement.names = [
                alias for alias in statement.names if _is_new(alias, f"{source}.{alias.name}", seen)
            ]
            if not statement.names:
                continue
        yield statement


def _is_new(alias: ast.alias, source: str, seen: dict[str, str]) -> bool:
    name = alias.asname or alias.name
    if seen.setdefault(name, source) != source:
        raise TocsinError(
            f"{name} is {seen[name]} and {source}", "import one of them as another name"
        )
    is_new = f" {name}" not in seen
    seen[f" {name}"] = source
    return is_new


class _Joined(ast.NodeTransformer):
    """Takes a module's imports of what is linked with it away, and looks names up directly."""

    def __init__(self, linker: _Linker, module: _Module) -> None:
        self._linker = linker
        self._bound = module.bound
        self._loads = module.loads

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt] | None:
        node.names = [alias for alias in node.names if not self._is_linked(alias)]
        return node if node.names else None

    def _is_linked(self, alias: ast.alias) -> bool:
        source = self._bound.get(alias.asname or alias.name)
        return source is not None and self._linker.has(source.module)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        source = self._module_of(node.value)
        if source is None:
            return self.generic_visit(node)
        return ast.copy_location(ast.Name(self._named(source, node.attr), node.ctx), node)

    def _module_of(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name) and id(node) in self._loads:
            source = self._bound.get(node.id)
            if source is not None and source.name is None and self._linker.has(source.module):
                return source.module
        return None

    def _named(self, module: str, name: str) -> str:
        return self._linker.now(Bound(module, name))


class _Apart(_Joined):
    """Has a module that stays apart import from the common one what it needs of it."""

    def __init__(self, linker: _Linker, module: _Module, first: str) -> None:
        super().__init__(linker, module)
        self._first = first
        self._wanted: dict[str, None] = {}

    def visit_Module(self, node: ast.Module) -> ast.AST:
        self.generic_visit(node)
        names = [ast.alias(name, name) for name in self._wanted]
        if names:
            node.body.insert(
                0, ast.copy_location(ast.ImportFrom(self._first, names, 0), node.body[0])
            )
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt] | None:
        rest: list[ast.alias] = []
        linked: list[ast.alias] = []
        for alias in node.names:
            source = self._bound.get(alias.asname or alias.name)
            if source is None or not self._linker.has(source.module):
                rest.append(alias)
            elif source.name is not None:
                linked.append(ast.alias(self._linker.now(source), alias.asname or alias.name))
        parts = ((node.module, rest), (self._first, linked))
        return [
            ast.copy_location(ast.ImportFrom(module, names, node.level), node)
            for module, names in parts
            if names
        ]

    def _named(self, module: str, name: str) -> str:
        new = super()._named(module, name)
        self._wanted[new] = None
        return new
