"""Every way the host side can fail, one shallow tree by cause, each with its exit code.

An error says what was wrong and where (`str(error)`), and what to do next (`error.hint`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What `tocsin` returns to the shell; the numbers are stable."""

    OK = 0
    FAILURE = 1  # unexpected
    USAGE = 2  # wrong arguments
    NOT_FOUND = 3  # no such handset or port, or more than one
    TRANSPORT = 4  # the link could not be used: busy, no permission, disconnected
    TIMEOUT = 5  # no answer in time
    PROTOCOL = 6  # the two ends do not speak the same language
    AUTH = 7  # not allowed
    DEVICE = 8  # the handset refused
    CONFIG = 9  # a setting or file is invalid; nothing was changed
    UPDATE = 10  # the image was refused or reverted
    VERDICT = 11  # the run or self-test did not pass
    INTERRUPTED = 130  # the user stopped it


class TocsinError(Exception):
    """Root of the tree: `message` is one line of what and where, `hint` one line of what to do."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILURE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(TocsinError):
    """The command was asked for something that does not exist or does not go together."""

    exit_code = ExitCode.USAGE


class NotFoundError(TocsinError):
    """No handset or port there, or more than one."""

    exit_code = ExitCode.NOT_FOUND


class TransportError(TocsinError):
    """The link to the handset could not be used."""

    exit_code = ExitCode.TRANSPORT


class PortBusyError(TransportError):
    """Another program holds the port."""


class PortPermissionError(TransportError):
    """This user may not open the port."""


class DisconnectedError(TransportError):
    """The port went away while in use."""


class ResponseTimeoutError(TocsinError):
    """Nothing answered in time."""

    exit_code = ExitCode.TIMEOUT


class ProtocolError(TocsinError):
    """What arrived is not the protocol, or not what was asked for."""

    exit_code = ExitCode.PROTOCOL


class VersionMismatchError(ProtocolError):
    """The handset speaks another major version of the protocol."""


class AuthError(TocsinError):
    """The handset does not let this user do that."""

    exit_code = ExitCode.AUTH


class DeviceRefusedError(TocsinError):
    """The handset understood and refused; `code` is the schema's FailureCode."""

    exit_code = ExitCode.DEVICE

    def __init__(self, message: str, code: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class ConfigError(TocsinError):
    """A key or value is invalid; nothing was changed."""

    exit_code = ExitCode.CONFIG


class UpdateError(TocsinError):
    """A firmware image was refused or reverted."""

    exit_code = ExitCode.UPDATE
