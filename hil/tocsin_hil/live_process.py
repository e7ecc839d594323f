"""A `tocsin sim live` of our own: a child process and the serial ports it offers."""

import contextlib
import json
import select
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin_hil.errors import BlockedError

_TOCSIN = (sys.executable, "-m", "tocsin_host")
_START_S = 30.0
_STOP_S = 10.0


class LiveProcess:
    """Started with further `arguments`; `handset` and `bench` are addresses of serial ports.

    `keys` is the folder with the handset's keys. Raises BlockedError when it does not come up.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tocsin-")
        self.keys = Path(self._folder.name)
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 # closed with the process
        self._process = subprocess.Popen(
            [*_TOCSIN, f"--keys={self.keys}", "sim", "live", "--json", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        try:
            ports = self._announced()
        except BaseException:
            self.close()
            raise
        self.handset: str = ports["handset"]
        self.bench: str = ports["bench"]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def _announced(self) -> dict[str, str]:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _START_S)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self.check(_STOP_S if ready else 0)
            raise BlockedError(f"the live handset did not start within {_START_S:g} s")
        ports: dict[str, str] = json.loads(line)
        return ports

    def check(self, patience_s: float = 0) -> None:
        """Raise BlockedError if it has ended, or ends within `patience_s`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = self._process.wait(patience_s)
            raise BlockedError(f"the live handset ended with status {status}", self._last_words())

    def _last_words(self) -> str:
        self._errors.seek(0)
        return "".join(self._errors.read().splitlines()[-1:])

    def close(self) -> None:
        """End it, by force if need be."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
