"""Where the names of a tree stand, and which of them nobody outside a scope can mean."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tocsin_host.shrink.classes import Key, families
from tocsin_host.shrink.modules import children, module_name, walk

Space = tuple[str, ...]
"""What a name is unique in: everywhere, one module, one family of classes or one function.

A module's constants that mpy-cross knows are apart.
"""
PUBLIC: Space = ()

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Callable = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True)
class Place:
    """One occurrence of a name: in a field of a node, or in a list there."""

    node: ast.AST
    field: str
    name: str
    space: Space
    module: str
    function: Space | None  # of the outermost function it is in
    at: int | None = None
    is_attribute: bool = False
    family: Key | None = None  # of the object it is an attribute of, when that is known
    is_bound: bool = False
    is_global: bool = False  # what it means stands on the top level of its module, or is built in

    @property
    def now(self) -> str:
        """The name that stands there now."""
        value = getattr(self.node, self.field)
        return str(value if self.at is None else value[self.at])

    def put(self, name: str) -> None:
        """Put another name there."""
        if self.at is None:
            setattr(self.node, self.field, name)
        else:
            getattr(self.node, self.field)[self.at] = name


def places(trees: Mapping[str, ast.Module], known: Collection[str]) -> list[Place]:
    """Return every occurrence of a name, a namedtuple's fields included; all know those `known`."""
    related = families(trees)
    keywords = {name for tree in trees.values() for name in _keywords(tree)}
    exported = {name for tree in trees.values() for name in _exported(tree)}
    exported.update(known)
    found: list[Place] = []
    for path, tree in trees.items():
        walker = _Walker(module_name(path), tree, related, keywords, exported)
        walker.visit(tree)
        found += walker.found
    return list(_widened(found))


def _widened(found: list[Place]) -> Iterator[Place]:
    """A private attribute is public once it is looked up where its class cannot be told."""
    bound = {(each.space, each.name) for each in found if each.is_bound}
    open_names = {
        each.name
        for each in found
        if each.is_attribute and (each.space == PUBLIC or (each.space, each.name) not in bound)
    }
    for each in found:
        if each.is_attribute and each.name in open_names:
            each.space = PUBLIC
        yield each


def _keywords(tree: ast.Module) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def _exported(tree: ast.Module) -> Iterator[str]:
    """Names that some module imports from another, or looks up in something."""
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _imported_as(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname for alias in node.names if alias.asname)


def _constants(tree: ast.Module) -> Iterator[str]:
    """What mpy-cross puts in place of a name, wherever in the module that stands."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="const"))):
                yield name


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and len(name) > 1


@dataclass(slots=True)
class _Scope:
    """A function on the top level or of a class, with all in it: its own names."""

    space: Space
    names: set[str]
    renamed: set[str]


class _Walker(ast.NodeVisitor):
    def __init__(
        self,
        module: str,
        tree: ast.Module,
        related: Mapping[Key, Key],
        keywords: Collection[str],
        exported: Collection[str],
    ) -> None:
        self.found: list[Place] = []
        self._module = module
        self._related = related
        self._keywords = keywords
        self._exported = exported
        self._family: Key | None = None
        self._class_names: set[str] = set()
        self._scope: _Scope | None = None
        self._functions = 0
        self._constants = set(_constants(tree))
        self._globals = {name for each in tree.body for name in _bound(each)}
        self._globals |= set(_imported_as(tree))
        # Tracebacks name them.
        self._classes = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}

    # -- of which space a name is

    def _name_space(self, name: str) -> Space:
        if self._scope is not None and name in self._scope.renamed:
            return self._scope.space
        is_own = name in self._globals and not name.startswith("__")
        if is_own and name not in self._exported and name not in self._classes:
            return ("constant" if name in self._constants else "module", self._module)
        return PUBLIC

    def _add(
        self, node: ast.AST, field: str, name: str, space: Space, at: int | None = None
    ) -> Place:
        place = Place(node, field, name, space, self._module, self._inside, at)
        self.found.append(place)
        return place

    @property
    def _inside(self) -> Space | None:
        return self._scope.space if self._scope is not None else None

    def _add_name(self, node: ast.AST, field: str, name: str, at: int | None = None) -> None:
        if self._scope is None and name in self._class_names:
            self._add_attribute(node, field, name, is_own=True, is_bound=True)
        else:
            place = self._add(node, field, name, self._name_space(name), at)
            place.is_global = self._scope is None or name not in self._scope.names

    def _add_attribute(
        self, node: ast.AST, field: str, name: str, *, is_own: bool, is_bound: bool
    ) -> None:
        family = self._family if is_own else None
        is_scoped = family is not None and _is_private(name)
        space = ("class", *family) if is_scoped and family else PUBLIC
        self.found.append(
            Place(
                node, field, name, space, self._module, self._inside, None, True, family, is_bound
            )
        )

    # -- what is visited

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._add_name(node, "name", node.name)
        for each in (*node.bases, *node.keywords, *node.decorator_list):
            self.visit(each)
        if self._scope is not None:
            raise NotImplementedError("a class in a function")
        self._family = self._related[self._module, node.name]
        self._class_names = {name for each in node.body for name in _bound(each)}
        for statement in node.body:
            self.visit(statement)
        self._family = None
        self._class_names = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: _Function) -> None:
        self._add_name(node, "name", node.name)
        for each in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if each is not None:
                self.visit(each)
        self._in_scope(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for each in (*node.args.defaults, *node.args.kw_defaults):
            if each is not None:
                self.visit(each)
        self._in_scope(node, [node.body])

    def _in_scope(self, node: _Callable, body: Iterable[ast.AST]) -> None:
        outer = self._scope
        if outer is None:
            self._functions += 1
            space = ("function", self._module, str(self._functions))
            names = _locals(node)
            self._scope = _Scope(space, names, names - set(self._keywords))
        for argument in _arguments(node.args):
            self._add_name(argument, "arg", argument.arg)
            if argument.annotation is not None:
                self.visit(argument.annotation)
        if isinstance(node, _Function) and node.returns is not None:
            self.visit(node.returns)
        for each in body:
            self.visit(each)
        self._scope = outer

    def visit_Name(self, node: ast.Name) -> None:
        self._add_name(node, "id", node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        is_bound = not isinstance(node.ctx, ast.Load)
        self._add_attribute(node, "attr", node.attr, is_own=_is_self(node.value), is_bound=is_bound)
        self.visit(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg:
            self._add(node, "arg", node.arg, PUBLIC)
        self.visit(node.value)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._add_name(node, "name", node.name)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias, "asname", alias.asname or alias.name, PUBLIC)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._add(alias, "name", alias.name, PUBLIC)
            if alias.asname:
                self._add_name(alias, "asname", alias.asname)

    def visit_Global(self, node: ast.Global) -> None:
        for at, name in enumerate(node.names):
            self._add_name(node, "names", name, at)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        for at, name in enumerate(node.names):
            self._add(node, "names", name, self._name_space(name), at)

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Name(id="namedtuple"), args=[_, ast.Tuple(elts=elements)]):
                for each in elements:
                    if isinstance(each, ast.Constant):
                        place = Place(each, "value", str(each.value), PUBLIC, self._module, None)
                        place.is_attribute = place.is_bound = True
                        self.found.append(place)
        self.generic_visit(node)


def _is_self(node: ast.expr) -> bool:
    match node:
        case ast.Name(id="self") | ast.Call(func=ast.Name(id="super")):
            return True
    return False


def _arguments(node: ast.arguments) -> list[ast.arg]:
    rest = [each for each in (node.vararg, node.kwarg) if each is not None]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *rest]


def _bound(node: ast.AST) -> Iterator[str]:
    """Names a statement binds in its own scope, comprehensions counted as part of it."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
            return
        case ast.Lambda():
            return
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.ExceptHandler(name=str()):
            yield str(node.name)
    for child in children(node):
        yield from _bound(child)


def _own(node: _Callable) -> set[str]:
    """What a function binds itself, imports apart."""
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    names = {argument.arg for argument in _arguments(node.args)}
    names.update(name for each in body for name in _bound(each))
    for each in body:
        for inner in walk(each):
            if isinstance(inner, ast.Global):
                names -= set(inner.names)
    return names


def _locals(node: _Callable) -> set[str]:
    """Names that in a function and all functions in it only ever mean what is bound there."""
    names: set[str] = set()
    foreign: set[str] = set()
    _resolve(node, frozenset(), names, foreign)
    return names - foreign


def _resolve(node: _Callable, outer: frozenset[str], names: set[str], foreign: set[str]) -> None:
    own = frozenset(_own(node))
    names |= own
    known = own | outer
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    for each in body:
        _resolve_in(each, known, names, foreign)


def _resolve_in(node: ast.AST, known: frozenset[str], names: set[str], foreign: set[str]) -> None:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            _resolve(node, known, names, foreign)
            return
        case ast.Name(id=name) if name not in known:
            foreign.add(name)
        case ast.Import() | ast.ImportFrom():
            foreign.update(alias.asname or alias.name for alias in node.names)
    for child in children(node):
        _resolve_in(child, known, names, foreign)
