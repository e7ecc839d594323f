"""A MicroPython VM with 31-bit small integers, as on every handset: WebAssembly under node."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
PACKAGE = "node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"
INSTALLED = HERE.parents[1] / "build" / "vm31" / PACKAGE


@dataclass(frozen=True, slots=True)
class Result:
    """How a script ended, and all it printed; a traceback is the end of it."""

    status: int
    output: str


class Vm31:
    """Runs scripts, each on a fresh VM.

    The VM sees copies of the script, of `search_path` and of every argument that is a file. Its
    heap grows as needed, and it collects garbage only between scripts.
    """

    def __init__(self, node: subprocess.Popen[str], folder: Path) -> None:
        self._node = node
        self._folder = folder

    def run(
        self, script: Path | str, search_path: Sequence[Path] = (), arguments: Sequence[str] = ()
    ) -> Result:
        """Run a script (a file, or source text) to its end."""
        path = script if isinstance(script, Path) else self._written(script)
        request = {
            "script": str(path),
            "path": [str(each) for each in search_path],
            "argv": list(arguments),
            "heap_bytes": 320 * 1024,
        }
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(request) + "\n")
        self._node.stdin.flush()
        return Result(**json.loads(self._node.stdout.readline()))

    def _written(self, source: str) -> Path:
        path = self._folder / "script.py"
        path.write_text(source)
        return path


def missing() -> str:
    """What there is to install first, or nothing."""
    if shutil.which("node") is None:
        return "needs node: apt-get install nodejs npm"
    return "" if INSTALLED.is_file() else "needs the 31-bit VM: `make build/vm31` installs it"


@contextmanager
def started() -> Iterator[Vm31]:
    """A VM for as long as the context lasts; skips the test where it is not installed."""
    if missing():
        pytest.skip(missing())
    command = ["node", str(HERE / "serve.mjs"), str(INSTALLED)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node,
    ):
        yield Vm31(node, Path(folder))
        assert node.stdin is not None
        node.stdin.close()
