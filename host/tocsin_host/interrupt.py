"""Ctrl-C: whenever it comes the command ends, with one line and its exit code.

Imported before anything else, so it imports next to nothing.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from tocsin_host.errors import ExitCode

if TYPE_CHECKING:
    from types import TracebackType

_LINE = b"tocsin: interrupted\n"


def ends_the_process() -> None:
    """Have Ctrl-C end this process on the spot, but for the time somebody `Raises` it."""
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGINT, _end)
    sys.unraisablehook = _end_if_lost


def is_cause_of(error: BaseException | None) -> bool:
    """Whether Ctrl-C led to `error`, as of what tidies up in places it had left half-way."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


class Raises:
    """Within, Ctrl-C raises KeyboardInterrupt in the main thread; the second ends the process."""

    def __enter__(self) -> None:
        self._before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, _raise)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)


def _raise(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, _end)
    raise KeyboardInterrupt


def _end(*_: object) -> NoReturn:
    os.write(2, _LINE)
    os._exit(ExitCode.INTERRUPTED)


def _end_if_lost(unraisable: sys.UnraisableHookArgs) -> None:
    """See to a KeyboardInterrupt that fell into a finaliser, from where nothing can raise it."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _end()
    sys.__unraisablehook__(unraisable)
