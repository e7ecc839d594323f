"""Lay source lines out as `ruff format` would, so that generated files pass its check."""

from collections.abc import Iterable, Sequence

WIDTH = 100
_STEP = "    "


def indented(lines: Iterable[str], levels: int = 1) -> list[str]:
    """The lines, moved right; empty ones stay empty."""
    return [_STEP * levels + line if line else "" for line in lines]


def fits(line: str, levels: int) -> bool:
    """Whether a line keeps to the width when it is indented."""
    return len(_STEP) * levels + len(line) <= WIDTH


def bracketed(head: str, items: Sequence[str], tail: str, levels: int) -> list[str]:
    """`head`, comma-separated items and `tail`, on as few lines as ruff would use.

    The result is not indented; `levels` says how far it will be, for the line width.
    """
    inner = ", ".join(items)
    if fits(f"{head}{inner}{tail}", levels):
        return [f"{head}{inner}{tail}"]
    if fits(inner, levels + 1):
        return [head, _STEP + inner, tail]
    return exploded(head, items, tail)


def exploded(head: str, items: Sequence[str], tail: str) -> list[str]:
    """`head`, one item a line, and `tail`."""
    return [head, *(f"{_STEP}{item}," for item in items), tail]


def quoted(text: str) -> str:
    """A Python string literal in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def literal(value: object) -> str:
    """A Python literal in the style ruff keeps."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bytes):
        return 'b"' + "".join(f"\\x{octet:02x}" for octet in value) + '"'
    if isinstance(value, tuple):
        inner = ", ".join(literal(each) for each in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)
