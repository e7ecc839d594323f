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
            self._lay_firmware(Path(self.build_lib, "tocsin_host", "_firmware"))

    def _lay_firmware(self, target: Path) -> None:
        shutil.rmtree(target, ignore_errors=True)
        for source in sorted(Path("firmware").rglob("*.py")):
            copy = target / source.relative_to("firmware")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


setup(cmdclass={"build_py": BuildWithFirmware})
