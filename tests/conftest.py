"""Options and fixtures every test may use."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register `--shared-data PATH`."""
    parser.addoption(
        "--shared-data",
        type=Path,
        metavar="PATH",
        help="folder of recorded logs and published vectors; tests that need it skip without it",
    )


@pytest.fixture(scope="session")
def shared_data(request: pytest.FixtureRequest) -> Path:
    """Return the folder of recorded logs; skip the test when none was given.

    Raises pytest.UsageError when the option names no folder.
    """
    path: Path | None = request.config.getoption("--shared-data")
    if path is None:
        pytest.skip("needs recorded data: give --shared-data PATH")
    if not path.is_dir():
        raise pytest.UsageError(f"--shared-data: {path} is not a folder")
    return path.resolve()
