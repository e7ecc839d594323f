"""Pytest plugin of the rig: `--target`, the fixture `bench`, and blocked as an outcome."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tocsin_hil.bench import Bench

_BLOCKED = "blocked"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register what is on the bench."""
    group = parser.getgroup("tocsin", "handset under test")
    group.addoption(
        "--target",
        choices=("sim", "vm"),
        default="sim",
        help="sim: in virtual time, in this process; vm: in real time, over serial ports",
    )
    group.addoption("--board", default="lilygo_t_a7670", help="the handset's board")
    group.addoption(
        "--tocsin-firmware", type=Path, metavar="DIR", help="its firmware, if not the installed one"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a firmware folder that is none; raises pytest.UsageError."""
    firmware: Path | None = config.getoption("--tocsin-firmware")
    if firmware is not None and not (firmware / "boards").is_dir():
        raise pytest.UsageError(f"--tocsin-firmware: {firmware} holds no firmware")


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Bench:
    """Return the bench of the chosen target, to press a handset on."""
    from tocsin_hil.targets import open_bench

    options = request.config.option
    firmware: Path | None = options.tocsin_firmware
    return open_bench(options.target, options.board, firmware.resolve() if firmware else None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note on a test's report, and so in JUnit, that the rig kept it from its verdict."""
    from tocsin_hil.errors import BlockedError

    if call.excinfo is not None and isinstance(call.excinfo.value, BlockedError):
        error = call.excinfo.value
        item.user_properties.append((_BLOCKED, "; ".join(filter(None, (str(error), error.hint)))))
    return (yield)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Count a blocked test as blocked: neither passed nor failed, and never skipped."""
    return (_BLOCKED, "B", "BLOCKED") if _reason(report) else None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List what was blocked, and why."""
    blocked = terminalreporter.getreports(_BLOCKED)
    if blocked:
        terminalreporter.section("blocked by the rig")
    for report in blocked:
        terminalreporter.line(f"{report.nodeid}: {_reason(report)}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    properties = dict(getattr(report, "user_properties", ()))
    return str(properties.get(_BLOCKED, "")) if report.failed else ""
