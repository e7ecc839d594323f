"""Who may import whom: the import rules of the house, read from the sources."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "tocsin_protocol": "protocol/tocsin_protocol",
    "tocsin_host": "host/tocsin_host",
    "tocsin_sim": "simulator/tocsin_sim",
    "tocsin_hil": "hil/tocsin_hil",
    "tocsin": "firmware/tocsin",
    "drivers": "firmware/drivers",
    "boards": "firmware/boards",
}
MAY_IMPORT = {
    "tocsin_protocol": set(),
    "tocsin_host": {"tocsin_protocol"},
    "tocsin_sim": {"tocsin_host", "tocsin_protocol"},
    "tocsin_hil": {"tocsin_host", "tocsin_protocol"},
    "tocsin": set(),
    "drivers": {"tocsin"},
    "boards": {"drivers", "tocsin"},
}
# The one place of the rig that starts a simulator.
SIMULATED_TARGET = "hil/tocsin_hil/targets/simulated.py"

# What every MicroPython port carries and the application may use; clocks and pins are injected.
PORTABLE = {
    "array", "asyncio", "binascii", "collections", "errno", "gc", "hashlib", "io", "micropython",
    "os", "struct", "sys",
}  # fmt: skip
MACHINE = {"bluetooth", "esp32", "machine", "rp2", "time"}
TYPING_ONLY = {"typing", "typing_extensions"}


class Imports(ast.NodeVisitor):
    """Collects the modules one file imports, those under TYPE_CHECKING apart."""

    def __init__(self, source: str, package: str) -> None:
        self.run_time: set[str] = set()
        self.typing_only: set[str] = set()
        self._package = package
        self._into = self.run_time
        self.visit(ast.parse(source))

    def visit_Import(self, node: ast.Import) -> None:
        self._into.update(alias.name for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            parents = self._package.split(".")
            base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [base])])
        self._into.add(base)
        self._into.update(f"{base}.{alias.name}" for alias in node.names)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            self._into = self.typing_only
            for statement in node.body:
                self.visit(statement)
            self._into = self.run_time
        else:
            self.generic_visit(node)

    @property
    def all(self) -> set[str]:
        """Return every imported module, dotted."""
        return self.run_time | self.typing_only


def _imports(path: Path) -> Imports:
    package = ".".join(path.parent.relative_to(ROOT).parts[1:])
    return Imports(path.read_text(encoding="utf-8"), package)


def _sources(folder: str, pattern: str = "*.py*") -> Iterator[Path]:
    for path in sorted((ROOT / folder).rglob(pattern)):
        if path.suffix in {".py", ".pyi"}:
            yield path


def _tops(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", PACKAGES)
def test_package_imports_nothing_above_it(package: str) -> None:
    forbidden = set(PACKAGES) - MAY_IMPORT[package] - {package}
    wrong = {
        _name(path): sorted(found)
        for path in _sources(PACKAGES[package])
        if _name(path) != SIMULATED_TARGET and (found := _tops(_imports(path).all) & forbidden)
    }
    assert not wrong


def test_every_package_has_sources() -> None:
    assert all(list(_sources(folder)) for folder in PACKAGES.values())


def test_application_uses_only_what_every_port_carries() -> None:
    wrong = {
        _name(path): sorted(found)
        for path in _sources("firmware/tocsin", "*.py")
        if (found := _tops(_imports(path).run_time) - PORTABLE - {"tocsin"})
    }
    assert not wrong


def test_application_types_come_from_typing_and_itself() -> None:
    wrong = {
        _name(path): sorted(found)
        for path in _sources("firmware/tocsin", "*.py")
        if (found := _tops(_imports(path).typing_only) - PORTABLE - TYPING_ONLY - {"tocsin"})
    }
    assert not wrong


def test_only_drivers_boards_and_the_start_scripts_touch_the_machine() -> None:
    allowed = ("firmware/drivers/", "firmware/boards/", "firmware/fixture/")
    start = {"firmware/boot.py", "firmware/main.py"}
    wrong = [
        _name(path)
        for path in _sources("firmware")
        if _tops(_imports(path).all) & MACHINE
        and not _name(path).startswith(allowed)
        and _name(path) not in start
    ]
    assert not wrong


def test_firmware_never_mentions_a_simulator() -> None:
    wrong = [
        f"{_name(path)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "firmware").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search("simul|tocsin_sim", line, re.IGNORECASE)
    ]
    assert not wrong


def test_board_facts_are_constants_only() -> None:
    allowed = (ast.Assign, ast.AnnAssign, ast.Expr, ast.ImportFrom)
    for path in sorted((ROOT / "firmware/boards").glob("*/facts.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            assert isinstance(node, allowed), f"{_name(path)}:{node.lineno}"
        assert _imports(path).all <= {"micropython", "micropython.const"}, _name(path)


def test_command_root_imports_no_command_group() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {
        target.partition(":")[0] for target in project["entry-points"]["tocsin.commands"].values()
    }
    for root in ("host/tocsin_host/cli/__init__.py", "host/tocsin_host/cli/root.py"):
        assert not _imports(ROOT / root).all & groups, root


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import tocsin_sim.run", {"tocsin_sim.run"}),
        ("def f():\n    from tocsin_hil import plugin", {"tocsin_hil", "tocsin_hil.plugin"}),
        ("from ..wire import Stage", {"tocsin_host.wire", "tocsin_host.wire.Stage"}),
        ("if TYPE_CHECKING:\n    import typing", {"typing"}),
    ],
)
def test_imports_are_found_wherever_they_stand(source: str, found: set[str]) -> None:
    assert Imports(source, "tocsin_host.cli").all == found
