"""The distribution as a user gets it: built from the sdist, installed outside the checkout."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("tocsin_protocol", "tocsin_host", "tocsin_sim", "tocsin_hil")
FOLDERS = ("protocol", "host", "simulator", "hil")

pytestmark = [
    pytest.mark.packaging,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("packaging"),  # one worker builds and installs
]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program with a clean environment; return its stdout, fail with its stderr."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the sdist of a copy of the checkout."""
    folder = tmp_path_factory.mktemp("build")
    copy = folder / "checkout"
    left = shutil.ignore_patterns(".git", ".venv", "build", "dist", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=left)
    run(sys.executable, "-m", "build", "--outdir", folder, copy, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def tocsin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the installed command of a clean virtual environment."""
    folder = tmp_path_factory.mktemp("user")
    run(sys.executable, "-m", "venv", ".", cwd=folder)
    install = ("-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt")
    run(folder / "bin/python", *install, f"{wheel}[sim]", cwd=folder)
    return folder / "bin/tocsin"


def test_wheel_holds_every_source_of_its_packages_and_the_firmware(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT / folder).as_posix()
        for folder, package in zip(FOLDERS, PACKAGES, strict=True)
        for path in (ROOT / folder / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted |= {
        "tocsin_host/_firmware/" + path.relative_to(ROOT / "firmware").as_posix()
        for path in (ROOT / "firmware").rglob("*.py")
    }
    assert wanted
    assert wanted - names == set()


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {*PACKAGES, "tocsin-0.1.0.dist-info"}


def test_installed_command_tells_its_version(tocsin: Path, tmp_path: Path) -> None:
    assert run(tocsin, "--version", cwd=tmp_path) == "tocsin 0.1.0\n"


def test_installed_simulator_runs_a_press_to_an_answered_call(tocsin: Path, tmp_path: Path) -> None:
    timeline = run(tocsin, "sim", "run", "--seed", "1", "--report", "run.html", cwd=tmp_path)
    assert "ANSWERED" in timeline
    assert (tmp_path / "run.html").is_file()
