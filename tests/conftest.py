"""Options and fixtures every test may use."""

from pathlib import Path

import pytest
from hypothesis import settings

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
