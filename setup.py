"""Carry the firmware inside the wheel; everything else is declared in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithFirmware(build_py):
    """Copy `firmware/` to `tocsin_host/_firmware`; an editable install uses the checkout's own."""

    def run(self) -> None:
        """Build the packages, then lay the firmware's sources beside them."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib, "tocsin_host", "_firmware")
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(
                "firmware", target, ignore=shutil.ignore_patterns("__pycache__", "*.pyi")
            )


setup(cmdclass={"build_py": BuildWithFirmware})
