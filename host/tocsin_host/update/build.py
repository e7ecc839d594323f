"""Build an update from a firmware tree, for one board."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from tocsin_host.bytecode import OWN_ARCH, compile_tree
from tocsin_host.errors import ConfigError
from tocsin_host.firmware_sources import ENTRY, LOADER, PROGRAMS, firmware_sources
from tocsin_host.shrink import Map, shrunk
from tocsin_host.update.image import Image

_BUILD = "tocsin/build.py"
_KEY = "tocsin/update/key.py"
_VERSION = re.compile(r"\d+(\.\d+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changes of the tree: nothing, unless told so."""

    version: str | None = None
    security_counter: int | None = None
    minimum_version: str | None = None
    is_release: bool | None = None
    trusted_modulus: bytes | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a board carries, by path, and the way back from what it prints to the sources."""

    files: dict[str, bytes]
    map: Map
    facts: dict[str, object]  # what `tocsin/build.py` says


def compiled(
    root: Path, board: str, arch: str = OWN_ARCH, changes: Changes | None = None
) -> Compiled:
    """Compile the tree `root` for a board; what a port starts by name stays source.

    `arch` is the processor as mpy-cross calls it, by default this machine's: that of a simulated
    handset. Raises UsageError, ConfigError, CompileError.
    """
    sources = firmware_sources(root, board)
    facts = _apply(changes or Changes(), sources)
    smaller = shrunk(sources, (*PROGRAMS, *LOADER), ENTRY)
    folder = compile_tree(smaller.sources, PROGRAMS, arch, smaller.told_as, has_lines=False)
    names = (path for path in sorted(folder.rglob("*")) if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in names}
    return Compiled(files, smaller.map, facts)


def pack(parts: Compiled, board: str) -> Image:
    """Pack what an update replaces, unsigned: neither programs nor loader."""
    kept = {*PROGRAMS, *(name.replace(".py", ".mpy") for name in LOADER)}
    facts = parts.facts
    return Image.pack(
        {name: data for name, data in parts.files.items() if name not in kept},
        board=board,
        version=_version(facts, "VERSION"),
        minimum_version=_version(facts, "MINIMUM_VERSION"),
        security_counter=_counter(facts),
    )


def build(root: Path, board: str, arch: str = OWN_ARCH, changes: Changes | None = None) -> Image:
    """Compile and pack, unsigned."""
    return pack(compiled(root, board, arch, changes), board)


def _apply(changes: Changes, sources: dict[str, bytes]) -> dict[str, object]:
    """Change the sources, and return what `tocsin/build.py` says then."""
    named = {
        "VERSION": changes.version,
        "SECURITY_COUNTER": changes.security_counter,
        "MINIMUM_VERSION": changes.minimum_version,
        "RELEASE": changes.is_release,
    }
    text = sources[_BUILD].decode()
    for name, value in named.items():
        if value is not None:
            text = re.sub(rf"(?m)^{name} = .*$", lambda _: f"{name} = {value!r}", text)  # noqa: B023
    sources[_BUILD] = text.encode()
    if changes.trusted_modulus is not None:
        sources[_KEY] = key_module(changes.trusted_modulus).encode()
    return _constants(text)


def key_module(modulus: bytes) -> str:
    """Return the source of the firmware's module that holds the key it trusts."""
    lines = textwrap.wrap("".join(f"\\x{each:02x}" for each in modulus), 64)
    return "MODULUS = (\n" + "".join(f'    b"{line}"\n' for line in lines) + ")\n"


def _constants(source: str) -> dict[str, object]:
    return {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _version(facts: dict[str, object], name: str) -> str:
    value = facts.get(name)
    if isinstance(value, str) and _VERSION.fullmatch(value):
        return value
    raise ConfigError(f"{_BUILD}: {name} is {value!r}", "versions are numbers and dots: 0.2.0")


def _counter(facts: dict[str, object]) -> int:
    value = facts.get("SECURITY_COUNTER")
    if isinstance(value, int) and 0 <= value <= 0x7FFFFFFF:
        return value
    raise ConfigError(f"{_BUILD}: SECURITY_COUNTER is {value!r}", "it is a number from 0 up")
