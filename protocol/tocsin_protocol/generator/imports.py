"""Find which names a piece of generated code uses, and write the imports it needs."""

import ast
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from tocsin_protocol.generator.layout import exploded, fits


def imports(code: Iterable[str], offered: Mapping[str, Iterable[str]]) -> list[str]:
    """An import line for each module that offers a name which `code` uses, in the order given."""
    used = _used("\n".join(code))
    lines: list[str] = []
    for module, names in offered.items():
        needed = sorted(used & set(names), key=_rank)
        line = f"from {module} import {', '.join(needed)}"
        if needed and fits(line, 0):
            lines += [line]
        elif needed:
            lines += exploded(f"from {module} import (", needed, ")")
    return lines


@lru_cache(maxsize=1)
def _used(code: str) -> frozenset[str]:
    """Every name the code has from elsewhere, also those in types that are written as texts."""
    found: set[str] = set()
    own: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            own.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "[" in node.value:
            found |= set(re.findall(r"\w+", node.value))
    return frozenset(found - own)


def _rank(name: str) -> tuple[int, str]:
    """Constants, classes, the rest: the order ruff keeps."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
