"""Options and fixtures every test may use."""

from pathlib import Path

import pytest
from hypothesis import settings

from tocsin_host.bytecode import compile_tree

FIRMWARE = Path(__file__).resolve().parents[1] / "firmware"

# A gate says the same thing twice: fixed examples, no deadline on a busy machine.
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register `--shared-data=PATH` (with the sign, or pytest takes PATH for tests)."""
    parser.addoption(
        "--shared-data",
        type=Path,
        metavar="PATH",
        help="folder of recorded logs and published vectors; tests that need it skip without it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a `--shared-data` that names no folder; raises pytest.UsageError."""
    path: Path | None = config.getoption("--shared-data")
    if path is not None and not path.is_dir():
        raise pytest.UsageError(f"--shared-data: {path} is not a folder")


@pytest.fixture(scope="session")
def shared_data(request: pytest.FixtureRequest) -> Path:
    """Return the folder of recorded logs; skip the test when none was given."""
    path: Path | None = request.config.getoption("--shared-data")
    if path is None:
        pytest.skip("needs recorded data: give --shared-data=PATH")
    return path.resolve()


@pytest.fixture(scope="session")
def compiled_firmware() -> Path:
    """Return a folder of the firmware as compiled: from source the heap may not hold it all."""
    sources = sorted((FIRMWARE / "tocsin").rglob("*.py"))
    return compile_tree({str(path.relative_to(FIRMWARE)): path.read_bytes() for path in sources})
