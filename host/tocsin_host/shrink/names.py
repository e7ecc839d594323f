"""Give what a tree itself names short names, anew in each scope that nobody can look into."""

import ast
import builtins
import io
import itertools
import keyword
import re
import string
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import FunctionType, GeneratorType

from tocsin_host.shrink.modules import module_name, walk
from tocsin_host.shrink.ports import MACHINE_NAMES
from tocsin_host.shrink.scopes import PUBLIC, Place, Space, places

_BUILTIN_TYPES = (
    bytes, str, dict, list, set, tuple, int, memoryview, bytearray, Exception, OSError,
    property, object, io.FileIO, FunctionType, GeneratorType,
)  # fmt: skip
_FIRST = string.ascii_letters
_NEXT = string.ascii_letters + string.digits
_POOL = 4000
_ONE_BYTE = 120
_LINKED = re.compile(r"__\d+$")

Names = dict[str, list[str]]
"""What each short name may stand for."""


def rename(trees: Mapping[str, ast.Module], known: Collection[str]) -> Names:
    """Rename in place, and return what the short names stand for.

    Names that others know stay: those of Python, of ports, of modules and those `known`.
    """
    kept = set(_kept(trees)).union(known)
    found = places(trees, known)
    short = _assigned(found, kept)
    for each in found:
        new = short.get((each.space, each.name))
        if new is not None:
            each.put(new)
    for path, tree in trees.items():
        _put_first(tree, _looked_up(each for each in found if each.module == module_name(path)))
    return _meanings(short)


def _looked_up(found: Iterable[Place]) -> Counter[str]:
    """How often the compiled module has each name: not those of local variables."""
    uses: Counter[str] = Counter()
    for each in found:
        if each.is_global or not isinstance(each.node, ast.Name):
            uses[each.now] += 1
    return uses


def _put_first(tree: ast.Module, uses: Counter[str]) -> None:
    """Have the names looked up most stand first in a large module: their numbers take one byte."""
    ordered = sorted(uses, key=lambda name: (-uses[name], name))[:_ONE_BYTE]
    names = [name for name in ordered if name.isidentifier() and not keyword.iskeyword(name)]
    if len(uses) > _ONE_BYTE and tree.body:
        loop = ast.parse(f"for _ in ():\n _.{'.'.join(names)}").body[0]
        tree.body.insert(0, ast.copy_location(loop, tree.body[0]))


def _meanings(short: "_Short") -> Names:
    """What each short name stands for: the public name first, then those of scopes."""
    meanings: Names = {}
    for (space, name), new in sorted(short.items(), key=lambda item: (item[0][0] != PUBLIC, item)):
        if space[:1] != ("function",):
            meanings.setdefault(new, []).append(_LINKED.sub("", name))
    return meanings


_Short = dict[tuple[Space, str], str]


def _assigned(found: list[Place], kept: Collection[str]) -> _Short:
    own = {each.name for each in found if _is_bound(each)}
    taken = ({each.name for each in found} - own) | set(kept) | set(keyword.kwlist)
    pool = [each for each in itertools.islice(_short_names(), _POOL) if each not in taken]
    own -= set(kept)
    ours = [each for each in found if each.space != PUBLIC or each.name in own]
    short: _Short = {}
    _give(short, {PUBLIC: _by_use(ours)}, pool, {})
    _give(short, _first_come(ours, "constant"), ["_" + each for each in pool], {})
    _give(short, _first_come(ours, "module", "class"), pool, _public(found, short))
    _give(short, _first_come(ours, "function"), pool, _outside(found, short))
    return short


def _is_bound(place: Place) -> bool:
    """Whether the tree itself gives something that name there."""
    match place.node:
        case ast.Attribute() | ast.Name():
            return not isinstance(place.node.ctx, ast.Load)
        case ast.alias() | ast.keyword():
            return False
    return not place.name.startswith("__")


def _by_use(found: Iterable[Place]) -> list[str]:
    """Public names, those in most modules first."""
    uses = Counter(name for name, _ in {(p.name, p.module) for p in found if p.space == PUBLIC})
    return sorted(uses, key=lambda name: (-uses[name], name))


def _first_come(found: Iterable[Place], *kinds: str) -> dict[Space, list[str]]:
    """The names of each scope of these kinds, in the order in which they appear."""
    names: dict[Space, dict[str, None]] = defaultdict(dict)
    for each in found:
        if each.space and each.space[0] in kinds:
            names[each.space][each.name] = None
    return {space: list(each) for space, each in names.items()}


def _give(
    short: _Short,
    names: Mapping[Space, Iterable[str]],
    pool: list[str],
    avoided: Mapping[Space, Collection[str]],
) -> None:
    for space, own in names.items():
        free = (each for each in pool if each not in avoided.get(space, ()))
        short.update({(space, name): next(free) for name in own})


def _public(found: list[Place], short: _Short) -> dict[Space, set[str]]:
    """The public names on each module's top level and on the objects of each family of classes."""
    names: dict[Space, set[str]] = defaultdict(set)
    anywhere = set()
    for each in found:
        if each.space != PUBLIC:
            continue
        new = short.get((PUBLIC, each.name), each.name)
        if not each.is_attribute:
            names["module", each.module].add(new)
        elif each.family is not None:
            names["class", *each.family].add(new)
        elif each.is_bound:
            anywhere.add(new)
    for space in {each.space for each in found if each.space[:1] == ("class",)}:
        names[space] |= anywhere
    return names


def _outside(found: list[Place], short: _Short) -> dict[Space, set[str]]:
    """The names that each function uses and that are not its own."""
    names: dict[Space, set[str]] = defaultdict(set)
    for each in found:
        if each.function is not None and each.space != each.function and not each.is_attribute:
            names[each.function].add(short.get((each.space, each.name), each.name))
    return names


def _short_names() -> Iterator[str]:
    yield from _FIRST
    for length in itertools.count(1):
        for letters in itertools.product(_FIRST, *[_NEXT] * length):
            yield "".join(letters)


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
    for node in walk(tree):
        match node:
            case ast.Import():
                bound.update(alias.asname or alias.name for alias in node.names)
            case ast.ImportFrom() if node.module not in modules:
                bound.update(alias.asname or alias.name for alias in node.names)
    yield from bound
    for node in walk(tree):
        match node:
            case ast.Attribute(attr=name) if _root(node) in bound:
                yield name
            case ast.Call(func=called) if _root(called) in bound:
                yield from (str(each.arg) for each in node.keywords)


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def all_names(tree: ast.Module) -> Iterator[str]:
    """Yield all that is a name in a tree, or a text that might be one."""
    for node in walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, str):
                yield from value.split(".")
